import { parseStored } from '../../audit/stored-json.ts';
import { type Deletion, RECREATION_MS } from '../../kernel/circumstances.ts';
import { EFFECTS, isDestructive } from '../../kernel/effects.ts';
import { PlanRecord } from '../../kernel/plan.ts';
import { isAboutTheSame, type Subject } from '../../kernel/same-subject.ts';
import { mayFollow, TICKET_STATES, type TicketState } from '../../kernel/ticket.ts';
import { UNSETTLED_STATES, type Unsettled } from '../../kernel/unsettled.ts';
import type { CallFor, Denial } from '../denial.ts';
import { type Row, readDraft, type TicketRows, ticketOf } from './row.ts';

/*
 * For how long, and of how many tickets, a store looks back. A store finds candidates by its indexes; whether one of
 * them counts is said here, of the row as it is stored. All times are milliseconds since 1970 unless they are texts.
 */

/** A destructive change counts for its agent's quota for so long, a person's no for the same asked again. */
const HOUR_MS = 3_600_000;

/** Of what was asked for in exactly these words and denied, the newest few are all that can have been denied lately. */
export const DENIALS = 20;

/**
 * What can be made again is deleted once for each time that it was made: the newest few are all that can have ended
 * lately.
 */
export const DELETIONS = 50;

export const UNSETTLED = 10_000;

/** What comes first among a plan's effects is its worst: one of these, and the plan counts for no quota. */
export const HARMLESS = EFFECTS.filter((effect) => !isDestructive(effect));

/** ISO 8601: no moment comes after it. */
export const EVER = '9999-12-31T23:59:59.999Z';

/** States in which a ticket ends when its time is over. */
export const EXPIRING = TICKET_STATES.filter((state) => mayFollow(state, 'expired'));

/**
 * The bounds between which tickets count as asked before, ISO 8601: destructive ones that were made after `since`,
 * waiting ones that expire after `at`.
 */
export function askedWindow(now: number): { readonly since: string; readonly at: string } {
  return { since: new Date(now - HOUR_MS).toISOString(), at: new Date(now).toISOString() };
}

/**
 * Did this ticket ask for the same targets in the same account and region? Tool and arguments are the index's. What is
 * made again, or wasn't made because it was denied, has another id each time: its kind and name are the same.
 */
export function asksForSame({ plan }: Pick<Row, 'plan'>, { account, region, targets }: CallFor): boolean {
  const record = planIn(plan);
  if (record?.account !== account || record.region !== region) return false;
  return (
    record.targets.length === targets.length &&
    record.targets.every(({ id, type, name }, at) => {
      const asked = targets[at];
      return id === asked?.id || (type === asked?.type && name === asked.name);
    })
  );
}

/**
 * What a `denied` or `failed` ticket tells of a person's no, if that is less than an hour old. What was denied between
 * two of its requests ended as `failed`. The recheck also ends tickets as denied: what an executor found is no person's
 * no.
 */
export function denialIn(ended: TicketRows, now: number): Denial | undefined {
  const { id, refusal, finished_at } = ticketOf(ended);
  if (refusal?.code !== 'denied' || finished_at === undefined) return undefined;
  const until = Date.parse(finished_at) + HOUR_MS;
  return until > now ? { ticket: id, refusal, at: finished_at, until: new Date(until).toISOString() } : undefined;
}

/**
 * @param deleting a ticket that deletes what is looked for, in this state; its entries are asked for where
 * it is over (`isOver`)
 */
export function deletionIn(deleting: TicketRows, state: Deletion['state'], now: number): Deletion | undefined {
  const { agent, created_at, expires_at } = readDraft(deleting.row);
  const deletion = { ticket: deleting.row.id, agent, state };
  if (isOver(state)) {
    const { finished_at } = ticketOf(deleting);
    const lately = finished_at !== undefined && Date.parse(finished_at) > now - RECREATION_MS;
    return lately ? { ...deletion, at: finished_at } : undefined;
  }
  const waits = state === 'pending' || state === 'approved';
  return waits && Date.parse(expires_at) <= now ? undefined : { ...deletion, at: created_at };
}

/**
 * What a person says did not happen counts too: what is still there can't be created, so that it costs the honest
 * nothing, and a word in error hides no deletion.
 */
export function isOver(state: Deletion['state']): boolean {
  return state === 'succeeded' || state === 'resolved';
}

/** What a ticket is for a call: unsettled and about the same, or undefined. */
export function unsettledIn({ id, state: stored, plan }: Row, call: Subject): Unsettled | undefined {
  const state = UNSETTLED_STATES.find((known) => known === stored);
  const record = planIn(plan);
  if (!record || !state || !isAboutTheSame(call, { ...record, state })) return undefined;
  const { agent, tool, created_at: at } = record;
  return { ticket: id, agent, tool, state, at };
}

/** Planning that never said how it ended is given this long: AWS takes minutes for what is made then. */
const ORPHANED_AFTER_MS = 15 * 60_000;

/** What was announced at this moment or before it, and never got a ticket, was left. */
export function orphanedUntil(now: number): number {
  return now - ORPHANED_AFTER_MS;
}

/**
 * Tickets whose residue is left. A failed one's may never have been taken up. What became of an unknown one
 * can't be told yet; a succeeded one used it up, and so did one that happened by a person's word (`usedUp`).
 */
export const LEAVING = [
  'refused',
  'withdrawn',
  'expired',
  'denied',
  'stale',
  'failed',
  'resolved',
] as const satisfies readonly TicketState[];

/**
 * Of so many characters of plans it is remembered what they say: those under way are asked for each ticket that begins,
 * and one of them may be long.
 */
const REMEMBERED = 4_000_000;
const remembered = new Map<string, PlanRecord | undefined>();
let characters = 0;

function planIn(plan: string | null): PlanRecord | undefined {
  const text = plan ?? 'null';
  if (remembered.has(text)) return remembered.get(text);
  const record = planFrom(text);
  if (characters + text.length > REMEMBERED) {
    remembered.clear();
    characters = 0;
  }
  if (text.length <= REMEMBERED) {
    remembered.set(text, record);
    characters += text.length;
  }
  return record;
}

/** What is no plan asks for nothing, and must not end the question of another call that looks at it. */
function planFrom(text: string): PlanRecord | undefined {
  try {
    return PlanRecord.safeParse(parseStored(text)).data;
  } catch {
    return undefined;
  }
}
