import { open, readdir } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { sha256 } from '../../../src/kernel/digest.ts';
import { HoldshortError } from '../../../src/kernel/errors.ts';
import { bounded } from '../../../src/kernel/safe-text.ts';
import { readSshKey, sshFingerprint } from '../../../src/kernel/ssh-signature.ts';

/** An SSH key as it lies in a file: the public key, or the private one with the public half in clear. */
export interface SshKeyFile {
  /** Absolute, so that it can't be taken for an option. */
  readonly path: string;
  /** `type base64` */
  readonly publicKey: string;
  /** Fingerprint, as `ssh-keygen -l` prints it. */
  readonly id: string;
  /** Whether it is touched for each signature. */
  readonly securityKey: boolean;
}

/** More than any key file has: a mistyped path may lead to anything. */
const LONGEST = 64 * 1024;

/**
 * @throws key_invalid for what can't be read, isn't a key, or is a key that can't be enrolled, with what to do instead
 */
export async function readSshKeyFile(file: string): Promise<SshKeyFile> {
  const path = resolve(file);
  const publicKey = publicKeyIn(await textOf(path), path);
  const key = readSshKey(publicKey);
  if (!key) throw unusable(path, publicKey);
  return { path, publicKey, id: sshFingerprint(key), securityKey: key.application !== undefined };
}

async function textOf(path: string): Promise<string> {
  try {
    const file = await open(path);
    try {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(LONGEST), 0, LONGEST, 0);
      return buffer.toString('latin1', 0, bytesRead);
    } finally {
      await file.close();
    }
  } catch (cause) {
    throw new HoldshortError(
      'key_invalid',
      `the SSH key ${path} can't be read`,
      'give the path of a public key file, such as ~/.ssh/id_ed25519.pub, or of the private key beside it',
      cause,
    );
  }
}

function publicKeyIn(text: string, path: string): string {
  if (/^-----BEGIN OPENSSH PRIVATE KEY-----/.test(text)) return publicHalf(text, path);
  if (/^-----BEGIN [A-Z ]*PRIVATE KEY-----/.test(text))
    throw new HoldshortError(
      'key_invalid',
      `${path} is a private key in an older format, which does not show its public half`,
      `name its public key file instead: ${path}.pub`,
    );
  const lines = text.split(/\r?\n/).filter((line) => line.trim() !== '' && !line.startsWith('#'));
  const [line = '', another] = lines;
  if (another !== undefined && /^[a-z0-9@.-]+ AAAA/.test(line))
    throw new HoldshortError(
      'key_invalid',
      `${path} holds more than one key`,
      'put the one that is meant into a file of its own',
    );
  const [, publicKey] = /^\s*([a-z0-9@.-]+ AAAA[A-Za-z0-9+/=]+)(?:\s|$)/.exec(line) ?? [];
  if (publicKey !== undefined) return publicKey;
  throw new HoldshortError(
    'key_invalid',
    `${path} is not an SSH key`,
    'give the path of a public key file, such as ~/.ssh/id_ed25519.pub',
  );
}

/**
 * https://github.com/openssh/openssh-portable/blob/master/PROTOCOL.key: the public key comes in clear before what is
 * encrypted.
 */
function publicHalf(text: string, path: string): string {
  try {
    const body = text.replace(/-----[A-Z ]+-----/g, '').replace(/\s/g, '');
    const data = Buffer.from(body, 'base64');
    let at = 'openssh-key-v1\0'.length;
    if (data.toString('latin1', 0, at) !== 'openssh-key-v1\0') throw new RangeError('another format');
    const field = () => {
      const length = data.readUInt32BE(at);
      at += 4 + length;
      if (at > data.length) throw new RangeError('the data ends early');
      return data.subarray(at - length, at);
    };
    for (const _ of ['cipher', 'kdf', 'kdf options']) field();
    at += 4; // how many keys; OpenSSH writes one
    const blob = field();
    return `${blob.toString('latin1', 4, 4 + blob.readUInt32BE(0))} ${blob.toString('base64')}`;
  } catch (cause) {
    throw new HoldshortError(
      'key_invalid',
      `${path} is not a private key that can be read`,
      `name its public key file instead: ${path}.pub`,
      cause,
    );
  }
}

const USE_INSTEAD =
  'make one that can: ssh-keygen -t ed25519 (or -t ed25519-sk -O verify-required, for a security key)';

function unusable(path: string, publicKey: string): HoldshortError {
  const type = bounded(publicKey.split(' ')[0] ?? '', 60, sha256);
  const why = type.includes('-cert-')
    ? 'is a certificate: what it says of its owner is for others to check'
    : 'is of a kind that can not be enrolled (ed25519 and ecdsa nistp256 can, and security keys of both)';
  return new HoldshortError('key_invalid', `${path} (${type}) ${why}`, USE_INSTEAD);
}

/** The file in ~/.ssh that holds this public key; undefined where none does. */
export async function findSshKeyFile(publicKey: string, env: Readonly<Record<string, string | undefined>>) {
  const home = homeOf(env);
  if (home === undefined) return undefined;
  const folder = join(home, '.ssh');
  const names = await readdir(folder).catch(() => []);
  for (const name of names.filter((one) => one.endsWith('.pub'))) {
    const found = await readSshKeyFile(join(folder, name)).catch(() => undefined);
    if (found?.publicKey === publicKey) return found.path;
  }
  return undefined;
}

/** Undefined for a user that neither the environment nor passwd gives one. */
function homeOf({ HOME }: Readonly<Record<string, string | undefined>>): string | undefined {
  try {
    return HOME || homedir();
  } catch {
    return undefined;
  }
}
