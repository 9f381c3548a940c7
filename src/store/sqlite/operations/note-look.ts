import type { Look } from '../../port.ts';
import type { Connection } from '../connection.ts';
import { writeLog } from '../log-writer.ts';
import { aboutTicket } from '../moves.ts';
import { rowOf } from '../ticket-rows.ts';

const HOUR_MS = 3_600_000;
/**
 * The most looks at one ticket that are noted within an hour: someone who reloads a page, or asks under ever new names,
 * doesn't fill the log.
 */
const MOST = 12;

const LOOKS = `SELECT text ->> '$.actor' AS door, text ->> '$.detail.claimed' AS claimed FROM entry
  WHERE ticket = ? AND text ->> '$.type' = 'review.opened' AND text ->> '$.at' > ? LIMIT ${MOST}`;

/** Is this look one that the log doesn't tell of yet, of a ticket that someone can still decide? */
export function isNewLook(connection: Connection, { ticket, door, claimed }: Look, now: number): boolean {
  const { state } = rowOf(connection, ticket);
  if (state !== 'pending' && state !== 'approved') return false;
  const since = new Date(now - HOUR_MS).toISOString();
  const looks = connection.all<{ readonly door: string; readonly claimed: string | null }>(LOOKS, ticket, since);
  return looks.length < MOST && !looks.some((one) => one.door === door && one.claimed === (claimed ?? null));
}

/** Nobody proved who they are by looking: the actor is the door that they came by. */
export function noteLook(connection: Connection, look: Look): void {
  writeLog(connection, (writing) => {
    // Another one may have written it since.
    if (!isNewLook(connection, look, Date.parse(writing.at))) return;
    const about = aboutTicket(rowOf(connection, look.ticket));
    writing.log({ type: 'review.opened', actor: look.door, ...about, detail: { claimed: look.claimed } });
  });
}
