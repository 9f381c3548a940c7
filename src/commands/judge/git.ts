import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { sha256 } from '../../kernel/digest.ts';
import { HoldshortError } from '../../kernel/errors.ts';
import { bounded, safeText } from '../../kernel/safe-text.ts';

/*
 * The attacker wrote the repository, with its `.git/config` and `.gitattributes`, and hopes that looking at it runs
 * something. So only commands are asked that read objects and run nothing of their own (no log, no show, no status, no
 * patch), by lists of arguments and never through a shell; and what a repository could still name is turned off:
 * monitors and hooks, fetching what is missing (by any helper), and a repository that hides in a folder of another.
 */
const GUARDS = [
  '--no-pager',
  '--no-optional-locks',
  '--no-replace-objects',
  ...[
    'core.fsmonitor=false',
    'core.hooksPath=/dev/null',
    'safe.bareRepository=explicit',
    'protocol.allow=never',
  ].flatMap((setting) => ['-c', setting]),
];

/** Nothing of ours but where programs and the user's own settings are, which say whose repositories git trusts. */
function environment(): NodeJS.ProcessEnv {
  const { PATH, HOME, XDG_CONFIG_HOME } = process.env;
  const own = { ...(HOME && { HOME }), ...(XDG_CONFIG_HOME && { XDG_CONFIG_HOME }), ...(PATH && { PATH }) };
  // Git asks the variable before the setting, so that both are needed; older ones know no GIT_NO_LAZY_FETCH.
  return { ...own, LC_ALL: 'C', GIT_TERMINAL_PROMPT: '0', GIT_NO_LAZY_FETCH: '1', GIT_ALLOW_PROTOCOL: 'none' };
}

export interface Git {
  /** What a command prints, once it is done. @throws planning_failed with what git says */
  run(args: readonly string[], input?: string): Promise<string>;
  /** The text of an object; undefined where it is larger than `limit` bytes. @throws planning_failed: it isn't there */
  object(id: string, limit: number): Promise<string | undefined>;
  close(): void;
}

/** @param folder in which git is asked, inside of the repository */
export function gitIn(folder: string): Git {
  const start = (args: readonly string[]) =>
    spawn('git', [...GUARDS, ...args], { cwd: folder, env: environment(), stdio: 'pipe' });
  let reader: ObjectReader | undefined;
  return {
    async run(args, input = '') {
      const child = start(args);
      // A command that ends early leaves nobody to read; why it did is in its exit code.
      child.stdin.on('error', () => {});
      child.stdin.end(input);
      const [code, out, said] = await Promise.all([ended(child), text(child.stdout), text(child.stderr)]);
      if (code === 0) return out;
      throw new HoldshortError(
        'planning_failed',
        `git can't read ${safeText(folder)}: ${bounded(said.trim() || `exit ${code}`, 600, sha256)}`,
        'give a file or a folder in a git repository that you trust git to read',
      );
    },
    async object(id, limit) {
      reader ??= objectReader(start(['cat-file', '--batch']));
      return await reader.read(id, limit);
    },
    close: () => reader?.close(),
  };
}

function ended(child: ChildProcessWithoutNullStreams): Promise<number | null> {
  return new Promise((resolve, reject) => {
    child.once('error', (cause) =>
      reject(new HoldshortError('planning_failed', `git doesn't start: ${cause.message}`, 'install git', cause)),
    );
    child.once('close', resolve);
  });
}

interface ObjectReader {
  read(id: string, limit: number): Promise<string | undefined>;
  close(): void;
}

/** One process for all objects: https://git-scm.com/docs/git-cat-file#_batch_output */
function objectReader(child: ChildProcessWithoutNullStreams): ObjectReader {
  const over = ended(child).then(() => undefined);
  child.stdin.on('error', () => {});
  child.stderr.resume();
  const chunks = child.stdout[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
  let left = Buffer.alloc(0);
  const more = async () => {
    const { value, done } = await chunks.next();
    if (done) {
      await over;
      throw new HoldshortError('planning_failed', 'git ended before its answer', 'check the repository: git fsck');
    }
    left = Buffer.concat([left, value]);
  };
  const line = async () => {
    while (!left.includes(10)) await more();
    const end = left.indexOf(10);
    const text = left.subarray(0, end).toString('utf8');
    left = left.subarray(end + 1);
    return text;
  };
  return {
    async read(id, limit) {
      child.stdin.write(`${id}\n`);
      const size = Number(/^[0-9a-f]+ (?:blob|commit) (\d+)$/.exec(await line())?.[1] ?? Number.NaN);
      if (Number.isNaN(size))
        throw new HoldshortError(
          'planning_failed',
          'what was in it is not in this repository, and nothing is fetched',
          'fetch the whole repository',
        );
      const parts: Buffer[] = [];
      // Of one that is too large nothing is kept.
      for (let missing = size + 1; missing > 0; ) {
        if (left.length === 0) await more();
        const part = left.subarray(0, missing);
        left = left.subarray(part.length);
        missing -= part.length;
        if (size <= limit) parts.push(part);
      }
      return size > limit ? undefined : Buffer.concat(parts).subarray(0, size).toString('utf8');
    },
    close: () => void child.kill(),
  };
}
