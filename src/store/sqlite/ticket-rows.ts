import { z } from 'zod';
import type { StoredEntry } from '../../audit/log.ts';
import { readTicketLog } from '../../audit/ticket-log.ts';
import { HoldshortError } from '../../kernel/errors.ts';
import { TICKET_STATES, TicketId, type TicketState } from '../../kernel/ticket.ts';
import type { TicketDraft } from '../draft.ts';
import type { StoredTicket } from '../port.ts';
import type { Connection, Value } from './connection.ts';

/** What operations need of a ticket's row. Everything else that is known of a ticket is in the log. */
export interface Row {
  readonly n: number;
  readonly id: TicketId;
  readonly state: TicketState;
  readonly draft: string;
  readonly plan: string | null;
  readonly digest: string | null;
  /** How many numbered log entries are about it. */
  readonly entries: number;
  readonly claim_owner: string | null;
  readonly claim_epoch: number;
  readonly claim_until: number | null;
}

export const COLUMNS = 'n, id, state, draft, plan, digest, entries, claim_owner, claim_epoch, claim_until';

export const Draft: z.ZodType<TicketDraft> = z.strictObject({
  agent: z.string(),
  operator: z.string(),
  session: z.string(),
  tool: z.string(),
  region: z.string(),
  reason: z.string(),
  created_at: z.iso.datetime({ precision: 3 }),
  expires_at: z.iso.datetime({ precision: 3 }),
});

export function findRow(connection: Connection, id: string): Row | undefined {
  return rowWhere(connection, 'id = ?', [id]);
}

/** @param where conditions that one row meets at most */
export function rowWhere(connection: Connection, where: string, values: readonly Value[]): Row | undefined {
  return connection.get<Row>(`SELECT ${COLUMNS} FROM ticket WHERE ${where}`, ...values);
}

/** @param agent whose tickets there are to find: another agent's looks as if it weren't there */
export function rowOf(connection: Connection, id: string, agent?: string): Row {
  const row = findRow(connection, id);
  if (!row || (agent !== undefined && readDraft(row).agent !== agent)) throw ticketNotFound(id);
  return row;
}

/** @param where conditions, and an order where there may be several */
export function rowsWhere(connection: Connection, where: string, values: readonly Value[], limit: number): Row[] {
  return connection.all<Row>(`SELECT ${COLUMNS} FROM ticket WHERE ${where} LIMIT ?`, ...values, limit);
}

const TRAIL = 'SELECT seq, text, leaf FROM entry WHERE ticket = ? AND ticket_seq > 0 ORDER BY ticket_seq';

/** A row with its numbered entries, as they are stored. */
export interface TicketRows {
  readonly row: Row;
  readonly entries: readonly StoredEntry[];
}

export function readRows(connection: Connection, row: Row): TicketRows {
  return { row, entries: connection.all<StoredEntry>(TRAIL, row.id) };
}

/** The same, a third as long, where the ticket and its one entry were made in this very transaction. */
export function newRows(connection: Connection, row: Row): TicketRows {
  const entry = connection.get<StoredEntry>(TRAIL, row.id);
  return { row, entries: entry ? [entry] : [] };
}

/** A row with what the log tells about it. */
export function readTicket(connection: Connection, row: Row): StoredTicket {
  return ticketOf(readRows(connection, row));
}

export function ticketOf({ row, entries }: TicketRows): StoredTicket {
  const state = TICKET_STATES.find((known) => known === row.state);
  if (!TicketId.safeParse(row.id).success || !state) throw unreadable(row.id);
  const log = readTicketLog(entries, row.entries);
  const { trail, decisions, intact, ...ending } = log;
  return {
    id: row.id,
    state,
    draft: readDraft(row),
    ...(row.plan !== null && row.digest !== null && { plan: { bytes: row.plan, digest: row.digest } }),
    ...ending,
    decisions,
    trail,
    trail_intact: intact,
  };
}

export function readDraft(row: Row): TicketDraft {
  try {
    return Draft.parse(JSON.parse(row.draft));
  } catch (cause) {
    throw unreadable(row.id, cause);
  }
}

export function ticketNotFound(id: string): HoldshortError {
  return new HoldshortError(
    'not_found',
    `there is no ticket '${id.slice(0, 64)}'`,
    'list the tickets and use an id from there',
  );
}

function unreadable(id: string, cause?: unknown): HoldshortError {
  return new HoldshortError(
    'tampered',
    `the stored ticket '${id}' is not one`,
    'run `holdshort audit verify`, then go on from a backup',
    cause,
  );
}
