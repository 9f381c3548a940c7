import type { TicketDraft } from '../kernel/draft.ts';
import { HoldshortError } from '../kernel/errors.ts';
import { type PlanRecord, readPlan } from '../kernel/plan.ts';
import type { TicketId } from '../kernel/ticket.ts';
import type { TicketRow } from './log.ts';
import type { StoredTicket } from './stored-ticket.ts';
import { checkTrail, openedAt } from './trail.ts';

declare const vouched: unique symbol;

/** What a ticket tells besides its plan. Nobody can make one but `judge`. */
interface Vouched
  extends Pick<
    StoredTicket,
    | 'id'
    | 'state'
    | 'decisions'
    | 'resolution'
    | 'trail'
    | 'result'
    | 'refusal'
    | 'intent'
    | 'kit'
    | 'waiting'
    | 'progress'
    | 'finished_at'
    | 'rehearsed'
  > {
  readonly [vouched]: true;
  readonly draft: TicketDraft;
  /** Where in the log it was opened. */
  readonly opened: number;
}

/** A ticket that is what the log says it is. Only this is shown as true, decided on or run. */
export interface Believed extends Vouched {
  readonly plan: PlanRecord;
  /** Of the plan's stored bytes: what decisions sign. */
  readonly digest: string;
  /** The plan exactly as it was hashed. */
  readonly bytes: string;
}

/** The same of a ticket whose planning goes on, or never ended. */
export interface Unplanned extends Vouched {
  readonly plan?: undefined;
}

export type Belief =
  | { readonly kind: 'believed'; readonly ticket: Believed }
  | { readonly kind: 'unplanned'; readonly ticket: Unplanned }
  /** Of this nothing is told but that it was altered. */
  | { readonly kind: 'altered'; readonly id: TicketId; readonly problem: string };

/**
 * The one place that believes a ticket. The attacker may have written to the database: a finished ticket set back to
 * `approved`, another plan under an approval, an entry taken out of its log. Checked are its trail in the log, the
 * digest, the plan and the row. It says nothing about signatures (`countDecisions`) or about whether the whole log was
 * rewritten (`verifyLog`, and what was seen of it: `SeenLog`).
 */
export function judge(stored: StoredTicket): Belief {
  const { id, plan: sealed, trail_intact: _, ...row } = stored;
  const trail = checkTrail(stored);
  if (!trail.ok) return { kind: 'altered', id, problem: trail.problem };
  const ticket = { ...row, id, opened: openedAt(stored) };
  if (!sealed) return { kind: 'unplanned', ticket: vouchedFor<Unplanned>(ticket) };
  try {
    const plan = readPlan(sealed, id);
    return { kind: 'believed', ticket: vouchedFor<Believed>({ ...ticket, ...sealed, plan }) };
  } catch (error) {
    if (error instanceof HoldshortError && error.code === 'tampered')
      return { kind: 'altered', id, problem: error.message };
    throw error;
  }
}

/**
 * The plan of a row that `verifyLog` holds against the log itself; undefined where it isn't what the row's digest is
 * of, or is another ticket's.
 */
export function planOfRow({ id, plan: bytes, digest }: TicketRow): PlanRecord | undefined {
  if (bytes === undefined || digest === undefined) return undefined;
  try {
    return readPlan({ bytes, digest }, id);
  } catch (error) {
    if (error instanceof HoldshortError && error.code === 'tampered') return undefined;
    throw error;
  }
}

function vouchedFor<T extends Vouched>(ticket: Omit<T, typeof vouched>): T {
  return ticket as T;
}

/**
 * What is to be told of a ticket.
 * @throws tampered when the log doesn't vouch for it
 */
export function believe(stored: StoredTicket): Believed | Unplanned {
  const belief = judge(stored);
  if (belief.kind === 'altered') throw altered(belief.id, belief.problem);
  return belief.ticket;
}

export function altered(id: TicketId, problem: string): HoldshortError {
  return new HoldshortError(
    'tampered',
    `${id} is not what the log says it is: ${problem}`,
    'do not decide it; run `holdshort audit verify`',
  );
}
