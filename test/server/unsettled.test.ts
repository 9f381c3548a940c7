import { DescribeInstancesCommand } from '@aws-sdk/client-ec2';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { approve, REASON, stop, until } from '../scenes/front-door.ts';
import { type Gateway, startGateway } from '../scenes/gateway.ts';
import {
  entriesOf,
  instanceIds,
  NOTHING_HELD,
  type Scene,
  setScene,
  type ToolAnswer,
  verified,
} from '../scenes/whole.ts';

/* After an outcome that nobody knows, the same is asked for once more: two effects, and nobody decided the second. */

let scene: Scene;
let ids: string[];
let launch: { image_id: string; subnet_id: string; instance_type: string; reason: string };
let unknown: { readonly launch: ToolAnswer; readonly stop: ToolAnswer };

const REQUIREMENT = { approvals: 1, assurance: 'client', operator_may_approve: true };

const lost = (tool: string, args: object): Promise<ToolAnswer> =>
  scene.agent.call(tool, { ...args, reason: REASON }) as Promise<ToolAnswer>;
/** The executor's way to AWS, on which the first launch and the first stop are lost. */
let gateway: Gateway;
const rebooting = Promise.withResolvers<void>();

beforeAll(async () => {
  scene = await setScene(
    { instances: [{}, {}, { availabilityZone: 'eu-west-1b' }] },
    { config: NOTHING_HELD, latencyMs: 0, speed: 5 },
  );
  gateway = await startGateway(scene.cloud.endpoint, {
    RunInstances: async () => undefined,
    StopInstances: async () => undefined,
    RebootInstances: async (forward) => {
      await rebooting.promise;
      return await forward();
    },
  });
  scene.place.start(['executor'], { AWS_ENDPOINT_URL: gateway.endpoint });
  ids = await instanceIds(scene);
  const { instances } = await scene.agent.call('ec2_describe_instances');
  const { image_id, subnet_id } = instances[0];
  launch = { image_id, subnet_id, instance_type: 't3.micro', reason: REASON };
  const [launched, stopped] = await Promise.all([
    lost('ec2_run_instances', launch),
    lost('ec2_stop_instances', { instance_ids: [ids[0]] }),
  ]);
  // On a busy machine the calls return before that.
  const ended = async ({ ticket }: ToolAnswer) => {
    await scene.settled(ticket?.id ?? '');
    return (await scene.agent.call('ticket_get', { ticket_id: ticket?.id })) as ToolAnswer;
  };
  unknown = { launch: await ended(launched), stop: await ended(stopped) };
});
afterAll(async () => {
  await scene[Symbol.asyncDispose]();
  await gateway[Symbol.asyncDispose]();
});

const held: readonly [string, 'launch' | 'stop', string, () => object][] = [
  ['the same launch', 'launch', 'ec2_run_instances', () => launch],
  ['a launch in other words', 'launch', 'ec2_run_instances', () => ({ ...launch, instance_type: 't3.small' })],
  ['the same stop', 'stop', 'ec2_stop_instances', () => ({ instance_ids: [ids[0]] })],
  ['a stop of it and of another', 'stop', 'ec2_stop_instances', () => ({ instance_ids: [ids[0], ids[1]] })],
  ['something else done to its target', 'stop', 'ec2_create_tags', () => ({ resources: [ids[0]], tags: { a: 'b' } })],
];

test.each(held)(
  'B10: %s is held, also in the sandbox, and says why on its first line',
  async (_, which, tool, args) => {
    expect(unknown[which]).toMatchObject({ ticket: { state: 'unknown' } });
    const answer = await scene.agent.client.callTool({ name: tool, arguments: { ...args(), reason: REASON } });
    const data = answer.structuredContent as any;
    expect(data, JSON.stringify(data)).toMatchObject({
      outcome: 'pending_approval',
      ticket: { requirement: REQUIREMENT },
    });
    const why = `ticket ${unknown[which].ticket?.id} on this target is not settled: nobody knows whether its`;
    expect(data.plan.summary).toContain(why);
    expect(data.plan.impact[0].detail).toContain(why);
    const [first] = answer.content as { text: string }[];
    expect(first?.text.split('\n')[0]).toContain(why);
  },
);

test("B10: another agent's same launch is held too; what is about something else runs", async () => {
  const other = await scene.place.agent(['--no-executor', '--agent', 'other']);
  expect(await other.call('ec2_run_instances', launch)).toMatchObject({ outcome: 'pending_approval' });
  await other.close();
  const free = { resources: [ids[2]], tags: { a: 'b' }, reason: REASON };
  expect(await scene.agent.call('ec2_create_tags', free)).toMatchObject({ outcome: 'completed' });
});

test('B10: nothing was sent a second time', async () => {
  for (const sent of ['RunInstances', 'StopInstances'])
    expect(gateway.passed.filter((action) => action === sent)).toHaveLength(1);
  await verified(scene);
});

test('B10: while it is being carried out, what is about the same is held', async () => {
  const { agent } = scene;
  const running = agent.call('ec2_reboot_instances', { instance_ids: [ids[2]], reason: REASON });
  await until(
    () => gateway.passed,
    (passed) => passed.includes('RebootInstances'),
  );
  const tags = { resources: [ids[2]], tags: { c: 'd' }, reason: REASON };
  const answer = await agent.call('ec2_create_tags', tags);
  expect(answer).toMatchObject({ outcome: 'pending_approval' });
  expect(answer.plan.summary).toContain('its ec2_reboot_instances is being carried out');
  rebooting.resolve();
  expect(await running).toMatchObject({ outcome: 'completed' });
});

test('B10: what people approved before they could know of it does not run after it; what they approved knowing does', async () => {
  await using own = await setScene({ instances: [{}] }, { approvers: ['ann'], latencyMs: 0, speed: 5 });
  const [instance] = await instanceIds(own);
  const stopping = await own.ask('ec2_stop_instances', { instance_ids: [instance] });
  const tagging = await own.ask('ec2_create_tags', { resources: [instance], tags: { a: 'b' } });
  await own.cloud.fault({ action: 'StopInstances', mode: 'drop_before' });
  expect((await approve(own.place, stopping, 'ann')).code).toBe(0);
  const executor = own.place.start(['executor']);
  expect(await own.settled(stopping.id)).toBe('unknown');
  expect((await approve(own.place, tagging, 'ann')).code).toBe(0);
  expect(await own.settled(tagging.id)).toBe('stale');
  const told = await own.agent.call('ticket_get', { ticket_id: tagging.id });
  expect(told.refusal.message).toContain(`ticket ${stopping.id} on this target is not settled`);
  expect(await own.cloud.requests('CreateTags')).toHaveLength(0);
  const knowing = await own.ask('ec2_create_tags', { resources: [instance], tags: { a: 'b' } });
  expect((await approve(own.place, knowing, 'ann')).code).toBe(0);
  expect(await own.settled(knowing.id)).toBe('succeeded');
  expect(entriesOf(own, knowing.id, 'ticket.executing')).toBe(1);
  await stop(executor);
  await verified(own);
});

/** AWS's answer to a launch comes later than the executor waits, and the agent asks for the same once more. */
test.each([
  ['carries it out late', 'hold_before', 'unknown', 'nobody knows whether its ec2_run_instances happened'],
  ['answers late', 'hold_after', 'executing', 'its ec2_run_instances is being carried out'],
] as const)('B10: AWS %s: the same launch again is held, and one instance comes of it', async (_, mode, state, why) => {
  await using own = await setScene({ instances: [{}] }, { config: NOTHING_HELD, latencyMs: 0, speed: 5 });
  const { Reservations = [] } = await own.ec2.send(new DescribeInstancesCommand({}));
  const { ImageId: image_id, SubnetId: subnet_id } = Reservations[0]?.Instances?.[0] ?? {};
  const launch = { image_id, subnet_id, instance_type: 't3.micro', reason: REASON };
  await own.cloud.fault({ action: 'RunInstances', mode });
  const executor = own.place.start(['executor']);
  const first = own.agent.call('ec2_run_instances', launch);
  await own.cloud.arrived('RunInstances');
  const id = own.rows('SELECT id FROM ticket')[0]?.id ?? '';
  // One waits for as long as it does; the other is gone before it could look what came of it.
  if (state === 'unknown') await own.settled(id);
  await stop(executor, state === 'unknown' ? 'SIGTERM' : 'SIGKILL');
  expect(own.state(id)).toBe(state);

  const again = (await own.agent.call('ec2_run_instances', launch)).ticket.id;
  // On a busy machine the call itself may end before its plan is made.
  await until(
    () => own.state(again),
    (now) => now !== 'planning',
  );
  const { content, structuredContent } = await own.agent.client.callTool({
    name: 'ticket_get',
    arguments: { ticket_id: again },
  });
  expect(structuredContent).toMatchObject({ ticket: { state: 'pending', requirement: REQUIREMENT } });
  const [{ text } = { text: '' }] = content as { text: string }[];
  expect(text.split('\n')[0]).toContain(`ticket ${id} on this target is not settled: ${why}`);

  if (state === 'unknown') await own.cloud.release('RunInstances');
  await first;
  own.place.start(['executor']);
  // Its own token tells, whenever the instance is there.
  await until(
    () => own.state(id),
    (now) => now === 'succeeded',
  );
  expect(await instanceIds(own)).toHaveLength(2);
  expect(await own.cloud.requests('RunInstances')).toHaveLength(1);
  expect(own.state(again)).toBe('pending');
  await verified(own);
});
