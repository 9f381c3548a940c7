import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Aws } from '../../src/aws/index.ts';
import { type Cloud, startCloud } from '../scenes/cloud.ts';
import { effects, propose, read, testAws } from '../scenes/tools.ts';

let cloud: Cloud;
let aws: Aws;
const ids: Record<string, string> = {};

beforeAll(async () => {
  cloud = await startCloud(
    {
      instances: [
        { tags: { Name: 'one', env: 'dev', 'aws:cloudformation:stack-name': 'web' } },
        { tags: { Name: 'two' } },
        { tags: { Name: 'three' } },
        { tags: { Name: 'held' }, disableApiTermination: true, disableApiStop: true },
        { tags: { Name: 'off' }, state: 'stopped' },
        { tags: { Name: 'member', 'aws:autoscaling:groupName': 'fleet' } },
        { tags: { Name: 'dated' } },
      ],
    },
    { latencyMs: 5 },
  );
  aws = testAws(cloud.endpoint);
  const { instances } = await read(aws, 'ec2_describe_instances');
  for (const instance of instances) ids[instance.tags.Name] = instance.instance_id;
});
afterAll(async () => await cloud[Symbol.asyncDispose]());

test('terminating names the volumes that go along and the stack that owns the instance', async () => {
  const proposal = await propose(aws, 'ec2_terminate_instances', { instance_ids: [ids.one] });
  expect(effects(proposal)).toEqual(['delete AWS::EC2::Instance', 'delete AWS::EC2::Volume']);
  expect(proposal.targets).toMatchObject([{ name: ids.one, stack_name: 'web', tags: { env: 'dev' } }]);
  expect(proposal.targets[0]?.id).toBe(`arn:aws:ec2:eu-west-1:123456789012:instance/${ids.one}`);
  expect(await proposal.observe()).toMatchObject({ state: 'unknown' });
  await proposal.execute();
  expect(await proposal.outcome()).toMatchObject({ state: 'succeeded', resources: [{ outcome: 'succeeded' }] });
  const again = propose(aws, 'ec2_terminate_instances', { instance_ids: [ids.one] });
  await expect(again).rejects.toMatchObject({ code: 'wrong_state' });
});

test('stopping disrupts, starting modifies, each is observed to its end', async () => {
  const stop = await propose(aws, 'ec2_stop_instances', { instance_ids: [ids.two] });
  expect(effects(stop)).toEqual(['disrupt AWS::EC2::Instance']);
  await stop.execute();
  expect(await stop.outcome()).toMatchObject({ state: 'succeeded' });
  const start = await propose(aws, 'ec2_start_instances', { instance_ids: [ids.two] });
  expect(effects(start)).toEqual(['modify AWS::EC2::Instance']);
  await start.execute();
  expect(await start.outcome()).toMatchObject({ state: 'succeeded' });
});

test('a batch of which only a part shows an effect is unknown, told per instance', async () => {
  const both = await propose(aws, 'ec2_terminate_instances', { instance_ids: [ids.two, ids.three] });
  const part = await propose(aws, 'ec2_terminate_instances', { instance_ids: [ids.two] });
  await part.execute();
  const outcome = await both.outcome();
  expect(outcome.state).toBe('unknown');
  expect(Object.fromEntries(outcome.resources.map((one) => [one.resource.split('/')[1], one.outcome]))).toEqual({
    [ids.two ?? '']: 'succeeded',
    [ids.three ?? '']: 'unknown',
  });
});

test.each([
  ['ec2_terminate_instances', 'held', 'protected'],
  ['ec2_stop_instances', 'held', 'protected'],
  ['ec2_stop_instances', 'off', 'wrong_state'],
  ['ec2_start_instances', 'three', 'wrong_state'],
])('%s of %s is refused as %s', async (tool, name, code) => {
  await expect(propose(aws, tool, { instance_ids: [ids[name]] })).rejects.toMatchObject({ code });
});

test('an instance that is not there is named', async () => {
  const proposal = propose(aws, 'ec2_terminate_instances', { instance_ids: [ids.three, 'i-00000000000000001'] });
  await expect(proposal).rejects.toMatchObject({
    code: 'not_found',
    message: expect.stringContaining('i-00000000000000001'),
  });
});

test('the guard sees a tag that changed', async () => {
  const proposal = await propose(aws, 'ec2_terminate_instances', { instance_ids: [ids.three] });
  expect((await proposal.again()).guard).toEqual(proposal.guard);
  await (await propose(aws, 'ec2_stop_instances', { instance_ids: [ids.three] })).execute();
  expect((await proposal.again()).guard).not.toEqual(proposal.guard);
});

test('stopping a member of an Auto Scaling group is replacing it', async () => {
  const stop = await propose(aws, 'ec2_stop_instances', { instance_ids: [ids.member] });
  expect(stop.impact).toMatchObject([
    { effect: 'replace', recoverable: false, detail: expect.stringContaining('group fleet terminates') },
  ]);
});

test('a state that is older or much younger than the attempt is not its effect', async () => {
  const from = (minutes: number) => ({ intended_at: new Date(Date.now() + minutes * 60_000).toISOString() });
  const stop = await propose(aws, 'ec2_stop_instances', { instance_ids: [ids.dated] });
  await stop.execute();
  expect(await stop.outcome()).toMatchObject({ state: 'succeeded' });
  expect(await stop.observe(from(10))).toMatchObject({ state: 'unknown', resources: [{ outcome: 'unknown' }] });
  expect(await stop.observe(from(-60))).toMatchObject({ state: 'unknown', resources: [{ outcome: 'unknown' }] });
});

test('an instance that is no longer listed is no evidence that this request terminated it', async () => {
  const terminate = await propose(aws, 'ec2_terminate_instances', { instance_ids: [ids.dated] });
  const gone = { arguments: { instance_ids: ['i-00000000000000001'] } };
  expect(await terminate.observe({}, gone)).toMatchObject({
    state: 'unknown',
    resources: [{ outcome: 'unknown', detail: expect.stringContaining('no longer listed') }],
  });
});
