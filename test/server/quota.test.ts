import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { DEFAULT_QUOTAS } from '../../src/kernel/quotas.ts';
import { NO_RULES } from '../../src/kernel/rules.ts';
import { ticketIdFrom } from '../../src/kernel/ticket.ts';
import { loadPolicy } from '../../src/policy/load.ts';
import type { PlacedContext } from '../../src/server/context.ts';
import { planAndOpen } from '../../src/server/planning.ts';
import type { ChangeTool } from '../../tools/define.ts';
import { TOOLS } from '../../tools/index.ts';
import { POLICY_ACTIONS } from '../scenes/actions.ts';
import { draftOf } from '../scenes/openings.ts';
import { open, temporaryFolder } from '../store/sqlite/folder.ts';

/*
 * The real planning, policy and store; only what AWS would say is made up, so that every plan is ready in the same
 * moment. (Through the front, AWS's answers come one after the other and hide a race.)
 */

const caller = { account: '123456789012', region: 'eu-west-1', arn: 'arn:aws:iam::123456789012:role/reader' };
const stopping = { tool: 'ec2_stop_instances', kind: 'change' } as const;
const stop = TOOLS.find(({ name }) => name === 'ec2_stop_instances') as ChangeTool;

function planned(n: number): Awaited<ReturnType<ChangeTool['plan']>> {
  const resource = `i-${String(n).padStart(17, '0')}`;
  const type = 'AWS::EC2::Instance';
  return {
    summary: 'stop 1 instance',
    targets: [{ id: resource, type, name: resource, tags: {} }],
    impact: [{ resource, type, effect: 'disrupt', detail: 'it stops', recoverable: true }],
    guard: { n },
  };
}

test('calls that are planned in the same moment do not get past a quota together', async () => {
  const folder = temporaryFolder();
  const store = open(folder);
  const policy = await loadPolicy({ source: 'default', actions: [...POLICY_ACTIONS, stopping] });
  const rules = { ...NO_RULES, quotas: { ...DEFAULT_QUOTAS, pending: 3 }, macros: [], expireAfterMs: () => 3_600_000 };
  const context = {
    ...{ agent: 'claude', operator: 'ann', session: 's1', software: 'holdshort/0.1.0' },
    store: store.forAgent({ agent: 'claude', operator: 'ann', session: 's1' }),
    aws: { readers: async () => ({ caller }) },
    policy: async () => policy,
    rules: async () => rules,
  } as unknown as PlacedContext;
  const tickets = await Promise.all(
    Array.from({ length: 10 }, (_, n) =>
      planAndOpen(context, {
        id: ticketIdFrom(randomBytes(20)),
        tool: { ...stop, record: () => ({ n }), plan: async () => planned(n), permits: () => ({ permissions: [] }) },
        input: { reason: 'the instance is not needed at night' },
        draft: draftOf(Date.now()),
        given_up: new AbortController(),
      }),
    ),
  );
  await store.close();
  folder.remove();
  expect(tickets.map(({ state }) => state).sort()).toEqual([...Array(3).fill('pending'), ...Array(7).fill('refused')]);
});
