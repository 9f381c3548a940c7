import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Aws } from '../../src/aws/index.ts';
import { TOOLS } from '../../tools/index.ts';
import { type Cloud, startCloud } from '../scenes/cloud.ts';
import { effects, propose, REASON, read, testAws } from '../scenes/tools.ts';

let cloud: Cloud;
let aws: Aws;
const ids: Record<string, string> = {};

beforeAll(async () => {
  const off = (Name: string, more: object = {}) => ({ tags: { Name }, state: 'stopped' as const, ...more });
  cloud = await startCloud(
    {
      instances: [
        { tags: { Name: 'on' } },
        { tags: { Name: 'public' }, publicAddress: true, instanceType: 'm5d.large' },
        { tags: { Name: 'locked' }, disableApiStop: true },
        { tags: { Name: 'rootless' }, rootDevice: 'instance-store' },
        off('off'),
        off('stored', { instanceType: 'm5d.large' }),
        off('old', { instanceType: 'm4.large' }),
        off('arm', { instanceType: 't4g.micro' }),
        off('sleeper', { hibernation: true }),
        off('spot', { spot: 'persistent' }),
        { tags: { Name: 'member', 'aws:autoscaling:groupName': 'fleet' } },
        { tags: { Name: 'held', 'aws:cloudformation:stack-name': 'web' }, disableApiTermination: true },
        { tags: { Name: 'gone' } },
      ],
    },
    { latencyMs: 5 },
  );
  aws = testAws(cloud.endpoint);
  for (const instance of (await read(aws, 'ec2_describe_instances')).instances)
    ids[instance.tags.Name] = instance.instance_id;
});
afterAll(async () => await cloud[Symbol.asyncDispose]());

const modify = (name: string, change: object) =>
  propose(aws, 'ec2_modify_instance_attribute', { instance_id: ids[name] ?? name, ...change });

test('a stopped instance gets another type', async () => {
  const change = await modify('off', { instance_type: 'm5.large' });
  expect(effects(change)).toEqual(['modify AWS::EC2::Instance']);
  expect(change.impact[0]).toMatchObject({
    recoverable: true,
    detail: expect.stringContaining('from t3.micro to m5.large'),
    properties: [{ name: 'InstanceType', before: 't3.micro', after: 'm5.large' }],
  });
  expect(await change.observe()).toMatchObject({ state: 'unknown' });
  await change.execute();
  expect(await change.outcome()).toMatchObject({ state: 'succeeded', resources: [{ outcome: 'succeeded' }] });
  const { instances } = await read(aws, 'ec2_describe_instances', { instance_ids: [ids.off] });
  expect(instances).toMatchObject([{ instance_type: 'm5.large' }]);
  await expect(change.again()).rejects.toMatchObject({ code: 'no_changes' });
});

test('D28: a running instance is stopped, changed and started again; what that costs is said', async () => {
  const change = await modify('public', { instance_type: 't3.micro' });
  expect(effects(change)).toEqual(['disrupt AWS::EC2::Instance']);
  expect(change.steps?.map(({ tool }) => tool)).toEqual([
    'ec2_stop_instances',
    'ec2_modify_instance_attribute',
    'ec2_start_instances',
  ]);
  for (const told of [
    'starts again on other hardware',
    'what is on its instance store (75 GB) is lost',
    'its public address',
    'whether a load balancer',
  ])
    expect(change.impact[0]?.detail).toContain(told);
  expect(change.impact[0]?.recoverable).toBe(false);
});

test('D28: a member of an Auto Scaling group that would have to stop for it is replaced, as by any stop', async () => {
  const change = await modify('member', { instance_type: 'm5.large' });
  const stopped = await propose(aws, 'ec2_stop_instances', { instance_ids: [ids.member] });
  expect([effects(change), change.impact[0]?.recoverable]).toEqual([effects(stopped), stopped.impact[0]?.recoverable]);
  expect(effects(change)).toEqual(['replace AWS::EC2::Instance']);
});

test('D28: before each further step it has to be as the steps before leave it', async () => {
  const change = await modify('on', { instance_type: 'm5.large' });
  await expect(change.differs(2)).rejects.toMatchObject({ code: 'wrong_state' });
  await change.execute(1);
  expect(await change.outcome(1)).toMatchObject({ state: 'succeeded' });
  expect(await change.differs(2)).toBeUndefined();
  expect(await change.differs(3)).toMatch(/instance type of i-[0-9a-f]+ changed/);
  await change.execute(2);
  expect(await change.outcome(2)).toMatchObject({ state: 'succeeded' });
  expect(await change.differs(2)).toMatch(/instance type of i-[0-9a-f]+ changed/);
  expect(await change.differs(3)).toBeUndefined();
  await change.execute(3);
  expect(await change.outcome(3)).toMatchObject({ state: 'succeeded' });
});

test('what the new type lacks or does otherwise is said', async () => {
  const stored = await modify('stored', { instance_type: 'm5.large' });
  expect(stored.impact[0]?.detail).toContain('the new type has no instance store');
  const old = await modify('old', { instance_type: 'm5.large' });
  expect(old.impact[0]?.detail).toContain('other device names (xen to nitro)');
});

test.each([
  ['locked', { instance_type: 'm5.large' }, 'protected', /a person turns it off/],
  ['rootless', { instance_type: 'm5.large' }, 'wrong_state', /leave it out/],
  ['on', { instance_type: 'm6g.large' }, 'invalid_input', /another type/],
  ['sleeper', { instance_type: 'm5.large' }, 'wrong_state', /launch another/],
  ['spot', { instance_type: 'm5.large' }, 'wrong_state', /launch another/],
  ['spot', { disable_api_termination: true }, 'wrong_state', /go on without/],
  ['off', { instance_type: 'm6g.large' }, 'invalid_input', /another type/],
  ['arm', { instance_type: 't3.micro' }, 'invalid_input', /another type/],
  ['off', { instance_type: 'q1.large' }, 'not_found', /offered here/],
  ['i-00000000000000001', { disable_api_termination: true }, 'not_found', /ec2_describe_instances/],
  ['held', { disable_api_termination: true }, 'no_changes', /go on without/],
])('%s with %j is refused as %s', async (name, change, code, recovery) => {
  await expect(modify(name, change)).rejects.toMatchObject({ code, recovery: expect.stringMatching(recovery) });
});

test('a terminated instance has no attributes to change', async () => {
  const change = await modify('gone', { disable_api_termination: true });
  await (await propose(aws, 'ec2_terminate_instances', { instance_ids: [ids.gone] })).execute();
  await expect(change.again()).rejects.toMatchObject({ code: 'wrong_state' });
});

test('turning termination protection off weakens, turning it on does not', async () => {
  const off = await modify('held', { disable_api_termination: false });
  expect(effects(off)).toEqual(['weaken AWS::EC2::Instance']);
  expect(off.impact[0]?.detail).toContain("belongs to stack web, which isn't told: it drifts");
  expect(await off.observe()).toMatchObject({ state: 'unknown' });
  await off.execute();
  expect(await off.outcome()).toMatchObject({ state: 'succeeded' });
  const on = await modify('held', { disable_api_termination: true });
  expect(effects(on)).toEqual(['modify AWS::EC2::Instance']);
  await on.execute();
  expect(await on.outcome()).toMatchObject({ state: 'succeeded' });
  await expect(propose(aws, 'ec2_terminate_instances', { instance_ids: [ids.held] })).rejects.toMatchObject({
    code: 'protected',
  });
});

test('protection does not bind an Auto Scaling group, and the plan says so', async () => {
  const on = await modify('member', { disable_api_termination: true });
  expect(on.impact[0]?.detail).toContain("doesn't keep the Auto Scaling group fleet from terminating it");
});

test('the guard sees that the instance was started', async () => {
  const change = await modify('old', { instance_type: 'm5.large' });
  expect((await change.again()).guard).toEqual(change.guard);
  const start = await propose(aws, 'ec2_start_instances', { instance_ids: [ids.old] });
  await start.execute();
  await start.outcome();
  const now = await change.again();
  expect([now.guard, now.steps?.length]).not.toEqual([change.guard, change.steps?.length]);
});

test.each([{}, { instance_type: 'm5.large', disable_api_termination: true }, { instance_type: 'm5.*' }])(
  '%j is no change of one attribute',
  (change) => {
    const tool = TOOLS.find(({ name }) => name === 'ec2_modify_instance_attribute');
    const result = tool?.input.safeParse({ instance_id: ids.off, reason: REASON, ...change });
    expect(result?.success).toBe(false);
  },
);
