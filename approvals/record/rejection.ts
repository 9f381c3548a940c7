import { judge } from '../../src/audit/believe.ts';
import type { AuditEvent } from '../../src/audit/entry.ts';
import { HoldshortError, type RefusalCode } from '../../src/kernel/errors.ts';
import type { StoredTicket } from '../../src/store/port.ts';
import type { Desk } from '../desk.ts';
import type { Budget } from './unproven.ts';

/** Nothing was decided or asked for yet, or the log itself is what failed. */
const NOT_REJECTIONS: ReadonlySet<RefusalCode> = new Set([
  'usage',
  'not_found',
  'store_unavailable',
  'clock_went_back',
]);

/** Where something came in. As long as no signature says who sent it, this is who did. */
export type Door = 'page' | 'cli' | `client:${string}`;

export interface Attempt extends Omit<AuditEvent, 'actor' | 'outcome'> {
  readonly type: 'decision.rejected' | 'approver.rejected' | 'decision.declined';
  readonly door: Door;
  /** The person as whom someone came; undefined where they named none. */
  readonly claimed: string | undefined;
}

/** To change who may decide, or what is stopped. */
export function attemptToManage(door: Door, claimed: string | undefined, detail: Attempt['detail']): Attempt {
  return { type: 'approver.rejected', door, claimed, detail };
}

/** To decide a ticket. @param about of a ticket that was believed, its plan; otherwise what `vouched` gives */
export function attemptToDecide(
  door: Door,
  claimed: string | undefined,
  about: Pick<Attempt, 'ticket' | 'tool'>,
  detail: Attempt['detail'],
): Attempt {
  return { type: 'decision.rejected', door, claimed, ticket: about.ticket, tool: about.tool, detail };
}

/**
 * What an entry may say of a ticket that someone wants to decide. The attacker has written another tool or another plan
 * into its row: then the entry names the ticket and nothing else, or the log itself would say what is forged.
 */
export function vouched(stored: StoredTicket): Pick<Attempt, 'ticket' | 'tool'> & { readonly digest?: string } {
  const belief = judge(stored);
  switch (belief.kind) {
    case 'believed':
      return { ticket: belief.ticket.id, tool: belief.ticket.plan.tool, digest: belief.ticket.digest };
    case 'unplanned':
      return { ticket: belief.ticket.id, tool: belief.ticket.draft.tool };
    case 'altered':
      return { ticket: belief.id };
    default:
      return belief satisfies never;
  }
}

/** What a door is given to write with; one that stays open has a budget for what strangers send. */
export type Recording = Pick<Desk, 'store'> & { readonly unproven?: Budget | undefined };

/**
 * Runs an attempt to decide or to change who may; one that is refused is in the log like one that succeeds, because a
 * refused attempt may be an attack. The refusal itself goes on to the caller. The attacker names an approver: until
 * `attempt` says that a signature proved the person, the door is the actor, and the name no more than what was claimed.
 * @param event what to record then; as a function where it is only known by then
 */
export async function recordingRejection<T>(
  desk: Recording,
  event: Attempt | (() => Attempt),
  attempt: (proved: (person: string) => void) => Promise<T>,
): Promise<T> {
  let person: string | undefined;
  const proved = (name: string) => {
    person = name;
  };
  try {
    return await attempt(proved);
  } catch (error) {
    if (error instanceof HoldshortError && !NOT_REJECTIONS.has(error.code)) {
      const rejected = typeof event === 'function' ? event() : event;
      const detail = { ...rejected.detail, code: error.code, message: error.message };
      await recordAttempt(desk, { ...rejected, detail }, 'refused', person);
    }
    throw error;
  }
}

/** @param person whom a signature proved; without one, the attempt counts towards what the door writes for strangers */
export async function recordAttempt(
  { store, unproven }: Recording,
  { door, claimed, ...event }: Attempt,
  outcome: string,
  person?: string,
): Promise<void> {
  if (person !== undefined) {
    await store.append({ ...event, actor: `approver:${person}`, outcome });
    return;
  }
  const spent = unproven?.spend(`${event.type} ${event.ticket ?? ''}`);
  if (spent === 'used up') return;
  await store.append({ ...event, actor: door, outcome, detail: { ...event.detail, claimed, ...spent } });
}
