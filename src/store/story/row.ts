import { z } from 'zod';
import type { StoredEntry } from '../../audit/log.ts';
import { readTicketLog } from '../../audit/ticket-log.ts';
import type { Asker, TicketDraft } from '../../kernel/draft.ts';
import { HoldshortError } from '../../kernel/errors.ts';
import { readPlan, type SealedPlan } from '../../kernel/plan.ts';
import { TICKET_STATES, TicketId, type TicketState } from '../../kernel/ticket.ts';
import type { StoredTicket } from '../port.ts';

/** What a store reads of a ticket's row. Everything else that is known of a ticket is in the log. */
export interface Row {
  readonly id: TicketId;
  readonly state: TicketState;
  readonly draft: string;
  readonly plan: string | null;
  readonly digest: string | null;
  /** How many numbered log entries are about it. */
  readonly entries: number;
  readonly claim_owner: string | null;
  readonly claim_epoch: number;
  /** When the last claim on it ends, or was let go; null while there was none. */
  readonly claim_until: number | null;
}

/** A row with its numbered entries, as they are stored. */
export interface TicketRows {
  readonly row: Row;
  readonly entries: readonly StoredEntry[];
}

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

/** @throws tampered */
export function readDraft(row: Pick<Row, 'id' | 'draft'>): TicketDraft {
  try {
    return Draft.parse(JSON.parse(row.draft));
  } catch (cause) {
    throw unreadable(row.id, cause);
  }
}

/** Members in one order, so that the same draft is the same text. */
export function draftText({
  agent,
  operator,
  session,
  tool,
  region,
  reason,
  created_at,
  expires_at,
}: TicketDraft): string {
  return JSON.stringify({ agent, operator, session, tool, region, reason, created_at, expires_at });
}

function sealedIn({ plan, digest }: Row): SealedPlan | undefined {
  return plan === null || digest === null ? undefined : { bytes: plan, digest };
}

/**
 * From the hashed plan: the row's own copy could be moved by anyone who can write to the database.
 * @throws tampered
 */
export function expiryOf(row: Row): string | undefined {
  const sealed = sealedIn(row);
  return sealed && readPlan(sealed, row.id).expires_at;
}

/**
 * A row with what the log tells about it.
 * @throws tampered where the row is no ticket at all; what else is wrong with it, `checkTrail` says
 */
export function ticketOf({ row, entries }: TicketRows): StoredTicket {
  const state = TICKET_STATES.find((known) => known === row.state);
  if (!TicketId.safeParse(row.id).success || !state) throw unreadable(row.id);
  const { trail, decisions, intact, ...ending } = readTicketLog(entries, row.entries);
  const plan = sealedIn(row);
  return {
    id: row.id,
    state,
    draft: readDraft(row),
    ...(plan && { plan }),
    ...ending,
    decisions,
    trail,
    trail_intact: intact,
  };
}

/**
 * @param asker whose tickets there are to find: another's looks as if it weren't there
 * @throws not_found
 */
export function requireRow(row: Row | undefined, id: string, asker?: Asker): Row {
  if (!row || (asker && !isOf(readDraft(row), asker))) throw ticketNotFound(id);
  return row;
}

function isOf({ agent, operator }: TicketDraft, asker: Asker): boolean {
  return agent === asker.agent && operator === asker.operator;
}

export function ticketNotFound(id: string): HoldshortError {
  return new HoldshortError(
    'not_found',
    `there is no ticket '${id.slice(0, 64)}'`,
    'list the tickets and use an id from there',
  );
}

export function conflict(row: Pick<Row, 'id' | 'state'>, why: string): HoldshortError {
  return new HoldshortError('conflict', `ticket ${row.id} is ${row.state}: ${why}`, 'read it again, then decide anew');
}

function unreadable(id: string, cause?: unknown): HoldshortError {
  return new HoldshortError(
    'tampered',
    `the stored ticket '${id}' is not one`,
    'run `holdshort audit verify`, then go on from a backup',
    cause,
  );
}
