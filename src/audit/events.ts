import { TICKET_STATES, type TicketState } from '../kernel/ticket.ts';

/**
 * Every type of event, in one place; `docs/audit-events.md` is generated from it. `ticket.<state>` is written in the
 * transaction that moves the ticket there.
 */
const OTHER_EVENTS = {
  'session.opened':
    "An agent's client made its first call in a process: its name and version, the protocol, the operator.",
  'call.completed':
    "A read, or a call about the agent's own tickets, was answered; or a change was asked for again that waits as a ticket already.",
  'call.failed': 'A call failed: AWS refused or could not be reached, or something here broke.',
  'call.rejected': 'A call was not understood: unknown tool, unknown argument, wrong form.',
  'call.refused':
    'A change was refused before it became a ticket: policy forbids it, or planning showed that it must not be asked.',
  'aws.requested': 'Planning is about to make a change set in AWS. Written before the request goes out.',
  'aws.removing':
    'What planning made for a ticket that did not run is about to be removed. Written before the requests go out.',
  'aws.removed': 'A change set (and the empty stack of a create) of a ticket that did not run was removed.',
  'aws.removal_failed': 'Removing it failed; it is tried again.',
  'review.opened':
    'A ticket that can still be decided was opened: on the page, at a terminal (`cli`) or in a chat client (`companion`). Who it was is only claimed (`claimed`). Once an hour for each claim, at most 12 an hour for a ticket.',
  'decision.recorded': "An approver's signed decision was accepted, with the login that it came with.",
  'decision.rejected': 'A decision was refused, and why.',
  'decision.declined':
    'A chat client answered a question to an approver with no, or not at all. It denies nothing: clients do that by themselves.',
  'decision.reviewed':
    'Somebody else has looked at a ticket on which the glass was broken (break_glass in its decision.recorded).',
  'approver.requested':
    'Somebody asks for a key of theirs to be enrolled, signed with that key. It can decide nothing yet.',
  'approver.enrolled': 'A key was enrolled, by whom.',
  'approver.recovered':
    'An admin who lost the key that proves more enrolled another one with what was left; it counts where keys/recovery-….json names it. What was lost is revoked.',
  'approver.groups_set': 'An admin said which teams a person belongs to.',
  'approver.bound': 'An admin said which person an identity at an issuer is (issuer and subject).',
  'approver.unbound': 'An identity is not that person any more, said an admin or the person.',
  'approver.revoked': 'A key was revoked, by whom.',
  'approver.rejected': 'An enrolment or revocation was refused, and why.',
  'halt.set': 'Every change was stopped.',
  'halt.lifted': 'The halt was lifted.',
  'log.accepted': 'An admin accepted the log as it is, where it does not continue what an executor had seen of it.',
  'notification.abandoned':
    'Somebody who was to be told of a step of a ticket, or of what somebody signed about people, could not be told for a day.',
  'execution.waiting':
    'An approved ticket is not run yet, or one that is under way does not go on (its next request, or a look at what came of the last), and why: a halt, AWS or credentials out of reach, another account, a policy that can not be read, a login that can not be verified.',
  'execution.resumed': 'What a ticket that is under way waited for is over: AWS is looked at again.',
  'execution.step':
    'A change that takes several requests is about to send the next one. Written before it goes out: the intent, with the number of the step.',
  'execution.observed':
    "What a look at AWS shows of a ticket whose outcome can't be told, where it shows something new.",
  'rehearsal.recorded':
    'Somebody played a ticket, and its way back, on a copy in the embedded cloud, and what came of it there. Who it was is only claimed (`claimed`). It decides nothing.',
} as const;

const TICKET_EVENTS: Record<TicketState, string> = {
  planning: 'A change is being planned and takes longer than a client waits.',
  pending: 'A change was planned and waits for a decision.',
  approved: 'The ticket may run: by decision, or because policy asks for none.',
  executing:
    'Written before the one request goes out, or the first of several: the intent, with the token that AWS will know it by.',
  succeeded: "AWS's own records say that it happened, per resource.",
  failed: 'AWS refused it or it ended otherwise, per resource.',
  unknown: "It can't be told whether it happened. It is never sent again.",
  resolved:
    "A person said what became of a ticket that was unknown: the signed statement, and what was known of its outcome then. It is their word, not AWS's.",
  refused: 'Planning was over time and ended in a refusal.',
  denied: 'A person denied it, or the recheck before execution found it not to be what was approved.',
  expired: 'Nobody decided, or nothing ran, in time.',
  withdrawn: 'The agent took it back.',
  stale: 'AWS was no longer in the state that the plan rests on.',
};

export type EventType = keyof typeof OTHER_EVENTS | `ticket.${TicketState}`;

export const EVENT_TYPES: ReadonlyMap<EventType, string> = new Map<EventType, string>([
  ...(Object.entries(OTHER_EVENTS) as [EventType, string][]),
  ...TICKET_STATES.map((state): [EventType, string] => [`ticket.${state}`, TICKET_EVENTS[state]]),
]);
