import { CreateTagsCommand, DescribeInstancesCommand, TerminateInstancesCommand } from '@aws-sdk/client-ec2';
import { expect, test } from 'vitest';
import { REASON } from '../scenes/front-door.ts';
import { onceStopped, startGateway } from '../scenes/gateway.ts';
import { approve, enroll, here } from '../scenes/here.ts';
import { events } from '../scenes/state.ts';
import { entriesOf, instanceIds, NOTHING_HELD, type Scene, setScene, verified } from '../scenes/whole.ts';

/* A running instance gets another type: one ticket, three requests, each with an intent of its own. */

const TOOL = 'ec2_modify_instance_attribute';
const REQUESTS = ['StopInstances', 'ModifyInstanceAttribute', 'StartInstances'] as const;

const resized = (instance_id: string) => ({ instance_id, instance_type: 'm5.large' });

async function sent({ cloud }: Scene): Promise<readonly string[]> {
  return (await cloud.requests()).map(({ action }) => action).filter((one) => REQUESTS.some((known) => known === one));
}

async function looks({ ec2 }: Scene, id: string) {
  const { Reservations } = await ec2.send(new DescribeInstancesCommand({ InstanceIds: [id] }));
  const found = Reservations?.[0]?.Instances?.[0];
  return { state: found?.State?.Name, type: found?.InstanceType };
}

test('D28: a running instance is resized by one ticket: three requests in their order, each after its own entry', async () => {
  await using scene = await setScene({ instances: [{}] }, { config: NOTHING_HELD, latencyMs: 100 });
  const [id = ''] = await instanceIds(scene);
  const intents = () =>
    events(scene.place).filter(({ type }) => type === 'ticket.executing' || type === 'execution.step').length;
  const before: number[] = [];
  const noting = async (forward: () => Promise<any>) => {
    before.push(intents());
    return await forward();
  };
  await using gateway = await startGateway(
    scene.cloud.endpoint,
    Object.fromEntries(REQUESTS.map((action) => [action, noting])),
  );
  await scene.executing({ AWS_ENDPOINT_URL: gateway.endpoint });
  const answer = await scene.agent.call(TOOL, { ...resized(id), reason: REASON });
  expect(answer, JSON.stringify(answer)).toMatchObject({
    outcome: 'completed',
    plan: {
      effects: ['disrupt'],
      steps: [{ tool: 'ec2_stop_instances' }, { tool: TOOL }, { tool: 'ec2_start_instances' }],
    },
    result: {
      detail: expect.stringMatching(/^all 3 steps done/),
      steps: REQUESTS.map((action) => ({ action: `ec2:${action}`, outcome: 'succeeded' })),
    },
  });
  expect(await sent(scene)).toEqual(REQUESTS);
  expect(before).toEqual([1, 2, 3]);
  expect(await looks(scene, id)).toEqual({ state: 'running', type: 'm5.large' });
  const steps = events(scene.place, 'execution.step').map(({ detail }) => [detail.action, detail.intent.step]);
  expect(steps).toEqual([
    ['ec2:ModifyInstanceAttribute', 2],
    ['ec2:StartInstances', 3],
  ]);
  await verified(scene);
});

test('D28: one approval of the ticket lets all three run, and each entry names it', async () => {
  await using scene = await setScene({ instances: [{}] }, { approvers: ['noa'], latencyMs: 100 });
  const [id = ''] = await instanceIds(scene);
  const ticket = await scene.approved(TOOL, resized(id));
  await scene.executing();
  expect(await scene.settled(ticket.id)).toBe('succeeded');
  expect(await sent(scene)).toEqual(REQUESTS);
  const intents = events(scene.place).filter(({ detail }) => detail.intent !== undefined);
  expect(intents.map(({ detail }) => detail.approvals.map(({ person }: { person: string }) => person))).toEqual([
    ['noa'],
    ['noa'],
    ['noa'],
  ]);
  await verified(scene);
});

test('D28: a stopped instance takes one request, and stays stopped', async () => {
  await using scene = await setScene(
    { instances: [{ state: 'stopped' }] },
    { config: NOTHING_HELD, serve: [], latencyMs: 0 },
  );
  const [id = ''] = await instanceIds(scene);
  const answer = await scene.agent.call(TOOL, { ...resized(id), reason: REASON });
  expect(answer).toMatchObject({ outcome: 'completed', plan: { effects: ['modify'] } });
  expect(answer.plan.steps).toBeUndefined();
  expect(await sent(scene)).toEqual(['ModifyInstanceAttribute']);
  expect(await looks(scene, id)).toEqual({ state: 'stopped', type: 'm5.large' });
});

/** What happens while the stop is under way, and with what the ticket then ends. */
const BETWEEN: readonly [
  string,
  (scene: Scene, ticket: string, digest: string, instance: string) => Promise<unknown>,
  string,
  RegExp,
][] = [
  [
    'a halt',
    ({ place }) => here(place, ['halt', '--reason', 'something is wrong', '--as', 'noa']),
    'halted',
    /every change is halted by noa/,
  ],
  [
    'a denial',
    ({ place }, ticket, digest) =>
      here(place, ['deny', ticket, '--yes', '--digest', digest, '--reason', 'not now', '--as', 'noa']),
    'denied',
    /denied it/,
  ],
  [
    'an approval that is taken back',
    ({ place }, ticket) => here(place, ['approve', ticket, '--withdraw', '--as', 'ida']),
    'approval_invalid',
    /^ida took the approval back before its next request$/,
  ],
  [
    "the revocation of the approver's key",
    ({ place }) => here(place, ['approvers', 'revoke', 'ida', '--reason', 'lost', '--as', 'noa']),
    'approval_invalid',
    /revoked key/,
  ],
  [
    'somebody else who changes the instance',
    ({ ec2 }, _ticket, _digest, id) =>
      ec2.send(new CreateTagsCommand({ Resources: [id], Tags: [{ Key: 'stage', Value: 'production' }] })),
    'stale',
    /tags of i-[0-9a-f]+ changed/,
  ],
];

test.each(BETWEEN)(
  'D28: %s between two steps is the end: stopped, not resized, not started, and told so',
  {
    timeout: 240_000,
  },
  async (_, meddle, code, why) => {
    await using scene = await setScene({ instances: [{}] }, { approvers: ['noa'], latencyMs: 100 });
    const [id = ''] = await instanceIds(scene);
    await enroll(scene.place, 'ida', 'noa');
    const ticket = await scene.ask(TOOL, resized(id));
    expect((await approve(scene.place, ticket, 'ida')).code).toBe(0);
    let meddled: any;
    await using gateway = await startGateway(scene.cloud.endpoint, {
      StopInstances: async (forward) => {
        const answer = await forward();
        meddled = await meddle(scene, ticket.id, ticket.digest, id);
        return answer;
      },
    });
    const executor = await scene.executing({ AWS_ENDPOINT_URL: gateway.endpoint });
    expect(await scene.settled(ticket.id)).toBe('failed');
    if (meddled.code !== undefined) expect(meddled.code, meddled.stderr).toBe(0);
    const told = await scene.agent.call('ticket_get', { ticket_id: ticket.id });
    expect(told.refusal, JSON.stringify(told)).toMatchObject({ code, message: expect.stringMatching(why) });
    expect(told.result.detail).toMatch(
      /^1 of 3 steps done \(ec2:StopInstances\); not sent \(ec2:ModifyInstanceAttribute, ec2:StartInstances\)/,
    );
    expect(told.result.detail).toContain(
      `when it was last seen, after step 1: ${id} is left stopped, still a t3.micro`,
    );
    expect(await sent(scene)).toEqual(['StopInstances']);
    expect(await looks(scene, id)).toEqual({ state: 'stopped', type: 't3.micro' });
    expect(entriesOf(scene, ticket.id, 'execution.step')).toBe(0);
    await executor.stop();
    await verified(scene);
  },
);

test('D28: of what somebody else terminated between two steps it is told how it was when it was last seen', async () => {
  await using scene = await setScene({ instances: [{}] }, { config: NOTHING_HELD, latencyMs: 0 });
  const [id = ''] = await instanceIds(scene);
  const gone = onceStopped(async (forward) => {
    await scene.ec2.send(new TerminateInstancesCommand({ InstanceIds: [id] }));
    return await forward();
  });
  await using gateway = await startGateway(scene.cloud.endpoint, gone);
  await scene.executing({ AWS_ENDPOINT_URL: gateway.endpoint });
  const answer = await scene.agent.call(TOOL, { ...resized(id), reason: REASON });
  expect(answer, JSON.stringify(answer)).toMatchObject({ outcome: 'failed', refusal: { code: 'aws_rejected' } });
  expect(answer.result.detail).toContain(`when it was last seen, after step 1: ${id} is left stopped`);
  expect(await sent(scene)).toEqual(['StopInstances', 'ModifyInstanceAttribute']);
});

test('D28: what was denied between two steps is denied: asked for in the same words, it is refused', async () => {
  await using scene = await setScene({ instances: [{}] }, { approvers: ['noa'], latencyMs: 100 });
  const [id = ''] = await instanceIds(scene);
  const { id: ticket, digest } = await scene.approved(TOOL, resized(id));
  const deny = () =>
    here(scene.place, ['deny', ticket, '--yes', '--digest', digest, '--reason', 'not now', '--as', 'noa']);
  await using gateway = await startGateway(scene.cloud.endpoint, {
    StopInstances: async (forward) => (await deny()) && (await forward()),
  });
  const executor = await scene.executing({ AWS_ENDPOINT_URL: gateway.endpoint });
  expect(await scene.settled(ticket)).toBe('failed');
  await executor.stop();
  const again = await scene.agent.call(TOOL, { ...resized(id), reason: REASON });
  expect(again).toMatchObject({ outcome: 'refused', refusal: { code: 'denied' } });
  // After the last request has begun, there is nothing left to deny.
  expect((await deny()).code).not.toBe(0);
});

const refusals: readonly [(typeof REQUESTS)[number], string, object][] = [
  ['StopInstances', '0 of 3 steps done; step 1 (ec2:StopInstances)', { state: 'running', type: 't3.micro' }],
  ['ModifyInstanceAttribute', 'still a t3.micro; ec2_start_instances', { state: 'stopped', type: 't3.micro' }],
  ['StartInstances', 'is left stopped, as a m5.large', { state: 'stopped', type: 'm5.large' }],
];

test.each(refusals)(
  'D28: %s is refused by AWS: nothing follows, and it says how things are left',
  async (action, detail, then) => {
    await using scene = await setScene({ instances: [{}] }, { config: NOTHING_HELD, latencyMs: 0 });
    await scene.executing();
    const [id = ''] = await instanceIds(scene);
    await scene.cloud.fault({ action, mode: 'error_before', status: 400, code: 'InsufficientInstanceCapacity' });
    const answer = await scene.agent.call(TOOL, { ...resized(id), reason: REASON });
    expect(answer, JSON.stringify(answer)).toMatchObject({ outcome: 'failed', refusal: { code: 'aws_rejected' } });
    expect(answer.result.detail).toContain(detail);
    expect(await sent(scene)).toEqual(REQUESTS.slice(0, REQUESTS.indexOf(action) + 1));
    expect(await looks(scene, id)).toEqual(then);
  },
);

test.each(REQUESTS)(
  'D28: the answer to %s is lost: nothing follows, and nobody is invited to go on',
  async (action) => {
    await using scene = await setScene({ instances: [{}] }, { config: NOTHING_HELD, latencyMs: 0 });
    await scene.executing();
    const [id = ''] = await instanceIds(scene);
    await scene.cloud.fault({ action, mode: 'drop_after' });
    const answer = await scene.agent.call(TOOL, { ...resized(id), reason: REASON });
    expect(answer, JSON.stringify(answer)).toMatchObject({ outcome: 'unknown', ticket: { state: 'unknown' } });
    expect(answer.refusal.recovery).toContain('let a person look at AWS');
    const place = REQUESTS.indexOf(action);
    expect(answer.result.steps.map(({ outcome }: { outcome: string }) => outcome)).toEqual(
      REQUESTS.map((_, at) => (at === place ? 'unknown' : at < place ? 'succeeded' : 'not_sent')),
    );
    expect(await sent(scene)).toEqual(REQUESTS.slice(0, place + 1));
  },
);
