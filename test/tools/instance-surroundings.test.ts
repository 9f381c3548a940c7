import { AllocateAddressCommand, AssociateAddressCommand, type EC2Client } from '@aws-sdk/client-ec2';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Aws } from '../../src/aws/index.ts';
import { type Cloud, startCloud } from '../scenes/cloud.ts';
import { directClient } from '../scenes/storage.ts';
import { effects, propose, read, testAws } from '../scenes/tools.ts';

/*
 * What goes, stays or comes back when an instance is stopped, terminated or started: said in the plan, and part of its
 * guard.
 */

let cloud: Cloud;
let aws: Aws;
let ec2: EC2Client;
const ids: Record<string, string> = {};

beforeAll(async () => {
  const named = (Name: string) => ({ tags: { Name } });
  cloud = await startCloud(
    {
      instances: [
        { ...named('stored'), instanceType: 'i3.xlarge' },
        { ...named('retired'), instanceType: 'zz9.large' },
        { ...named('plain') },
        { ...named('rooted'), rootDevice: 'instance-store' },
        { ...named('public'), publicAddress: true },
        { ...named('elastic') },
        { ...named('sleeper'), hibernation: true },
        { ...named('once'), spot: 'one-time' },
        { ...named('again'), spot: 'persistent' },
        { ...named('dozing'), spot: 'persistent', hibernation: true },
        { tags: { Name: 'owned', 'aws:cloudformation:stack-name': 'web' } },
        { ...named('unstoppable'), disableApiStop: true },
      ],
    },
    { latencyMs: 5 },
  );
  aws = testAws(cloud.endpoint);
  ec2 = directClient(cloud.endpoint);
  for (const instance of (await read(aws, 'ec2_describe_instances')).instances)
    ids[instance.tags.Name] = instance.instance_id;
});
afterAll(async () => {
  ec2.destroy();
  await cloud[Symbol.asyncDispose]();
});

const plan = (tool: string, name: string, more: object = {}) =>
  propose(aws, tool, { instance_ids: [ids[name]], ...more });
const detail = async (tool: string, name: string, more: object = {}) =>
  (await plan(tool, name, more)).impact[0]?.detail ?? '';

test.each(['ec2_stop_instances', 'ec2_terminate_instances'])('%s says what is on an instance store', async (tool) => {
  expect(await detail(tool, 'stored')).toContain('instance store (150 GB) is lost');
  expect(await detail(tool, 'plain')).not.toContain('instance store');
  // A type that AWS doesn't list any more may have one.
  expect(await detail(tool, 'retired')).toContain('whatever is on an instance store is lost');
});

test('an instance whose root is on an instance store can only be terminated', async () => {
  await expect(plan('ec2_stop_instances', 'rooted')).rejects.toMatchObject({ code: 'wrong_state' });
  expect(await detail('ec2_terminate_instances', 'rooted')).toContain(
    'its root is on an instance store, which is lost',
  );
});

test('a public address that is no Elastic IP is lost', async () => {
  expect(await detail('ec2_stop_instances', 'public')).toMatch(/its public address 192\.0\.2\.\d+ is lost, the next/);
  expect(await detail('ec2_terminate_instances', 'public')).toMatch(/its public address 192\.0\.2\.\d+ is lost/);
});

test('an Elastic IP stays, with a stopped instance or without a terminated one, and is guarded', async () => {
  const before = await plan('ec2_terminate_instances', 'elastic');
  const { AllocationId = '', PublicIp = '' } = await ec2.send(new AllocateAddressCommand({ Domain: 'vpc' }));
  await ec2.send(new AssociateAddressCommand({ AllocationId, InstanceId: ids.elastic }));
  expect((await before.again()).guard).not.toEqual(before.guard);
  const stop = await detail('ec2_stop_instances', 'elastic');
  expect(stop).toContain(`Elastic IP ${PublicIp} stays with it`);
  expect(stop).not.toContain('is lost');
  const terminate = await plan('ec2_terminate_instances', 'elastic');
  expect(effects(terminate)).toEqual(['delete AWS::EC2::Instance', 'delete AWS::EC2::Volume', 'modify AWS::EC2::EIP']);
  expect(terminate.impact[2]).toMatchObject({ resource: AllocationId, recoverable: true });
});

test('only what was launched to hibernate does, and not a Spot instance', async () => {
  const hibernate = { hibernate: true };
  for (const name of ['plain', 'dozing'])
    await expect(plan('ec2_stop_instances', name, hibernate)).rejects.toMatchObject({ code: 'wrong_state' });
  const sleep = await plan('ec2_stop_instances', 'sleeper', hibernate);
  expect(sleep.impact[0]?.detail).toMatch(/: hibernates;.*its memory is saved/);
  await sleep.execute();
  expect(await sleep.outcome()).toMatchObject({ state: 'succeeded' });
  expect((await cloud.requests('StopInstances')).at(-1)?.parameters).toMatchObject({ Hibernate: true });
});

test('a one-time Spot instance does not stop; a persistent one is disabled, and comes back after its end', async () => {
  await expect(plan('ec2_stop_instances', 'once')).rejects.toMatchObject({ code: 'wrong_state' });
  expect(await detail('ec2_terminate_instances', 'once')).not.toContain('launches another');
  expect(await detail('ec2_stop_instances', 'again')).toMatch(/Spot request sir-\w+ is disabled until it starts/);
  const terminate = await plan('ec2_terminate_instances', 'again');
  expect(terminate.impact[0]?.detail).toMatch(/Spot request sir-\w+ is persistent and launches another/);
  await (await plan('ec2_stop_instances', 'again')).execute();
  expect((await terminate.again()).guard).not.toEqual(terminate.guard);
});

test('terminating makes the stack drift, stopping does not', async () => {
  expect(await detail('ec2_terminate_instances', 'owned')).toContain(
    "belongs to stack web, which isn't told: it drifts",
  );
  expect(await detail('ec2_stop_instances', 'owned')).toMatch(/belongs to stack web, which isn't told$/);
});

test('stop protection protects from termination too', async () => {
  await expect(plan('ec2_terminate_instances', 'unstoppable')).rejects.toMatchObject({
    code: 'protected',
    message: expect.stringContaining('stop protection'),
  });
});

test('a batch with one instance that is protected is refused as a whole, before anything is sent', async () => {
  const both = propose(aws, 'ec2_terminate_instances', { instance_ids: [ids.plain, ids.unstoppable] });
  await expect(both).rejects.toMatchObject({ code: 'protected' });
  expect(await cloud.requests('TerminateInstances')).toEqual([]);
});

test('load balancers, which EC2 does not tell of, are not passed over in silence', async () => {
  for (const tool of ['ec2_stop_instances', 'ec2_terminate_instances', 'ec2_reboot_instances'])
    expect(await detail(tool, 'plain')).toContain('load balancer');
});
