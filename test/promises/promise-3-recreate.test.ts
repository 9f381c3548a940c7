import { expect, test } from 'vitest';
import { type Cloud, startCloud } from '../scenes/cloud.ts';
import { type Agent, makePlace, type Place, REASON, until } from '../scenes/front-door.ts';
import { agentHere, approve, enroll } from '../scenes/here.ts';
import { stateOf } from '../scenes/state.ts';

/* Deleting and creating again is a replacement in two calls, of which neither looks like one. */

const CONFIG = 'environments:\n  - name: development\n    match: { stack_names: ["dev-*"] }\n';
const queues = (...names: readonly string[]) =>
  JSON.stringify({ Resources: Object.fromEntries(names.map((name) => [name, { Type: 'AWS::SQS::Queue' }])) });

async function withStack(work: (place: Place, cloud: Cloud, one: Agent, other: Agent) => Promise<void>): Promise<void> {
  const seed = { stacks: [{ name: 'dev-shop', template: JSON.parse(queues('Jobs')) }] };
  await using cloud = await startCloud(seed);
  await using place = makePlace({ endpoint: cloud.endpoint, config: CONFIG, production: 'key' });
  await enroll(place, 'ana');
  await work(place, cloud, await place.agent(['--agent', 'one']), await agentHere(place, { agent: 'two' }));
}

const remove = (agent: Agent) => agent.call('cloudformation_delete_stack', { stack_name: 'dev-shop', reason: REASON });
const deploy = (agent: Agent, stack_name: string, ...names: readonly string[]) =>
  agent.call('cloudformation_deploy_stack', { stack_name, template_body: queues(...names), reason: REASON });

async function run(place: Place, ticket: { id: string; digest: string }): Promise<void> {
  expect(await approve(place, ticket, 'ana')).toMatchObject({ code: 0 });
  await until(
    () => stateOf(place, ticket.id),
    (state) => state === 'succeeded',
  );
}

function expectRecreation(held: any, deletion: { id: string }, words: string): void {
  expect(held).toMatchObject({
    outcome: 'pending_approval',
    plan: { environment: 'development', summary: expect.stringMatching(/^delete and recreate dev-shop: /) },
    ticket: { requirement: { approvals: 1, assurance: 'client', operator_may_approve: true } },
  });
  const [line] = held.plan.impact;
  expect(line).toMatchObject({ effect: 'replace', type: 'AWS::CloudFormation::Stack', recoverable: false });
  expect(line.detail).toContain(`delete and recreate: agent one ${words}`);
  expect(line.detail).toContain(deletion.id);
  expect(held.plan.effects).toContain('replace');
}

test('[P3-16] creating a stack within a day of its deletion is held as a replacement, and runs as shown', async () => {
  await withStack(async (place, _cloud, one, two) => {
    const { ticket: deletion } = await remove(one);
    await run(place, deletion);
    const held = await deploy(two, 'dev-shop', 'Jobs');
    expectRecreation(held, deletion, 'deleted this stack at ');
    // What a person reads first says so.
    const shown = await place.cli(['tickets', 'show', held.ticket.id]);
    expect(shown.stdout).toMatch(new RegExp(`^Recreates +${deletion.id} deleted it, `, 'm'));
    await run(place, held.ticket);
    // What stands again is updated as any other stack is; and another new stack is nothing special.
    expect(await deploy(one, 'dev-shop', 'Jobs', 'More')).toMatchObject({ outcome: 'completed' });
    expect(await deploy(one, 'dev-other', 'Jobs')).toMatchObject({
      outcome: 'completed',
      plan: { effects: ['create'] },
    });
  });
}, 150_000);

test('[P3-16] deploying to a stack whose deletion waits is held as a replacement, by name and by ARN', async () => {
  await withStack(async (place, _cloud, one, two) => {
    const { ticket: deletion, plan } = await remove(one);
    for (const name of ['dev-shop', plan.impact[0].resource]) {
      const held = await deploy(two, name, 'Jobs', 'More');
      expectRecreation(held, deletion, 'asked at ');
      await two.call('ticket_withdraw', { ticket_id: held.ticket.id, reason: REASON });
    }
    const again = await deploy(two, 'dev-shop', 'Jobs', 'More');
    // Withdrawn, the deletion is no longer in the way, and what was held for it runs as it was shown.
    await one.call('ticket_withdraw', { ticket_id: deletion.id, reason: REASON });
    await run(place, again.ticket);
    expect(await deploy(one, 'dev-shop', 'Jobs', 'More', 'Again')).toMatchObject({ outcome: 'completed' });
  });
}, 150_000);
