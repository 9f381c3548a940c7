import { type CloudFormationClient, DescribeStacksCommand, type Stack } from '@aws-sdk/client-cloudformation';
import { ModifyInstanceAttributeCommand } from '@aws-sdk/client-ec2';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { REASON, stop, until } from '../scenes/front-door.ts';
import { type Answer, type Meeting, startGateway } from '../scenes/gateway.ts';
import { holdStore } from '../scenes/tampering.ts';
import {
  entriesOf,
  instanceIds,
  instanceState,
  NOTHING_HELD,
  type Scene,
  setScene,
  type ToolAnswer,
  verified,
} from '../scenes/whole.ts';

const STACK = { template: { Resources: { One: { Type: 'AWS::SQS::Queue' } } } };

async function stackOf({ cloudformation }: { cloudformation: CloudFormationClient }, name: string) {
  const { Stacks = [] } = await cloudformation.send(new DescribeStacksCommand({}));
  return Stacks.find((stack: Stack) => stack.StackName === name);
}

/**
 * Most of the time here is spent waiting for a dead executor's claim to lapse: what is played early waits beside the
 * others.
 */
const plays: (() => Promise<void>)[] = [];
function early(play: () => Promise<void>): () => Promise<void> {
  let playing: Promise<void> | undefined;
  const once = () => {
    playing ??= play();
    return playing;
  };
  plays.push(once);
  return once;
}
beforeAll(() => {
  // Anyone who awaits it hears of a failure.
  for (const play of plays) play().catch(() => undefined);
});

/** The ticket of a call that is still waiting for its outcome. */
async function ticketOf({ rows }: Scene, tool: string): Promise<string> {
  const found = () => rows('SELECT id FROM ticket_overview WHERE tool = ?', tool)[0]?.id;
  return (await until(found, Boolean)) ?? '';
}

describe.concurrent('one ticket at one point', () => {
  test('[P5-3] killed between the durable intent and the delivery of the request: never sent again, and unknown', async () => {
    await using scene = await setScene({ instances: [{}] }, { config: NOTHING_HELD, speed: 5 });
    const [instance = ''] = await instanceIds(scene);
    const reached = Promise.withResolvers<void>();
    // Takes the request off the wire and never delivers it.
    await using gateway = await startGateway(scene.cloud.endpoint, {
      TerminateInstances: () => {
        reached.resolve();
        return new Promise(() => undefined);
      },
    });
    const call = scene.agent.call('ec2_terminate_instances', { instance_ids: [instance], reason: REASON });
    const ticket = await ticketOf(scene, 'ec2_terminate_instances');
    const first = scene.place.start(['executor'], { AWS_ENDPOINT_URL: gateway.endpoint });
    await reached.promise;
    expect(scene.state(ticket)).toBe('executing');
    await stop(first, 'SIGKILL');
    scene.place.start(['executor']);
    // On a busy machine the call itself may stop waiting before that.
    expect(['unknown', 'in_progress']).toContain((await call).outcome);
    expect(await scene.settled(ticket)).toBe('unknown');
    expect(await scene.cloud.requests('TerminateInstances')).toHaveLength(0);
    expect(await instanceState(scene, instance)).toBe('running');
    await verified(scene);
  });

  test('[P5-7] stopped, then killed, while AWS is at it: observed to its end, never sent again', async () => {
    const Two = { Type: 'AWS::SQS::Queue', DependsOn: 'One' };
    const seed = { stacks: [{ name: 'shop', template: { Resources: { ...STACK.template.Resources, Two } } }] };
    await using scene = await setScene(seed, { config: NOTHING_HELD, latencyMs: 7_000 });
    const { cloud, place } = scene;
    const looked = async () => cloud.arrived('DescribeStacks', (await cloud.requests('DescribeStacks')).length + 1);
    const call = scene.agent.call('cloudformation_delete_stack', { stack_name: 'shop', reason: REASON });
    const ticket = await ticketOf(scene, 'cloudformation_delete_stack');
    const first = place.start(['executor']);
    await cloud.arrived('DeleteStack');
    expect(await stackOf(scene, 'shop')).toMatchObject({ StackStatus: 'DELETE_IN_PROGRESS' });
    await stop(first, 'SIGTERM');
    expect(scene.state(ticket)).toBe('executing');
    const second = place.start(['executor']);
    await looked();
    await stop(second, 'SIGKILL');
    expect(scene.state(ticket)).toBe('executing');
    place.start(['executor']);
    expect(await call).toMatchObject({ outcome: 'completed', ticket: { state: 'succeeded' } });
    expect(await cloud.requests('DeleteStack')).toHaveLength(1);
    await verified(scene);
  });
});

describe('one executor is killed with SIGKILL while four tickets are at four points, and another one starts', () => {
  let scene: Scene;
  const answers: Record<string, ToolAnswer | undefined> = {};
  const atTheKill: Record<string, string> = {};
  const sent = async (action: string) => (await scene.cloud.requests(action)).length;

  const play = early(async () => {
    scene = await setScene(
      {
        stacks: [{ name: 'shop', ...STACK }],
        instances: [{}, { availabilityZone: 'eu-west-1b' }, { availabilityZone: 'eu-west-1c', state: 'stopped' }],
      },
      { config: NOTHING_HELD },
    );
    const { cloud, place, agent } = scene;
    const [, , started] = await instanceIds(scene);
    const { instances } = await agent.call('ec2_describe_instances');
    const { image_id, subnet_id } = instances[0];
    const launch = { image_id, subnet_id, instance_type: 't3.micro' };
    const volume = { availability_zone: 'eu-west-1a', size: 1 };
    const calls: Record<string, Promise<ToolAnswer>> = {
      cloudformation_delete_stack: agent.call('cloudformation_delete_stack', { stack_name: 'shop', reason: REASON }),
      ec2_run_instances: agent.call('ec2_run_instances', { ...launch, reason: REASON }),
      ec2_create_volume: agent.call('ec2_create_volume', { ...volume, reason: REASON }),
      ec2_start_instances: agent.call('ec2_start_instances', { instance_ids: [started], reason: REASON }),
    };
    const tools = Object.keys(calls);
    for (const tool of tools) await ticketOf(scene, tool);

    const reads = await sent('GetTemplate');
    await cloud.fault({ action: 'GetTemplate', mode: 'hold_before', ms: 60_000 });
    await cloud.fault({ action: 'RunInstances', mode: 'hold_before', ms: 5_000 });
    await cloud.fault({ action: 'CreateVolume', mode: 'hold_after', ms: 60_000 });
    await cloud.fault({ action: 'StartInstances', mode: 'hold_after', ms: 4_000 });
    const first = place.start(['executor']);
    await Promise.all([
      cloud.arrived('GetTemplate', reads + 1),
      ...['RunInstances', 'CreateVolume', 'StartInstances'].map((action) => cloud.arrived(action)),
    ]);
    const looks = await sent('DescribeInstances');
    // Nobody can write until this is rolled back, so the outcome that the executor sees can't be stored.
    const letGo = await holdStore(scene.place);
    await cloud.arrived('DescribeInstances', looks + 1);
    await stop(first, 'SIGKILL');
    await letGo();
    for (const tool of tools) atTheKill[tool] = scene.state(await ticketOf(scene, tool));
    place.start(['executor']);
    for (const tool of tools) answers[tool] = await calls[tool];
  });
  beforeAll(play);
  afterAll(async () => await scene[Symbol.asyncDispose]());

  test('[P5-2] during the recheck: nothing was sent; the next executor sends it, once', async () => {
    expect(atTheKill.cloudformation_delete_stack).toBe('approved');
    expect(answers.cloudformation_delete_stack).toMatchObject({ outcome: 'completed', ticket: { state: 'succeeded' } });
    expect(await sent('DeleteStack')).toBe(1);
    expect(await stackOf(scene, 'shop')).toBeUndefined();
  });

  test.each([
    ['[P5-4] after the send, before AWS carried it out', 'ec2_run_instances', 'RunInstances'],
    ['[P5-5] after AWS carried it out, before the answer', 'ec2_create_volume', 'CreateVolume'],
    ['[P5-6] after the answer, before the outcome is stored', 'ec2_start_instances', 'StartInstances'],
  ])('%s: one effect, found by looking', async (_, tool, action) => {
    expect(atTheKill[tool]).toBe('executing');
    expect(answers[tool]).toMatchObject({ outcome: 'completed', ticket: { state: 'succeeded' } });
    expect(await sent(action)).toBe(1);
  });

  test('[P5-6] each ran once and ended once in the log, which verifies', async () => {
    for (const tool of Object.keys(answers)) {
      const ticket = await ticketOf(scene, tool);
      expect(entriesOf(scene, ticket, 'ticket.executing')).toBe(1);
      expect(entriesOf(scene, ticket, 'ticket.succeeded')).toBe(1);
    }
    await verified(scene);
  });
});

describe('an answer that never comes, or is none', () => {
  let scene: Scene;
  const sent: string[] = [];
  const cases: Record<string, { outcome: string; state: string | undefined; answer: ToolAnswer }> = {};
  const page = (status: number): Answer => ({ status, type: 'text/html', body: '<html><body>Sorry</body></html>' });
  const meetings: Record<string, Meeting> = {
    'the answer is lost': async (forward) => void (await forward()),
    'the request is lost': async () => undefined,
    'a server error page, and it happened': async (forward) => (await forward()) && page(502),
    'a server error page, and nothing happened': async () => page(500),
    'a page with status 200, and nothing happened': async () => page(200),
  };

  const play = early(async () => {
    scene = await setScene(
      { stacks: [{ name: 'shop', ...STACK }], instances: [{ count: 5 }] },
      { config: NOTHING_HELD },
    );
    const ids = await instanceIds(scene);
    const names = Object.keys(meetings);
    await using gateway = await startGateway(scene.cloud.endpoint, {
      TerminateInstances: async (forward, parameters) => {
        const id = parameters.get('InstanceId.1') ?? '';
        sent.push(id);
        return await meetings[names[ids.indexOf(id)] ?? '']?.(forward, parameters);
      },
      DeleteStack: async (forward) => {
        sent.push('shop');
        await forward();
        return undefined;
      },
    });
    const agent = await scene.place.agent([], { env: { AWS_ENDPOINT_URL: gateway.endpoint } });
    await Promise.all([
      ...names.map(async (name, n) => {
        const id = ids[n] ?? '';
        const answer = await agent.call('ec2_terminate_instances', { instance_ids: [id], reason: REASON });
        cases[name] = { outcome: answer.outcome, state: await instanceState(scene, id), answer };
      }),
      (async () => {
        const answer = await agent.call('cloudformation_delete_stack', { stack_name: 'shop', reason: REASON });
        cases['the answer to a stack deletion is lost'] = {
          outcome: answer.outcome,
          state: (await stackOf(scene, 'shop'))?.StackStatus,
          answer,
        };
      })(),
    ]);
    await agent.close();
  });
  beforeAll(play);
  afterAll(async () => await scene[Symbol.asyncDispose]());

  test.each([
    // EC2 names no request for a termination: that it is so now is no proof of ours.
    ['[P5-8] the answer is lost', 'unknown', 'terminated'],
    ['[P5-8] the answer to a stack deletion is lost', 'completed', undefined],
    ['[P5-9] the request is lost', 'unknown', 'running'],
    ['[P5-10] a server error page, and it happened', 'unknown', 'terminated'],
    ['[P5-10] a server error page, and nothing happened', 'unknown', 'running'],
    ['[P5-10] a page with status 200, and nothing happened', 'unknown', 'running'],
  ])('%s: %s, and truly so', (title, outcome, state) => {
    const name = title.replace(/^\[.*?\] /, '');
    expect(cases[name]).toMatchObject({ outcome });
    expect(cases[name]?.state).toBe(state);
    if (outcome === 'unknown') expect(cases[name]?.answer.refusal?.code).toBe('aws_unreachable');
  });

  test('[P5-10] nothing was sent a second time', async () => {
    expect(sent).toHaveLength(6);
    expect(new Set(sent).size).toBe(6);
    await verified(scene);
  });
});

test('[P5-11] carried out in part: told for each resource', async () => {
  await using scene = await setScene(
    { instances: [{ availabilityZone: 'eu-west-1a' }, { availabilityZone: 'eu-west-1b' }] },
    { config: NOTHING_HELD },
  );
  const [kept = '', gone = ''] = await instanceIds(scene);
  await using gateway = await startGateway(scene.cloud.endpoint, {
    // Someone protects one instance after the recheck: AWS then spares those of its zone and terminates the others.
    TerminateInstances: async (forward) => {
      const protect = { InstanceId: kept, DisableApiTermination: { Value: true } };
      await scene.ec2.send(new ModifyInstanceAttributeCommand(protect));
      return await forward();
    },
  });
  const executor = scene.place.start(['executor'], { AWS_ENDPOINT_URL: gateway.endpoint });
  const answer = await scene.agent.call('ec2_terminate_instances', { instance_ids: [kept, gone], reason: REASON });
  expect(answer).toMatchObject({ outcome: 'failed', refusal: { code: 'aws_rejected' } });
  const outcome = (id: string) =>
    answer.result.resources.find((one: { resource: string }) => one.resource.endsWith(id))?.outcome;
  expect(outcome(gone)).toBe('succeeded');
  expect(outcome(kept)).not.toBe('succeeded');
  expect(await instanceState(scene, kept)).toBe('running');
  expect(gateway.passed.filter((action) => action === 'TerminateInstances')).toHaveLength(1);
  await stop(executor);
});
