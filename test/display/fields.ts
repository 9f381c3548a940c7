import { randomBytes } from 'node:crypto';
import type { Impact, PlanRecord } from '../../src/kernel/plan.ts';
import type { Rehearsal } from '../../src/kernel/rehearsal.ts';
import type { Target } from '../../src/kernel/target.ts';
import { ticketIdFrom } from '../../src/kernel/ticket.ts';
import type { StoredTicket } from '../../src/store/port.ts';
import type { Installation } from '../scenes/installation.ts';
import { intentOf } from '../scenes/openings.ts';
import { HOSTILE, whole } from './strings.ts';

/*
 * Every field that an agent or AWS can set, on every surface. How to test another one: open a ticket with
 * `hostileTicket` (or give `inEveryField` to your own), show it, and hold what is shown against `expectations.ts`.
 */

const ARN = 'arn:aws:cloudformation:eu-west-1:123456789012:stack/';

/** Three targets' worth: the first one's name, id and type, and its stack and tags. */
function targetOf(text: string): Target {
  return { id: `${ARN}${text}`, type: text || 'x', name: text || 'x', stack_name: text, tags: { [text]: text } };
}

function impactOf(text: string, effect: Impact['effect']): Impact {
  return {
    resource: text || 'x',
    type: text || 'x',
    effect,
    detail: text,
    recoverable: false,
    properties: [
      { name: text || 'x', before: text, after: text, replaces: 'always' },
      { name: text || 'x', after: text },
      { name: text || 'x' },
    ],
  };
}

/** Its texts are bounded where they come from. */
function rehearsalOf(text: string): Rehearsal {
  const part = (text || 'x').slice(0, 300);
  const finding = { resource: part, type: part.slice(0, 200), what: part };
  return {
    carried_through: true,
    at: '2026-11-24T07:10:00.000Z',
    change: { ended: 'failed', detail: part, events: [{ resource: part, type: part, status: part, reason: part }] },
    way_back: { ended: 'not_tried', detail: part },
    failed: [finding],
    not_back: [finding],
    model_lacks: [part],
  };
}

/** The text in every field that is free. The operator is not: it has the form of a person's name. */
export function inEveryField(text: string): Partial<PlanRecord> {
  return {
    agent: whole(text),
    account: whole(text),
    region: whole(text),
    tool: 'cloudformation_delete_stack',
    caller_arn: text,
    summary: text,
    reason: text,
    software: text,
    arguments: { [text]: text, list: [text, { [text]: text }] },
    targets: [targetOf(text), targetOf(`${text}2`)],
    impact: [impactOf(text, 'delete'), impactOf(text, 'replace'), impactOf(text, 'unknown'), impactOf(text, 'delete')],
    steps: [
      { tool: 'cloudformation_delete_stack', detail: text || 'x', leaves: text || 'x' },
      { tool: 'ec2_start_instances', detail: `${text}2`, leaves: `${text}2` },
    ],
    guard: { [text]: text },
    rehearsal: rehearsalOf(text),
    goes_on: { as: 'service_role', role_arn: text || 'x' },
    made: { what: 'change set', id: text, stack_id: text, created_stack: false },
    circumstances: {
      asked: { destructive_last_hour: 0, pending: 0 },
      deletion: {
        ticket: 'tkt_00000000000000000000' as never,
        agent: text,
        state: 'pending',
        at: '2026-11-24T07:10:00.000Z',
      },
    },
  };
}

/** Where changes, targets and arguments are many: each of the list's fields holds each string. */
export function everyStringAtOnce(): Partial<PlanRecord> {
  return {
    ...inEveryField(HOSTILE.join(' ')),
    targets: HOSTILE.map(targetOf),
    impact: HOSTILE.map((text, at) => impactOf(text, at % 2 ? 'delete' : 'replace')),
    arguments: { ...Object.fromEntries(HOSTILE.map((text) => [text, text])), list: [...HOSTILE] },
  };
}

/** 5,000 changes, among them these names. */
export function manyChanges(names: readonly string[]): Partial<PlanRecord> {
  const effects = ['create', 'modify', 'replace', 'delete', 'unknown'] as const;
  const impact = Array.from({ length: 5000 }, (_, at) =>
    impactOf(names[at % 1000] ?? `resource-${at}`, effects[at % effects.length] ?? 'delete'),
  );
  return { impact, targets: Array.from({ length: 300 }, (_, at) => targetOf(`${at}${names[at] ?? ''}`)) };
}

export function hostileTicket(installation: Installation, text: string): Promise<StoredTicket> {
  return installation.openTicket(inEveryField(text));
}

/** What the executor writes down: AWS's own words. */
const resultOf = (text: string) => ({
  detail: text,
  resources: [
    { resource: text, outcome: 'failed', detail: text },
    { resource: `${text}2`, outcome: 'succeeded', detail: text },
  ],
});

const refusalOf = (text: string) => ({ code: 'aws_rejected', message: text, recovery: text }) as const;

/**
 * One ticket for each way in which one can end, with the text in what was said of its end; and one that is still being
 * planned.
 */
export async function endedTickets(
  installation: Installation,
  text: string,
  parts = inEveryField(text),
): Promise<readonly StoredTicket[]> {
  const executor = installation.store.forExecutor('ex1');
  const agent = installation.store.forAgent({
    agent: parts.agent ?? 'claude',
    operator: 'mara',
    session: 'ses_1',
  });
  // What policy lets through at once needs nobody's signature.
  const claimed = async () => {
    const { id } = await installation.openTicket({ ...parts, environment: 'sandbox' });
    const claim = await executor.claim(id, 'ex1', 30_000);
    if (!claim) throw new Error('somebody else has it');
    return claim;
  };
  const weighed = { decisions: 0, statements: (await installation.store.forApprover().statements()).length };
  // One about the same of which nobody knows what came would keep these from running.
  for (const { id: ticket } of (await executor.tickets({ state: 'unknown', limit: 500 })).items)
    await executor.finish({ ticket, owner: 'ex1', epoch: 0 }, 'failed', resultOf(text), refusalOf(text));
  const ids: StoredTicket['id'][] = [];
  for (const to of ['succeeded', 'failed', 'unknown'] as const) {
    const claim = await claimed();
    await executor.begin(claim, intentOf(claim, installation.context('noa').now().toISOString()), weighed, {}, 10_000);
    await executor.finish(claim, to, resultOf(text), to === 'succeeded' ? undefined : refusalOf(text));
    ids.push(claim.ticket as StoredTicket['id']);
  }
  for (const to of ['stale', 'denied'] as const) {
    const claim = await claimed();
    await executor.stop(claim, to, refusalOf(text));
    ids.push(claim.ticket as StoredTicket['id']);
  }
  const { id: withdrawn } = await installation.openTicket(parts);
  await agent.withdraw(withdrawn, text);
  const draft = (await installation.store.forApprover().ticket(withdrawn)).draft;
  const [planned, refused] = [ticketIdFrom(randomBytes(20)), ticketIdFrom(randomBytes(20))];
  for (const id of [planned, refused]) await agent.startPlanning(id, draft);
  await agent.refusePlanning(refused, refusalOf(text));
  return Promise.all([...ids, withdrawn, planned, refused].map((id) => installation.store.forApprover().ticket(id)));
}
