import { HoldshortError } from '../../kernel/errors.ts';
import { brokenLog } from '../story/log.ts';

export function unavailable(message: string, recovery: string, cause?: unknown): HoldshortError {
  return new HoldshortError('store_unavailable', message, `nothing was changed; ${recovery}`, cause);
}

/** The commit was sent, and nobody can say whether it came through. */
export function untold(cause: unknown): HoldshortError {
  return new HoldshortError(
    'store_unavailable',
    'the connection to the database broke while this was committed, and the database can not be asked whether it was',
    'it was written whole, or not at all: read it again before doing anything once more',
    cause,
  );
}

const LOOK = "look at the database server and at the way to it; `holdshort store check` says what doesn't fit";
const CERTIFICATE =
  'see that the address is right, that the server has a certificate for this name, and that sslrootcert names its authority';
const DAMAGE = 'keep a copy of the database as it is, run `holdshort audit verify`, and go on from a backup';

/** By SQLSTATE, the first prefix that fits. */
const STATES: readonly (readonly [string, string, string])[] = [
  [
    '55P03',
    'was locked by another writer for too long',
    'try again; one that keeps it locked is ended as docs/store.md says',
  ],
  ['57014', 'took too long', 'try again'],
  ['25006', 'only reads: it is a standby, or was made read-only', 'connect to the primary'],
  ['28', 'does not let this login in', 'see its name, its password file or certificate, and pg_hba.conf'],
  ['3D000', 'is not there', 'see its name in the address of the store'],
  ['42501', 'does not let this login do that', 'grant it the role that it is meant to have (docs/store.md)'],
  ['53', 'has no room, memory or connections left', 'make room, then try again'],
  ['54', 'can not hold a value of this size', 'ask for a smaller change'],
  ['08', 'can not be reached', LOOK],
  ['57', 'is shutting down or starting', 'try again'],
  ['25', 'ended the transaction', 'try again'],
  ['58', 'can not be read or written', 'look at its disk'],
  ['HS004', 'refused a write that its rules forbid', DAMAGE],
  ['HS005', 'does not let this login write that', 'grant it the role that it is meant to have (docs/store.md)'],
  ['23', 'refused a write that its rules forbid', DAMAGE],
  ['22', 'is not as holdshort made it', DAMAGE],
  ['42', 'is not as holdshort made it', DAMAGE],
  ['XX', 'is damaged', DAMAGE],
  // Statements that were prepared before a migration.
  ['0A', 'was changed under this process', 'start it again'],
  ['', 'refused', LOOK],
];

/** Turns what the driver and the server say into the store's own errors; everything else goes through as it is. */
export function storeFailure(error: unknown): unknown {
  if (error instanceof HoldshortError) return error;
  const code = codeOf(error);
  if (isLost(error)) return unavailable(`the database can not be reached (${code ?? messageOf(error)})`, LOOK, error);
  if (isUntrusted(error, code))
    return unavailable(
      `the database is not believed to be the right one (${code ?? messageOf(error)})`,
      CERTIFICATE,
      error,
    );
  if (code === undefined) return error;
  if (isFullOfNews(error))
    return unavailable(
      'the database has no room for word of one more commit: a session that listens has not taken any for long',
      'end the session that has LISTEN and an old transaction (pg_stat_activity), then try again',
      error,
    );
  if (code === 'HS001') return brokenLog(undefined);
  if (code === 'HS006')
    return new HoldshortError(
      'invalid_input',
      `the log takes no entry that is written like this (${messageOf(error)})`,
      'nothing was changed; ask for less, or without unusual names and numbers, and report it as a defect',
      error,
    );
  if (code === '23505' || code === 'HS003' || isContention(error))
    return new HoldshortError('conflict', 'somebody else changed it first', 'read it again, then decide anew', error);
  const found = /^[0-9A-Z]{5}$/.test(code) ? STATES.find(([prefix]) => code.startsWith(prefix)) : undefined;
  return found ? unavailable(`the database ${found[1]} (${code}: ${messageOf(error)})`, found[2], error) : error;
}

/**
 * By code alone: a name with two addresses of which neither answers is an AggregateError, and an end in the middle of
 * the TLS handshake an error of the TLS layer; neither names a system call.
 */
const LOST: ReadonlySet<string> = new Set([
  'EADDRNOTAVAIL',
  'EAI_AGAIN',
  'EAI_FAIL',
  'ECONNABORTED',
  'ECONNREFUSED',
  'ECONNRESET',
  'EHOSTDOWN',
  'EHOSTUNREACH',
  'EMFILE',
  'ENETDOWN',
  'ENETRESET',
  'ENETUNREACH',
  'ENFILE',
  'ENOBUFS',
  'ENOTCONN',
  'ENOTFOUND',
  'EPIPE',
  'EPROTO',
  'ETIMEDOUT',
]);
const NO_SOCKET: ReadonlySet<string> = new Set(['ENOENT', 'EACCES', 'EPERM', 'ENOTSOCK', 'EAGAIN']);

/** Is the connection gone, so that nothing more is to be had by it? */
export function isLost(error: unknown): boolean {
  const code = codeOf(error);
  if (code !== undefined && /^(08...|57P0[1-5]|25P03)$/.test(code)) return true;
  if (code !== undefined && (LOST.has(code) || (NO_SOCKET.has(code) && isOfConnect(error)))) return true;
  return (
    error instanceof Error &&
    /^(Connection terminated|Query read timeout|timeout e|Client has encountered|Client was closed)/.test(error.message)
  );
}

/**
 * Two met at the same rows, or the clock was set between two looks at it: made again, it goes through, or says why not.
 */
export function isContention(error: unknown): boolean {
  const code = codeOf(error);
  return code === '40001' || code === '40P01' || code === 'HS002';
}

/** Something stands in the way of what was to be written at once; it was not. */
export function isHindered(error: unknown): boolean {
  return codeOf(error) === 'HS007';
}

/** What stands at the other end has no certificate, or one that isn't for it. */
function isUntrusted(error: unknown, code: string | undefined): boolean {
  if (code !== undefined) return /^(CERT_|UNABLE_TO_|DEPTH_ZERO_|SELF_SIGNED_|HOSTNAME_|ERR_TLS_|ERR_SSL_)/.test(code);
  return error instanceof Error && error.message.includes('does not support SSL');
}

function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}

/** A socket's file, not one of certificates. */
function isOfConnect(error: unknown): boolean {
  return error instanceof Error && 'syscall' in error && error.syscall === 'connect';
}

/** Every commit tells of itself; the queue of what isn't taken yet is full. */
function isFullOfNews(error: unknown): boolean {
  return (
    codeOf(error) === '54000' && error instanceof Error && 'routine' in error && error.routine === 'PreCommit_Notify'
  );
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
