import * as sdk from '@aws-sdk/client-ec2';
import { afterAll, expect, test } from 'vitest';
import type { Aws } from '../../src/aws/index.ts';
import { useMoto } from '../scenes/moto.ts';
import { effects, propose, read, testAws } from '../scenes/tools.ts';

let aws: Aws;
let client: sdk.EC2Client;

useMoto(async (direct, there) => {
  aws = testAws(direct.endpoint);
  client = new sdk.EC2Client(direct);
  // moto loads a service when it is first asked, which on a busy machine takes longer than our own clients wait.
  if (there) await client.send(new sdk.DescribeVpcsCommand({}));
});
afterAll(async () => {
  client.destroy();
});

async function defaultVpc(): Promise<string> {
  const { vpcs } = await read(aws, 'ec2_describe_vpcs');
  return vpcs.find((vpc: any) => vpc.is_default).vpc_id;
}

async function makeGroup(group_name: string): Promise<string> {
  const create = await propose(aws, 'ec2_create_security_group', {
    group_name,
    description: 'a test',
    vpc_id: await defaultVpc(),
  });
  await create.execute();
  expect(await create.outcome()).toMatchObject({ state: 'succeeded' });
  return (await read(aws, 'ec2_describe_security_groups', { group_name })).security_groups[0].group_id;
}

async function run(group: string): Promise<string> {
  const input = { ImageId: 'ami-12345678', MinCount: 1, MaxCount: 1, SecurityGroupIds: [group] };
  return (await client.send(new sdk.RunInstancesCommand(input))).Instances?.[0]?.InstanceId ?? '';
}

const rule = { ip_protocol: 'tcp', from_port: 22, to_port: 22 };

test('networks are shown', async () => {
  const vpc_id = await defaultVpc();
  const { subnets } = await read(aws, 'ec2_describe_subnets', { vpc_id });
  expect(subnets.length).toBeGreaterThan(1);
  expect(subnets[0]).toMatchObject({ vpc_id, cidr_block: expect.any(String) });
});

test('a group from its creation to its deletion, with rules that come and go', async () => {
  const group_id = await makeGroup('web');
  const id = await run(group_id);
  const open = await propose(aws, 'ec2_authorize_security_group_ingress', {
    group_id,
    rules: [
      { ...rule, cidr_ip: '0.0.0.0/0', description: 'a test' },
      { ...rule, source_group_id: group_id },
      { ip_protocol: '-1', cidr_ipv6: '::/0' },
      { ip_protocol: 'icmp', cidr_ip: '172.31.0.0/24' },
    ],
  });
  expect(open.impact.map(({ effect }) => effect)).toEqual(['expose', 'expose', 'modify', 'modify']);
  expect(open.impact[0]?.detail).toContain(`on 1 instance (${id})`);
  await open.execute();
  expect(await open.outcome()).toMatchObject({ state: 'succeeded' });
  const again = propose(aws, 'ec2_authorize_security_group_ingress', {
    group_id,
    rules: [{ ...rule, cidr_ip: '0.0.0.0/0' }],
  });
  await expect(again).rejects.toMatchObject({ code: 'no_changes' });

  // moto would delete it, and leave the instance in a group that isn't there.
  const used = propose(aws, 'ec2_delete_security_group', { group_id });
  await expect(used).rejects.toMatchObject({ code: 'in_use', message: expect.stringContaining(id) });

  const [shown] = (await read(aws, 'ec2_describe_security_groups', { group_ids: [group_id] })).security_groups;
  expect(shown.ingress).toHaveLength(4);
  const close = await propose(aws, 'ec2_revoke_security_group_ingress', {
    group_id,
    security_group_rule_ids: shown.ingress.map((one: any) => one.security_group_rule_id),
  });
  await close.execute();
  expect(await close.outcome()).toMatchObject({ state: 'succeeded' });
  await client.send(new sdk.TerminateInstancesCommand({ InstanceIds: [id] }));
});

test('a group that another names, which moto would delete, is refused; a free one goes', async () => {
  const [web, db] = [await makeGroup('web'), await makeGroup('db')];
  const open = await propose(aws, 'ec2_authorize_security_group_ingress', {
    group_id: db,
    rules: [{ ...rule, source_group_id: web }],
  });
  await open.execute();
  const named = propose(aws, 'ec2_delete_security_group', { group_id: web });
  await expect(named).rejects.toMatchObject({ code: 'in_use', message: expect.stringContaining(db) });
  for (const group_id of [db, web]) {
    const gone = await propose(aws, 'ec2_delete_security_group', { group_id });
    await gone.execute();
    expect(await gone.outcome()).toMatchObject({ state: 'succeeded' });
  }
});

test('the default group, which moto would delete, is refused', async () => {
  const { security_groups } = await read(aws, 'ec2_describe_security_groups', { group_name: 'default' });
  const { group_id } = security_groups[0];
  const remove = propose(aws, 'ec2_delete_security_group', { group_id });
  await expect(remove).rejects.toMatchObject({ code: 'protected' });
});

test('an address in use, which moto would release, is refused; a free one goes', async () => {
  const { AllocationId: allocation_id = '' } = await client.send(new sdk.AllocateAddressCommand({ Domain: 'vpc' }));
  const id = await run(await makeGroup('web'));
  const { AssociationId } = await client.send(
    new sdk.AssociateAddressCommand({ AllocationId: allocation_id, InstanceId: id }),
  );
  await expect(propose(aws, 'ec2_release_address', { allocation_id })).rejects.toMatchObject({ code: 'in_use' });
  await client.send(new sdk.DisassociateAddressCommand({ AssociationId }));
  const release = await propose(aws, 'ec2_release_address', { allocation_id });
  await release.execute();
  expect(await release.outcome()).toMatchObject({ state: 'succeeded' });
});

test('resources of every kind are tagged and untagged; one that is not there is named', async () => {
  const group = await makeGroup('web');
  const id = await run(group);
  const volume = await client.send(new sdk.CreateVolumeCommand({ AvailabilityZone: 'eu-west-1a', Size: 1 }));
  const snapshot = await client.send(new sdk.CreateSnapshotCommand({ VolumeId: volume.VolumeId }));
  const image = await client.send(new sdk.CreateImageCommand({ InstanceId: id, Name: 'made' }));
  const resources = [id, group, await defaultVpc(), volume.VolumeId, snapshot.SnapshotId, image.ImageId];
  const set = await propose(aws, 'ec2_create_tags', { resources, tags: { env: 'dev', Name: 'x' } });
  expect(effects(set).filter((effect) => effect.startsWith('weaken'))).toHaveLength(6);
  const snapshotTarget = set.targets.find(({ name }) => name === snapshot.SnapshotId);
  expect(snapshotTarget?.id).toBe(`arn:aws:ec2:eu-west-1::snapshot/${snapshot.SnapshotId}`);
  await set.execute();
  expect(await set.outcome()).toMatchObject({ state: 'succeeded' });
  const clear = await propose(aws, 'ec2_delete_tags', { resources, tag_keys: ['env'] });
  await clear.execute();
  expect(await clear.outcome()).toMatchObject({ state: 'succeeded' });
  for (const absent of ['i-00000001', 'vol-00000001', 'snap-00000001', 'ami-00000001', 'sg-00000001', 'vpc-00000001']) {
    const nowhere = propose(aws, 'ec2_create_tags', { resources: [absent], tags: { env: 'dev' } });
    await expect(nowhere, absent).rejects.toMatchObject({
      code: 'not_found',
      message: expect.stringContaining(absent),
    });
  }
});
