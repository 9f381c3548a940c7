import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Aws } from '../../src/aws/index.ts';
import { type Cloud, startCloud } from '../scenes/cloud.ts';
import { REASON } from '../scenes/front-door.ts';
import { effects, propose, read, testAws } from '../scenes/tools.ts';
import { instanceIds, NOTHING_HELD, setScene } from '../scenes/whole.ts';

let cloud: Cloud;
let aws: Aws;
const ids: Record<string, string> = {};

beforeAll(async () => {
  const instances = [{ tags: { Name: 'one' } }, { tags: { Name: 'two' } }];
  cloud = await startCloud(
    { instances: [...instances, { tags: { Name: 'off' }, state: 'stopped' }] },
    { latencyMs: 5 },
  );
  aws = testAws(cloud.endpoint);
  for (const instance of (await read(aws, 'ec2_describe_instances')).instances)
    ids[instance.tags.Name] = instance.instance_id;
});
afterAll(async () => await cloud[Symbol.asyncDispose]());

test('a reboot disrupts; that AWS accepted it is all that is ever known', async () => {
  const reboot = await propose(aws, 'ec2_reboot_instances', { instance_ids: [ids.one] });
  expect(effects(reboot)).toEqual(['disrupt AWS::EC2::Instance']);
  await reboot.execute();
  // After a crash not even that is known: state alone settles nothing.
  expect(await reboot.observe()).toMatchObject({
    state: 'succeeded',
    evidence: 'state',
    detail: expect.stringContaining('keeps no record'),
    resources: [{ outcome: 'succeeded' }],
  });
  expect(await cloud.requests('RebootInstances')).toHaveLength(1);
});

test('of a batch, an instance that no longer runs is not said to be rebooted', async () => {
  const reboot = await propose(aws, 'ec2_reboot_instances', { instance_ids: [ids.one, ids.two] });
  await (await propose(aws, 'ec2_terminate_instances', { instance_ids: [ids.two] })).execute();
  const seen = await reboot.observe();
  expect(seen.state).toBe('unknown');
  if (seen.state === 'pending') return;
  expect(Object.fromEntries(seen.resources.map((one) => [one.resource.split('/')[1], one.outcome]))).toEqual({
    [ids.one ?? '']: 'succeeded',
    [ids.two ?? '']: 'unknown',
  });
});

test('what does not run is not rebooted, and what is not there is named', async () => {
  const off = propose(aws, 'ec2_reboot_instances', { instance_ids: [ids.off] });
  await expect(off).rejects.toMatchObject({ code: 'wrong_state' });
  const missing = propose(aws, 'ec2_reboot_instances', { instance_ids: ['i-00000000000000001'] });
  await expect(missing).rejects.toMatchObject({ code: 'not_found' });
});

test('the guard sees that an instance was stopped meanwhile', async () => {
  const reboot = await propose(aws, 'ec2_reboot_instances', { instance_ids: [ids.one] });
  expect((await reboot.again()).guard).toEqual(reboot.guard);
  await (await propose(aws, 'ec2_stop_instances', { instance_ids: [ids.one] })).execute();
  await expect(reboot.again()).rejects.toMatchObject({ code: 'wrong_state' });
});

test('through the executor: accepted is completed, an answer that is lost is unknown, and nothing is sent again', async () => {
  await using scene = await setScene({ instances: [{}] }, { config: NOTHING_HELD, serve: ['--agent', 'tester'] });
  const instance_ids = await instanceIds(scene);
  const reboot = () => scene.agent.call('ec2_reboot_instances', { instance_ids, reason: REASON });
  expect(await reboot()).toMatchObject({
    outcome: 'completed',
    result: { detail: expect.stringContaining('EC2 keeps no record'), resources: [{ outcome: 'succeeded' }] },
  });
  await scene.cloud.fault({ action: 'RebootInstances', mode: 'drop_after' });
  expect(await reboot()).toMatchObject({ outcome: 'unknown', result: { resources: [{ outcome: 'unknown' }] } });
  expect(await scene.cloud.requests('RebootInstances')).toHaveLength(2);
});
