import { HoldshortError } from '../../kernel/errors.ts';
import type { Head, Lost, Placed } from './port.ts';

const ON = 'nothing runs until an admin looks into it and accepts the log as it is now: `holdshort audit accept`';

export function noHead(size: number): HoldshortError {
  return new HoldshortError(
    'log_not_continued',
    `the log has ${size} ${size === 1 ? 'entry' : 'entries'}, and keys/head.db, which says how far it was seen here, is missing`,
    `on a machine that is new, copy that one file, keys/head.db, from one where this log is used (no other: keys are each one's own); on one that had it, put keys/ back whole; otherwise ${ON}`,
  );
}

export function shorter({ size, at }: Head, now: number): HoldshortError {
  return new HoldshortError(
    'log_not_continued',
    `the log ends with entry ${now}, but ${size} were seen here (the last of ${at}): entries were lost, or an older copy was put back`,
    `put the newest copy back with its -wal file; otherwise ${ON}`,
  );
}

export function notContinued({ size, at }: Head, why: string): HoldshortError {
  return new HoldshortError(
    'log_not_continued',
    `the log is not the one that was seen here (${size} entries, the last of ${at || 'no time'}): ${why}`,
    `run \`holdshort audit verify\`; ${ON}`,
  );
}

/** The attacker is chance: a standby was promoted, or a copy put back, and nobody knows what is missing. */
export function otherServer({ size, at, server }: Placed, now: string | undefined): HoldshortError {
  if (server === undefined)
    return new HoldshortError(
      'log_not_continued',
      `the log was seen in a file (${size} entries, the last of ${at || 'no time'}), and this is ${placeText(now)}: \`holdshort store copy\` isn't through, was taken back or never run`,
      `wait until it is, or run it again as it was; where it was taken back the file is the store, and accepting this would let both run; where the file is gone for good, ${ON}`,
    );
  return new HoldshortError(
    'log_not_continued',
    `the log is now in ${placeText(now)}, and was seen here in ${placeText(server)} (${size} entries, the last of ${at || 'no time'}): a standby was promoted, or a copy put back`,
    `see what the copy lacks; ${ON}`,
  );
}

/** A server by its system identifier, the database's number in it, and the timeline: `serverOf` of PostgreSQL. */
function placeText(server: string | undefined): string {
  const [system, database, timeline] = server?.split('-') ?? [];
  return server === undefined ? 'a file' : `system ${system}, database ${database}, timeline ${timeline}`;
}

/** The attacker is chance: a copy was put where hosts saw an empty log, and nobody knows what was begun in it. */
export function otherLog(size: number): HoldshortError {
  return new HoldshortError(
    'log_not_continued',
    `hosts with this anchor saw an empty log here, and now there is another one, of ${size} entries: it was moved or put here`,
    `where \`holdshort store copy\` moved it, name the \`anchor\` that it was given; otherwise ${ON}`,
  );
}

export function noAnchoredHead(size: number): HoldshortError {
  return new HoldshortError(
    'log_not_continued',
    `the log has ${size} ${size === 1 ? 'entry' : 'entries'}, and the anchor, which says how far any host saw it, holds none`,
    `see that \`anchor\` names the folder that all hosts share, and that it is mounted; where it is new, ${ON}`,
  );
}

export function olderAnchor(anchored: Placed, head: Placed): HoldshortError {
  return new HoldshortError(
    'log_not_continued',
    `the anchor says that ${anchored.size} entries were seen (the last of ${anchored.at || 'no time'}), and here ${head.size} were: it is another folder, or an older copy of it`,
    `see that \`anchor\` names the folder that all hosts share; otherwise ${ON}`,
  );
}

export function gone({ seq, type }: Lost): HoldshortError {
  return new HoldshortError(
    'log_not_continued',
    `entry ${seq}, a ${type} that was seen here, is not in the log any more as it was`,
    `run \`holdshort audit verify\`; ${ON}`,
  );
}

/** Another process has the kept head. What was to be done with it is undone, and may be tried again. */
export class HeadBusy extends HoldshortError {}

/** Says which file it is where SQLite says BUSY; anything else is given back as it is. */
export function headBusy(file: string, error: unknown): unknown {
  if (!(error instanceof Error && 'code' in error && String(error.code).startsWith('SQLITE_BUSY'))) return error;
  return new HeadBusy(
    'store_unavailable',
    `${file}, which says how far the log was seen here, was locked by another process (${error.code})`,
    'nothing was changed; try again, and look for a process that keeps it locked',
    error,
  );
}

export function unreadable({ seq, type }: Lost): HoldshortError {
  return new HoldshortError(
    'log_not_continued',
    `entry ${seq}, a ${type}, is in the log as it was seen here, and holds no statement that can be read`,
    'an admin runs `holdshort audit verify`, and goes on from a copy of the database that was made before that entry',
  );
}
