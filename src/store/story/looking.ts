import { z } from 'zod';
import type { AuditEvent } from '../../audit/entry.ts';
import type { StoredEntry } from '../../audit/log.ts';
import { isUnaltered } from '../../audit/ticket-log.ts';
import type { Json } from '../../kernel/digest.ts';
import { HoldshortError } from '../../kernel/errors.ts';
import type { Look, PriorRead } from '../looking.ts';
import type { Row } from './row.ts';
import { aboutTicket } from './step.ts';

const HOUR_MS = 3_600_000;

/**
 * The most looks at one ticket that are noted within an hour: someone who reloads a page, or asks under ever new names,
 * doesn't fill the log.
 */
export const LOOKS = 12;

/** A look that the log tells of already. */
export interface KnownLook {
  readonly door: string;
  readonly claimed: string | null;
}

/** Looks after this moment are those of the last hour, ISO 8601. */
export function looksSince(now: number): string {
  return new Date(now - HOUR_MS).toISOString();
}

/**
 * Is this look one that the log doesn't tell of yet, of a ticket that someone can still decide?
 * @param known those of the last hour, at most `LOOKS`
 */
export function isNewLook({ state }: Pick<Row, 'state'>, known: readonly KnownLook[], look: Look): boolean {
  if (state !== 'pending' && state !== 'approved') return false;
  const { door, claimed = null } = look;
  return known.length < LOOKS && !known.some((one) => one.door === door && one.claimed === claimed);
}

/** Nobody proved who they are by looking: the actor is the door that they came by. */
export function looked(row: Row, { door, claimed }: Look): AuditEvent {
  return { type: 'review.opened', actor: door, ...aboutTicket(row), detail: { claimed } };
}

/** How many reads of a session are looked up at most. */
export function readsWithin(limit: number): number {
  return Math.max(0, Math.min(100, Math.floor(limit)));
}

const Read = z.object({
  seq: z.number(),
  at: z.string(),
  tool: z.string(),
  detail: z.object({ arguments: z.custom<Json>(() => true).default(null) }),
});

/** @throws tampered */
export function priorRead(stored: StoredEntry): PriorRead {
  const entry = isUnaltered(stored) ? Read.safeParse(JSON.parse(stored.text)).data : undefined;
  if (entry?.seq !== stored.seq)
    throw new HoldshortError('tampered', `entry ${stored.seq} was altered`, 'run `holdshort audit verify`');
  return { seq: entry.seq, at: entry.at, tool: entry.tool, arguments: entry.detail.arguments };
}
