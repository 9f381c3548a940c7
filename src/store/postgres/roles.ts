import type { EventType } from '../../audit/events.ts';
import { STATEMENT_EVENTS } from '../../audit/statement-events.ts';
import { TICKET_STATES, type TicketState } from '../../kernel/ticket.ts';

/*
 * What each of the database's roles may write, as the port's narrowing has it. A login is given one of them, or
 * several: a hub that serves agents and shows the page is both. What isn't listed here, nobody may.
 *
 * The adversary has a login's password and writes SQL of their own. They can write nonsense in their own role's name,
 * which verification shows; they can't play another role.
 */

export const ROLES = ['agent', 'approver', 'executor', 'notifier', 'auditor'] as const;
export type Role = (typeof ROLES)[number];

/** Owns everything, and nobody logs in as it. */
export const OWNER = 'holdshort_owner';

export function roleName(role: Role): string {
  return `holdshort_${role}`;
}

/** From which state a role moves tickets, and where to; `new` is a ticket that isn't there yet. */
type Moves = { readonly [from in TicketState | 'new']?: readonly TicketState[] };

const MOVES: Record<Role, Moves> = {
  agent: {
    new: ['planning', 'pending', 'approved', 'refused'],
    planning: ['pending', 'approved', 'refused', 'withdrawn', 'expired'],
    pending: ['withdrawn', 'expired'],
    approved: ['withdrawn', 'expired'],
  },
  approver: { pending: ['approved', 'denied'], approved: ['denied'], unknown: ['resolved'] },
  executor: {
    planning: ['expired'],
    pending: ['expired'],
    approved: ['executing', 'denied', 'expired', 'stale'],
    executing: ['succeeded', 'failed', 'unknown'],
    unknown: ['succeeded', 'failed'],
  },
  notifier: {},
  auditor: {},
};

type OtherEvent = Exclude<EventType, `ticket.${TicketState}`>;

/** Who writes the entries that move no ticket. */
const WRITERS: Record<OtherEvent, readonly Role[]> = {
  'session.opened': ['agent'],
  'call.completed': ['agent'],
  'call.failed': ['agent'],
  'call.rejected': ['agent'],
  'call.refused': ['agent'],
  'aws.requested': ['agent'],
  'aws.removing': ['executor'],
  'aws.removed': ['executor'],
  'aws.removal_failed': ['executor'],
  'review.opened': ['approver'],
  'decision.recorded': ['approver'],
  'decision.rejected': ['approver'],
  'decision.declined': ['approver'],
  'decision.reviewed': ['approver'],
  'approver.requested': ['approver'],
  'approver.enrolled': ['approver'],
  'approver.recovered': ['approver'],
  'approver.groups_set': ['approver'],
  'approver.bound': ['approver'],
  'approver.unbound': ['approver'],
  'approver.revoked': ['approver'],
  'approver.rejected': ['approver'],
  'halt.set': ['approver'],
  'halt.lifted': ['approver'],
  'log.accepted': ['approver'],
  'notification.abandoned': ['notifier'],
  'execution.waiting': ['executor'],
  'execution.resumed': ['executor'],
  'execution.step': ['executor'],
  'execution.observed': ['executor'],
  'rehearsal.recorded': ['approver'],
};

/** Entries that are numbered among a ticket's, though they move nothing. */
const ABOUT_A_TICKET: ReadonlySet<OtherEvent> = new Set<OtherEvent>([
  'decision.recorded',
  'execution.waiting',
  'execution.resumed',
  'execution.step',
  'execution.observed',
  'rehearsal.recorded',
]);

/** A row of the table by which the append function decides. */
export interface Admitted {
  readonly role: Role;
  readonly type: EventType;
  /** The state that a ticket is moved from; empty for an entry that moves none. */
  readonly moves: TicketState | 'new' | '';
  /** Among what the entry is numbered. */
  readonly numbered: 'ticket' | 'statement' | 'nothing';
  /** By whom it may say it is: a regular expression. */
  readonly actor: string;
}

/**
 * So that no role's entries look like another's. Who an approver is, is proved by a signature; where there was none,
 * the door is named (`Door` in approvals/record/rejection.ts), a chat's client by its own name.
 */
const ACTORS: Record<Role, string> = {
  agent: '^agent:',
  approver: '^(approver:|client:|page$|cli$|companion$)',
  executor: '^executor:',
  notifier: '^notifier$',
  auditor: '^$',
};

export const ADMITTED: readonly Admitted[] = ROLES.flatMap((role) => [
  ...(['new', ...TICKET_STATES] as const).flatMap((moves) =>
    (MOVES[role][moves] ?? []).map(
      (to): Admitted => ({ role, type: `ticket.${to}`, moves, numbered: 'ticket', actor: ACTORS[role] }),
    ),
  ),
  ...(Object.keys(WRITERS) as OtherEvent[])
    .filter((type) => WRITERS[type].includes(role))
    .map((type): Admitted => ({ role, type, moves: '', numbered: numberedAmong(type), actor: ACTORS[role] })),
]);

function numberedAmong(type: OtherEvent): Admitted['numbered'] {
  if (ABOUT_A_TICKET.has(type)) return 'ticket';
  return Object.values(STATEMENT_EVENTS).includes(type) ? 'statement' : 'nothing';
}
