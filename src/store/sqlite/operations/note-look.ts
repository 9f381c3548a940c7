import type { Look } from '../../port.ts';
import { isNewLook, type KnownLook, LOOKS, looked, looksSince } from '../../story/looking.ts';
import type { Row } from '../../story/row.ts';
import type { Connection } from '../connection.ts';
import { writeLog } from '../log-writer.ts';
import { rowOf } from '../ticket-rows.ts';

const KNOWN = `SELECT text ->> '$.actor' AS door, text ->> '$.detail.claimed' AS claimed FROM entry
  WHERE ticket = ? AND text ->> '$.type' = 'review.opened' AND text ->> '$.at' > ? LIMIT ${LOOKS}`;

/** The ticket, where this look at it is one that the log doesn't tell of yet. */
export function newLook(connection: Connection, look: Look, now: number): Row | undefined {
  const row = rowOf(connection, look.ticket);
  const known = connection.all<KnownLook>(KNOWN, look.ticket, looksSince(now));
  return isNewLook(row, known, look) ? row : undefined;
}

export function noteLook(connection: Connection, look: Look): void {
  writeLog(connection, (writing) => {
    // Another one may have written it since.
    const row = newLook(connection, look, Date.parse(writing.at));
    if (row) writing.log(looked(row, look));
  });
}
