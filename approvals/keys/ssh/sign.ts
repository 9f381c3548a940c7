import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sha256 } from '../../../src/kernel/digest.ts';
import { HoldshortError } from '../../../src/kernel/errors.ts';
import { bounded } from '../../../src/kernel/safe-text.ts';
import { SSH_NAMESPACE } from '../../../src/kernel/ssh-signature.ts';

/** How a signature is asked for. */
export interface SshSigning {
  /** The private key, or the public one of a key that the agent holds; undefined: only the agent can have it. */
  readonly file: string | undefined;
  /** `type base64` */
  readonly publicKey: string;
  readonly securityKey: boolean;
  /** PATH, SSH_AUTH_SOCK, HOME… */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** A person may be asked for a passphrase or PIN, at this process's own terminal. */
  readonly interactive: boolean;
  readonly timeoutMs?: number | undefined;
}

const TIMEOUT_MS = 120_000;

/**
 * Has `ssh-keygen` sign these bytes in our namespace. What it says is not believed: the one who records the signature
 * checks it against the enrolled key. No shell is run, and every path is absolute, so that no name is taken for an
 * option.
 * @returns the armored signature
 * @throws key_invalid
 * @throws not_confirmed when nobody touched or answered in time
 */
export async function signWithSsh(message: Uint8Array, how: SshSigning): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'holdshort-ssh-'));
  try {
    const file = join(folder, 'statement');
    const key = how.file ?? join(folder, 'key.pub');
    await writeFile(file, message, { mode: 0o600 });
    if (how.file === undefined) await writeFile(key, `${how.publicKey}\n`, { mode: 0o600 });
    const { code, said, late } = await run(['-Y', 'sign', '-n', SSH_NAMESPACE, '-f', key, file], how);
    if (late) throw tooLate(how);
    const signature = code === 0 ? await readFile(`${file}.sig`, 'utf8').catch(() => undefined) : undefined;
    if (signature !== undefined) return signature;
    throw failure(said, key, how);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

interface Ran {
  readonly code: number | null;
  readonly said: string;
  readonly late: boolean;
}

function run(args: readonly string[], { env, interactive, timeoutMs = TIMEOUT_MS }: SshSigning): Promise<Ran> {
  return new Promise((resolve, reject) => {
    const child = spawn('ssh-keygen', args, {
      // It asks for a passphrase at the terminal, and only where there is one; nothing may wait for a window that
      // nobody sees.
      stdio: [interactive ? 'inherit' : 'ignore', 'ignore', 'pipe'],
      detached: !interactive,
      env: interactive ? { ...env } : { ...env, SSH_ASKPASS_REQUIRE: 'never' },
    });
    let said = '';
    let late = false;
    const timer = setTimeout(() => {
      late = true;
      child.kill('SIGKILL');
    }, timeoutMs);
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      said = (said + text).slice(0, 4000);
    });
    child.once('error', (cause) => {
      clearTimeout(timer);
      reject(
        new HoldshortError(
          'key_invalid',
          "ssh-keygen can't be run, so nothing was signed",
          'install OpenSSH 8.2 or newer and see that ssh-keygen is on the PATH, or decide with a key file of ours',
          cause,
        ),
      );
    });
    child.once('exit', (code) => {
      clearTimeout(timer);
      resolve({ code, said, late });
    });
  });
}

function tooLate({ securityKey }: SshSigning): HoldshortError {
  const what = securityKey ? 'the security key was not touched in time' : 'ssh-keygen did not sign in time';
  return new HoldshortError('not_confirmed', `${what}, so nothing was signed`, 'try again');
}

/** By what OpenSSH says; other words in another version only make the error less exact. */
function failure(said: string, key: string, { file, securityKey, env }: SshSigning): HoldshortError {
  const invalid = (message: string, recovery: string) => new HoldshortError('key_invalid', message, recovery);
  const words = bounded(said.replace(/\s+/g, ' ').trim(), 300, sha256);
  if (/No private key found|no such identity/i.test(said)) {
    const agent = env.SSH_AUTH_SOCK ? 'the agent at SSH_AUTH_SOCK does not hold it' : 'no agent runs (SSH_AUTH_SOCK)';
    const which = file === undefined ? 'this SSH key' : file;
    return invalid(
      `the private key of ${which} is not beside it, and ${agent}`,
      'add it to the agent with ssh-add, or say --ssh FILE with the private key',
    );
  }
  if (/agent refused/i.test(said))
    return new HoldshortError(
      'not_confirmed',
      'the SSH agent refused to sign, so nothing was signed',
      'confirm it where the agent asks, or unlock the agent (ssh-add -X)',
    );
  if (/incorrect passphrase/i.test(said) && !securityKey)
    return invalid(
      `${key} does not open with this passphrase`,
      'try again; without a terminal, let an agent hold the key (ssh-add)',
    );
  if (/bad permissions|unprotected private key/i.test(said))
    return invalid(`${key} is open to other users`, `chmod 600 ${key}; if somebody else may have read it, revoke it`);
  if (securityKey)
    return new HoldshortError(
      'not_confirmed',
      `the security key did not sign (${words}), so nothing was signed`,
      'plug it in, touch it when it blinks, give its PIN where it asks, then try again',
    );
  return invalid(`ssh-keygen did not sign with ${key} (${words})`, 'see that the file is the key that was enrolled');
}
