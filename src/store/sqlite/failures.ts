import { HoldshortError } from '../../kernel/errors.ts';

interface Where {
  readonly file: string;
  readonly busyTimeoutMs: number;
}

/** Turns what SQLite and the file system throw into the store's own errors; everything else goes through as it is. */
export function storeFailure(error: unknown, where: Where): unknown {
  const code = codeOf(error);
  if (error instanceof HoldshortError || code === undefined) return error;
  // A rule of the database, or a unique key, that an operation ran into: someone else was faster.
  if (code === 'SQLITE_CONSTRAINT_UNIQUE' || code === 'SQLITE_CONSTRAINT_PRIMARYKEY')
    return new HoldshortError('conflict', 'somebody else changed it first', 'read it again, then decide anew', error);
  const found = UNAVAILABLE.find(([prefix]) => code.startsWith(prefix));
  if (!found)
    return isSystemError(error)
      ? unavailable(`the database ${where.file} can not be used (${code})`, MODES, error)
      : error;
  const [, what, recovery] = found;
  const waited = code.startsWith('SQLITE_BUSY') ? ` for ${where.busyTimeoutMs} ms` : '';
  return unavailable(`the database ${where.file} ${what}${waited} (${code})`, recovery, error);
}

export function unavailable(message: string, recovery: string, cause?: unknown): HoldshortError {
  return new HoldshortError('store_unavailable', message, `nothing was changed; ${recovery}`, cause);
}

const MODES = 'see that this user may write the file and its folder';
const SPACE = 'make room on the disk, then try again';
const DAMAGE = 'keep a copy of the folder as it is, run `holdshort audit verify`, and go on from a backup';

/** By prefix of the code, the first that fits. */
const UNAVAILABLE: readonly (readonly [string, string, string])[] = [
  ['SQLITE_BUSY', 'was locked by another process', 'try again, and look for a process that keeps it locked'],
  ['SQLITE_LOCKED', 'is locked', 'try again'],
  ['SQLITE_FULL', 'has no room left', SPACE],
  ['SQLITE_READONLY', 'is read-only', MODES],
  ['SQLITE_PERM', 'may not be accessed', MODES],
  ['SQLITE_AUTH', 'may not be accessed', MODES],
  ['SQLITE_CANTOPEN', 'can not be opened', MODES],
  ['SQLITE_IOERR', 'can not be read or written', 'look at the disk'],
  ['SQLITE_CORRUPT', 'is damaged', DAMAGE],
  ['SQLITE_NOTADB', 'is not a database', DAMAGE],
  ['SQLITE_CONSTRAINT', 'refused a write that its rules forbid', DAMAGE],
  // A table, column or index is missing, or a stored text isn't JSON any more: not the database that we made.
  ['SQLITE_ERROR', 'is not as holdshort made it', DAMAGE],
  ['SQLITE_SCHEMA', 'is not as holdshort made it', DAMAGE],
  ['SQLITE_NOMEM', 'needs more memory than there is', 'free some memory, then try again'],
  ['SQLITE_TOOBIG', 'can not hold a value of this size', 'ask for a smaller change'],
  ['ENOSPC', 'has no room left', SPACE],
  ['EDQUOT', 'has no room left', SPACE],
  ['EACCES', 'may not be accessed', MODES],
  ['EPERM', 'may not be accessed', MODES],
  ['EROFS', 'is read-only', MODES],
  ['EEXIST', 'has a file where its folder should be', MODES],
  ['ENOTDIR', 'has a file where its folder should be', MODES],
  ['EISDIR', 'is a folder', MODES],
  ['EMFILE', 'can not be opened: too many open files', 'close some, then try again'],
  ['EIO', 'can not be read or written', 'look at the disk'],
  ['ENOENT', 'is gone', 'put it back from a backup'],
];

function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}

/** From the file system: has a `syscall` beside its code. */
function isSystemError(error: unknown): boolean {
  return error instanceof Error && 'syscall' in error;
}
