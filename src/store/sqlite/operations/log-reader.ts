import type { StoredEntry } from '../../../audit/log.ts';
import { type LogReader, MOST_BYTES, type ReadLog } from '../../head/following.ts';
import type { Connection } from '../connection.ts';
import { readHead } from './read-log.ts';

/**
 * By primary key alone: anyone who writes the database can empty an index, so that what it doesn't list isn't found.
 */
const ENTRIES = 'SELECT seq, text, leaf FROM entry NOT INDEXED WHERE seq BETWEEN ? AND ? ORDER BY seq';

/** As long as a page of them may be. */
const FITTING = `SELECT max(seq) AS last FROM (SELECT seq, sum(octet_length(text)) OVER (ORDER BY seq) AS bytes
  FROM entry NOT INDEXED WHERE seq BETWEEN ? AND ?) WHERE bytes <= ${MOST_BYTES}`;

/** The log as the kept head reads it. */
export function logReader(connection: Pick<Connection, 'get' | 'all'>): LogReader {
  return {
    server: undefined,
    // The log's moment begins with what is read of it first, which comes after the head.
    seen() {},
    tree() {
      const { frontier, ...rest } = readHead(connection);
      return { ...rest, peaks: frontier };
    },
    fitting: (from, to) =>
      to <= from ? to : Math.max(from, connection.get<{ last: number | null }>(FITTING, from, to)?.last ?? from),
    entries: (from, to) => connection.all(ENTRIES, from, to),
    those: (seqs) => seqs.flatMap((seq) => connection.all<StoredEntry>(ENTRIES, seq, seq)),
  };
}

export function ofOneMoment(connection: Connection): ReadLog {
  return (work) => connection.reading(() => work(logReader(connection)));
}
