import type { AuditEvent } from '../../audit/entry.ts';
import { brokenLog, continueLog, type LogEnd, type NewEnd, type Purpose } from '../story/log.ts';
import type { Connection } from './connection.ts';

/** A write transaction that appends to the log. Everything in it happened at one moment, `at`. */
export interface Writing {
  readonly connection: Connection;
  /** ISO 8601 UTC; never before the newest entry. */
  readonly at: string;
  /** How many signed statements the log holds. */
  readonly statements: number;
  /** Appends an entry and returns its sequence number. */
  log(event: AuditEvent): number;
}

const END = `SELECT size, frontier, statements, seq AS newest, text ->> '$.at' AS at
  FROM tree LEFT JOIN entry ON seq = (SELECT max(seq) FROM entry)`;

/**
 * Runs `work` in one durable transaction.
 * @throws clock_went_back unless it only stops something
 * @throws tampered when the newest entry isn't the one that the tree ends with
 */
export function writeLog<T>(connection: Connection, work: (writing: Writing) => T, purpose: Purpose = 'opens'): T {
  return connection.writing(() => {
    const before = connection.get<LogEnd>(END);
    const continued = continueLog(before, connection.clock(), purpose);
    const result = work({
      connection,
      at: continued.at,
      statements: before?.statements ?? 0,
      log(event) {
        const { seq, text, leaf } = continued.append(event);
        connection.run('INSERT INTO entry (seq, text, leaf) VALUES (?, ?, ?)', seq, text, leaf);
        return seq;
      },
    });
    const end = continued.end();
    if (end) store(connection, end, before);
    return result;
  });
}

function store(connection: Connection, end: NewEnd, before: LogEnd | undefined): void {
  const { changes } = connection.run(
    'UPDATE tree SET size = ?, frontier = ?, statements = ?, news = news + ? WHERE size = ?',
    end.size,
    end.frontier,
    end.statements,
    end.news,
    before?.size ?? 0,
  );
  if (changes !== 1) throw brokenLog(before);
}
