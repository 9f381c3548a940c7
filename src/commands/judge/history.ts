import { stat } from 'node:fs/promises';
import { basename, dirname, resolve } from 'node:path';
import { HoldshortError } from '../../kernel/errors.ts';
import { safeText } from '../../kernel/safe-text.ts';
import type { Git } from './git.ts';

/** A file that a commit changed. Ids are git's, of what was in it and what is. */
export interface FileChange {
  readonly commit: string;
  /** When it was committed, in seconds since 1970. */
  readonly at: number;
  /** From the top of the repository. */
  readonly file: string;
  /** Its name before, where that was another one. */
  readonly renamed_from?: string;
  /** Undefined for a file that is new. */
  readonly before: string | undefined;
  readonly after: string;
}

export interface History {
  readonly commits: number;
  /** Newest first. */
  readonly changes: readonly FileChange[];
  /** The history is cut off: what its oldest commit changed isn't known. */
  readonly shallow: boolean;
}

/** Names that templates have. A file that is asked for by name may have any. */
const ENDINGS = ['json', 'yaml', 'yml', 'template', 'cfn'];
/** Files that are paired as renamed in one commit; git gives up beyond. */
const RENAMES = 1_000;

/** The folder in which git is to be asked about a path, and the file in it, where it is one. @throws usage */
export async function placeOf(path: string): Promise<{ readonly folder: string; readonly file: string | undefined }> {
  const whole = resolve(path);
  try {
    return (await stat(whole)).isDirectory()
      ? { folder: whole, file: undefined }
      : { folder: dirname(whole), file: basename(whole) };
  } catch (cause) {
    throw new HoldshortError(
      'usage',
      `can't read ${safeText(path)}`,
      'give a file or a folder in a git repository',
      cause,
    );
  }
}

/**
 * What the commits of the present branch changed, each against its first parent: what was merged counts as it was
 * merged, once.
 * @param since ISO 8601
 */
export async function historyOf(git: Git, file: string | undefined, since: string): Promise<History> {
  const inside = (await git.run(['rev-parse', '--show-prefix'])).replace(/\n$/, '');
  const shallow = (await git.run(['rev-parse', '--is-shallow-repository'])).trim() === 'true';
  const listed = await git.run([
    'rev-list',
    '--first-parent',
    '--parents',
    '--timestamp',
    `--max-age=${Math.floor(Date.parse(since) / 1000)}`,
    'HEAD',
    '--',
  ]);
  const commits = listed.split('\n').flatMap((line) => {
    const [at, commit, parent] = line.split(' ');
    return at && commit ? [{ at: Number(at), commit, parent }] : [];
  });
  // Where the history is cut off, a commit without a parent would seem to have made everything.
  const known = commits.filter(({ parent }) => parent !== undefined || !shallow);
  const names = ENDINGS.map((ending) => `:(top,glob,icase)**/*.${ending}`);
  const raw = await git.run(
    [
      ...['diff-tree', '--stdin', '-r', '-z', '--raw', '--no-abbrev', '--root', '-M', `-l${RENAMES}`],
      ...['--no-ext-diff', '--no-textconv', '--', ...names],
      ...(file === undefined ? [] : [`:(top,literal)${inside}${file}`]),
    ],
    known.map(({ commit, parent }) => `${commit}${parent === undefined ? '' : ` ${parent}`}\n`).join(''),
  );
  const changes = changesIn(raw, new Map(known.map(({ commit, at }) => [commit, at])));
  return {
    commits: commits.length,
    changes:
      file === undefined ? changes.filter((change) => change.file.startsWith(inside)) : ofFile(changes, inside + file),
    shallow,
  };
}

/** A file under the names that it had, from the newest back. */
function ofFile(changes: readonly FileChange[], file: string): readonly FileChange[] {
  let name = file;
  return changes.filter((change) => {
    if (change.file !== name) return false;
    name = change.renamed_from ?? name;
    return true;
  });
}

/** https://git-scm.com/docs/git-diff-tree#_raw_output_format: with `-z` nothing in a name can end it but NUL. */
function changesIn(raw: string, times: ReadonlyMap<string, number>): readonly FileChange[] {
  const found: FileChange[] = [];
  const parts = raw.split('\0').values();
  const next = () => parts.next().value ?? '';
  let commit = '';
  for (const part of parts) {
    const [, mode = '', before = '', after = '', status = ''] =
      /^:\d{6} (\d{6}) ([0-9a-f]+) ([0-9a-f]+) ([A-Z])\d*$/.exec(part) ?? [];
    if (status === '') {
      commit = part;
      continue;
    }
    const first = next();
    const file = status === 'R' || status === 'C' ? next() : first;
    // A deleted file says nothing of what became of its stack; links and submodules are no templates.
    if (status === 'D' || !mode.startsWith('100')) continue;
    found.push({
      commit,
      at: times.get(commit) ?? 0,
      file,
      after,
      ...(status === 'R' ? { renamed_from: first } : {}),
      before: status === 'A' || status === 'C' ? undefined : before,
    });
  }
  return found;
}
