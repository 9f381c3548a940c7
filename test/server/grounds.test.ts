import { randomBytes } from 'node:crypto';
import { expect, onTestFinished, test } from 'vitest';
import { readPlan } from '../../src/kernel/plan.ts';
import { DEFAULT_QUOTAS } from '../../src/kernel/quotas.ts';
import { NO_RULES } from '../../src/kernel/rules.ts';
import { ticketIdFrom } from '../../src/kernel/ticket.ts';
import { loadPolicy } from '../../src/policy/load.ts';
import type { PlacedContext } from '../../src/server/context.ts';
import { planAndOpen } from '../../src/server/planning.ts';
import type { AgentStore, Store, StoredTicket } from '../../src/store/port.ts';
import type { ChangeTool } from '../../tools/define.ts';
import { TOOLS } from '../../tools/index.ts';
import { POLICY_ACTIONS } from '../scenes/actions.ts';
import { decision, draftOf, openingOf, person } from '../scenes/openings.ts';
import { open, temporaryFolder } from '../store/sqlite/folder.ts';

/*
 * Two servers on the same data, with the real planning, policy and store. What another process does between the
 * weighing of a call and the opening of its ticket is done at the last look before it; only what AWS would say is made
 * up.
 */

const caller = { account: '123456789012', region: 'eu-west-1', arn: 'arn:aws:iam::123456789012:role/reader' };
const STACK = {
  id: 'arn:aws:cloudformation:eu-west-1:123456789012:stack/shop/1',
  type: 'AWS::CloudFormation::Stack',
  name: 'shop',
  stack_name: 'shop',
  tags: {},
};
// Without its change set: the plan is made up below.
const { prepare: _, ...deploy } = TOOLS.find(({ name }) => name === 'cloudformation_deploy_stack') as ChangeTool;

async function deployed(meanwhile: (other: Store) => Promise<void>): Promise<StoredTicket> {
  const folder = temporaryFolder();
  const [store, other] = [open(folder), open(folder)];
  onTestFinished(async () => {
    await Promise.all([store.close(), other.close()]);
    folder.remove();
  });
  const policy = await loadPolicy({ source: 'default', actions: POLICY_ACTIONS });
  const rules = { ...NO_RULES, quotas: DEFAULT_QUOTAS, macros: [], expireAfterMs: () => 3_600_000 };
  const agent = store.forAgent({ agent: 'claude', operator: 'ann', session: 's1' });
  let looked = false;
  const context = {
    ...{ agent: 'claude', operator: 'ann', session: 's1', software: 'holdshort/0.1.0' },
    store: {
      ...agent,
      // The last that is read of the store before the ticket is opened.
      async deniedBefore(call) {
        const denial = await agent.deniedBefore(call);
        if (!looked) await meanwhile(other);
        looked = true;
        return denial;
      },
    } satisfies AgentStore,
    aws: { readers: async () => ({ caller }) },
    policy: async () => policy,
    rules: async () => rules,
  } as unknown as PlacedContext;
  return await planAndOpen(context, {
    id: ticketIdFrom(randomBytes(20)),
    tool: {
      ...deploy,
      record: () => ({ stack_name: 'shop' }),
      permits: () => ({ permissions: [] }),
      plan: async () => ({
        summary: 'create stack shop',
        targets: [STACK],
        impact: [{ resource: STACK.id, type: STACK.type, effect: 'create', detail: 'it is made', recoverable: true }],
        lifecycle: { kind: 'stack', name: 'shop', event: 'create' },
        guard: { stack_id: null },
      }),
    },
    input: { reason: 'the shop is not there yet' },
    draft: draftOf(Date.now(), { tool: deploy.name }),
    given_up: new AbortController(),
  });
}

const same = { targets: [STACK], arguments: { stack_name: 'shop' } };

test('C17: a denial between weighing and opening is the answer', async () => {
  const answer = deployed(async (other) => {
    const opening = openingOf(Date.now(), { draft: { tool: deploy.name, agent: 'another' }, plan: same });
    const { ticket } = await other.forAgent({ agent: 'another', operator: 'ann', session: 's2' }).openTicket(opening);
    await other.forApprover().recordDecision({
      ticket: ticket.id,
      expected: { state: 'pending', decisions: 0 },
      signed: decision(person('mara'), ticket, 'deny'),
      to: 'denied',
      actor: 'approver:mara',
      refusal: { code: 'denied', message: 'denied by mara', recovery: 'ask mara' },
      detail: {},
    });
  });
  await expect(answer).rejects.toMatchObject({ code: 'denied' });
});

test('C17: a deletion that is asked for between weighing and opening makes the plan one that deletes and recreates', async () => {
  const ticket = await deployed(async (other) => {
    const draft = { tool: 'cloudformation_delete_stack', agent: 'another' };
    const plan = { targets: [STACK], lifecycle: { kind: 'stack', name: 'shop', event: 'delete' as const } };
    await other
      .forAgent({ agent: 'another', operator: 'ann', session: 's2' })
      .openTicket(openingOf(Date.now(), { draft, plan }));
  });
  expect(ticket.plan).toBeDefined();
  expect(ticket.plan && readPlan(ticket.plan, ticket.id)).toMatchObject({
    summary: 'delete and recreate shop: create stack shop',
    effects: ['replace', 'create'],
    circumstances: { deletion: { agent: 'another', state: 'pending' } },
  });
});
