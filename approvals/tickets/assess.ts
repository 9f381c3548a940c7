import { setTimeout as sleep } from 'node:timers/promises';
import { altered, type Believed, believe, type Unplanned } from '../../src/audit/believe.ts';
import { groupsSince } from '../../src/kernel/approvers.ts';
import { type Operators, operatorsOf } from '../../src/kernel/bindings.ts';
import type { Glass } from '../../src/kernel/break-glass.ts';
import {
  type Clearance,
  type Counted,
  type CountedApproval,
  clear,
  countDecisions,
} from '../../src/kernel/decisions.ts';
import { HoldshortError, type Refusal, refusalOf } from '../../src/kernel/errors.ts';
import type { Freeze } from '../../src/kernel/freeze.ts';
import type { LoginRule } from '../../src/kernel/login.ts';
import { type PlanRecord, stepsLeft } from '../../src/kernel/plan.ts';
import type { Requirement, Tally } from '../../src/kernel/requirement.ts';
import { type Hearing, hearingAt } from '../../src/kernel/resolution.ts';
import type { RecordedDecision } from '../../src/kernel/statement.ts';
import type { TicketState } from '../../src/kernel/ticket.ts';
import { questionOf } from '../../src/policy/question.ts';
import { refusalBy } from '../../src/policy/refusal.ts';
import { requirementText } from '../../src/policy/requirement-text.ts';
import { shortageToday } from '../../src/policy/shortage.ts';
import type { ShortageText } from '../../src/policy/shortage-text.ts';
import type { StoredTicket } from '../../src/store/port.ts';
import { type Desk, type Enrolled, readEnrolled } from '../desk.ts';
import { type GlassStory, glassStory } from './glass-story.ts';
import { whyUnheard } from './heard.ts';

/**
 * A ticket whose stored bytes were checked, with what it needs and what it has. Only this is shown as true, or decided
 * on.
 */
export interface Assessment {
  readonly ticket: Believed;
  readonly plan: PlanRecord;
  readonly digest: string;
  /** The row's state; `expired` as soon as the hashed expiry is over, whether or not someone has noted it yet. */
  readonly state: TicketState;
  readonly enrolled: Enrolled;
  /** For whom the agent works, by what was known when it was opened and is known now. */
  readonly operators: Operators;
  readonly counted: Counted;
  readonly tally: Tally;
  /** What the plan promised its readers. */
  readonly requirement: Requirement;
  /** What policy asks of it today; undefined when policy has come to forbid it. */
  readonly today: Requirement | undefined;
  /** Why, then. */
  readonly forbidden: Refusal | undefined;
  /** The freeze that holds now, if any does. */
  readonly freeze: Freeze;
  readonly clearance: Clearance;
  /** The login that an approval must come with now, if any. */
  readonly login: LoginRule | undefined;
  readonly glass: GlassStory;
  /** Would it run with one more approval, given plainly or by breaking the glass? */
  readonly wouldRun: (approval: CountedApproval, how: 'plainly' | 'breaking glass') => boolean;
  /** What keeps it from running, for people; undefined when nothing that people decide does. */
  readonly missing: string | undefined;
  /** Why all who are enrolled together couldn't let it run, and the way out; of a ticket that waits. */
  readonly shortage: ShortageText | undefined;
  /**
   * Why this may not be what was asked for, although nothing in it contradicts itself: nothing runs then, so nobody
   * approves it.
   */
  readonly unseen: Refusal | undefined;
  /** How this program was started, as in `Desk`. */
  readonly command: string | undefined;
  /** What else the person should know before deciding. */
  readonly warnings: readonly string[];
}

/**
 * The one place that believes a ticket. The attacker may have written to the database: trail, digest, plan and every
 * decision are checked before anything of it is shown or counted.
 * @throws tampered
 * @throws wrong_state for a ticket that has no plan
 */
export async function assessTicket(desk: Desk, stored: StoredTicket): Promise<Assessment> {
  const ticket = planned(believe(stored));
  const { plan, digest } = ticket;
  const enrolled = await readEnrolled(desk);
  const unheard = whyUnheard(ticket, enrolled.registry);
  if (unheard) throw altered(ticket.id, unheard);
  const now = enrolled.at;
  const logins = await loginsSoon(desk, ticket.decisions);
  const about = { ticket: ticket.id, digest, opened: ticket.opened, registry: enrolled.registry, now, logins };
  const counted = countDecisions(ticket.decisions, about);
  const policy = await desk.policy();
  const question = questionOf(plan, await desk.rules(), now);
  const permits = (total: Tally, glass: Glass) => policy.permits(question, total, glass);
  const operators = operatorsOf(enrolled.registry, plan, ticket.opened);
  const asked = { operators, requirement: plan.requirement };
  const clearance = clear(counted, asked, permits);
  const today = policy.requirement(question);
  const forbidden = today ? undefined : refusalBy(policy, question);
  const state = stateAt(ticket.state, plan.expires_at, now);
  const unseen = await whyUnseen(desk, ticket);
  const shortage =
    state === 'pending'
      ? shortageToday({ plan, opened: about.opened }, enrolled.registry, policy, question, { login: logins?.rule })
      : undefined;
  return {
    ticket,
    plan,
    digest,
    state,
    enrolled,
    operators,
    counted,
    tally: clearance.tally,
    requirement: plan.requirement,
    today,
    forbidden,
    freeze: question.freeze,
    clearance,
    glass: glassStory(ticket, digest, enrolled),
    login: logins?.rule,
    wouldRun: (approval, how) => clear(joined(counted, approval, how, logins?.rule), asked, permits).cleared,
    missing: missingText(clearance, plan.requirement, today),
    shortage,
    unseen,
    command: desk.command,
    warnings: [
      ...(unseen ? [`this may not be what the agent asked for, and nothing runs: ${unseen.message}`] : []),
      ...warningsOf(counted, enrolled, plan, forbidden),
      ...(operators.anyone && state === 'pending' ? [UNKNOWN_OPERATOR] : []),
      ...(shortage ? [`nobody can approve it as things are: ${shortage.cause}`] : []),
      ...lapsedWarning(ticket, clearance),
    ],
  };
}

/** For so long a person waits for an issuer that doesn't answer, to see a ticket. */
const ISSUER_MS = 1_000;

/** Whose logins aren't verified by then counts as not verified yet; what is decided by it is looked at again. */
async function loginsSoon(desk: Pick<Desk, 'logins'>, decisions: readonly RecordedDecision[]) {
  const found = new AbortController();
  const late = sleep(ISSUER_MS, undefined, { signal: found.signal }).then(() => desk.logins([]));
  try {
    return await Promise.race([desk.logins(decisions), late]);
  } finally {
    found.abort();
  }
}

const UNKNOWN_OPERATOR =
  'nobody can tell for whom the agent works: its login was bound to nobody, or that was taken back';

/**
 * Anyone who writes the database may have rewritten the whole log, so that a milder plan fits. What this installation
 * saw of it, beside its keys, says otherwise.
 */
async function whyUnseen({ store }: Desk, { id, digest }: Believed): Promise<Refusal | undefined> {
  try {
    const seen = await store.verified(id);
    if (seen.digest === digest) return undefined;
    return refusalOf(altered(id, 'another plan was seen here under it'));
  } catch (error) {
    if (error instanceof HoldshortError) return refusalOf(error);
    throw error;
  }
}

/** Where approvals must come with a login, breaking the glass, which needs none, is no plain approval as well. */
function joined(
  counted: Counted,
  approval: CountedApproval,
  how: 'plainly' | 'breaking glass',
  login: LoginRule | undefined,
): Counted {
  if (how === 'breaking glass' && login) return { ...counted, glass: [approval] };
  const approvals = [...counted.approvals.filter(({ person }) => person !== approval.person), approval];
  return { ...counted, approvals, glass: how === 'plainly' ? counted.glass : [approval] };
}

/** A person as they count for this ticket: with all the teams that they belonged to since it was opened. */
export function whoIs({ ticket, enrolled }: Pick<Assessment, 'ticket' | 'enrolled'>, person: string) {
  return { person, groups: groupsSince(enrolled.registry, person, ticket.opened) };
}

/** What a word on what became of the ticket is weighed against now. */
export function hearingOf({ ticket, enrolled }: Pick<Assessment, 'ticket' | 'enrolled'>): Hearing {
  return hearingAt({ registry: enrolled.registry, plan: ticket.plan, opened: ticket.opened }, Number.POSITIVE_INFINITY);
}

/** @throws wrong_state for a ticket that has no plan */
function planned(ticket: Believed | Unplanned): Believed {
  if (ticket.plan) return ticket;
  const { id, state } = ticket;
  throw new HoldshortError(
    'wrong_state',
    state === 'planning' ? `${id} is still being planned` : `${id} was ${state} before it had a plan`,
    state === 'planning' ? 'look again in a moment' : 'there is nothing to decide',
  );
}

function stateAt(state: TicketState, expiresAt: string, now: string): TicketState {
  const open = state === 'planning' || state === 'pending' || state === 'approved';
  return open && Date.parse(now) >= Date.parse(expiresAt) ? 'expired' : state;
}

function missingText(clearance: Clearance, asked: Requirement, today: Requirement | undefined): string | undefined {
  if (clearance.cleared) return undefined;
  switch (clearance.why) {
    case 'denied':
      return `denied by ${[...new Set(clearance.counted.denials.map(({ by }) => by))].join(', ')}`;
    case 'policy':
      return `policy now asks for more: ${requirementText(today)}`;
    case 'requirement': {
      const counts = asked.operator_may_approve ? clearance.tally.all : clearance.tally.without_operator;
      return requirementText({ ...asked, approvals: asked.approvals - counts[asked.assurance] });
    }
    default:
      return clearance.why satisfies never;
  }
}

/**
 * Is it being carried out in several steps, of which one isn't begun yet? Then a denial keeps that one from being sent,
 * and so does an approval that is taken back, where it is needed.
 */
export function mayBeCutShort({ ticket, plan }: Pick<Assessment, 'ticket' | 'plan'>): boolean {
  return ticket.state === 'executing' && stepsLeft(plan, ticket.intent?.step ?? 1) > 0;
}

/**
 * An approved ticket whose approval was taken back, or is over, goes on waiting for its recheck, which ends it; so does
 * one between two steps.
 */
function lapsedWarning(ticket: Believed, { cleared, counted }: Clearance): readonly string[] {
  const between = mayBeCutShort({ ticket, plan: ticket.plan });
  if (cleared || (ticket.state !== 'approved' && !between)) return [];
  const { denials, withdrawn } = counted;
  const then = between ? 'no further request of it is sent' : 'it will not run';
  if (denials.length > 0) return [`${[...new Set(denials.map(({ by }) => by))].join(', ')} denied it: ${then}`];
  if (withdrawn.length > 0) return [`${withdrawn.join(', ')} took the approval back: ${then}`];
  return [`what approved it does not stand any more: ${then}`];
}

function warningsOf(
  { rejected }: Counted,
  { halt }: Enrolled,
  plan: PlanRecord,
  forbidden: Refusal | undefined,
): string[] {
  const reasons = [...new Set(rejected.map(({ why }) => why.replaceAll('_', ' ')))].join(', ');
  return [
    ...(halt ? [`everything is halted by ${halt.by} since ${halt.at}: nothing runs until it is lifted`] : []),
    ...(forbidden ? [`policy has come to forbid this: ${forbidden.message}`] : []),
    ...(rejected.length > 0 ? [`${rejected.length} recorded decisions do not count (${reasons})`] : []),
    ...(plan.impact.length === 0 ? ['planning could not say what this would do'] : []),
  ];
}
