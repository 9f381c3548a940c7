import * as sdk from '@aws-sdk/client-ec2';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Aws } from '../../src/aws/index.ts';
import { type Cloud, startCloud } from '../scenes/cloud.ts';
import { effects, propose, read, testAws } from '../scenes/tools.ts';

let cloud: Cloud;
let aws: Aws;
let client: sdk.EC2Client;
let instance: string;
let other: string;

beforeAll(async () => {
  cloud = await startCloud(
    {
      addresses: [{ tags: { Name: 'spare', 'aws:cloudformation:stack-name': 'site' } }, { tags: { use: 'door' } }],
      instances: [
        { tags: { Name: 'one', env: 'dev', 'aws:cloudformation:stack-name': 'site' } },
        { tags: { Name: 'two', leak: 'AKIAIOSFODNN7EXAMPLE' } },
      ],
    },
    { latencyMs: 5 },
  );
  aws = testAws(cloud.endpoint);
  const credentials = { accessKeyId: 'a', secretAccessKey: 'b' };
  client = new sdk.EC2Client({ endpoint: cloud.endpoint, region: 'eu-west-1', credentials });
  const { instances } = await read(aws, 'ec2_describe_instances');
  [instance, other] = ['one', 'two'].map((name) => instances.find((one: any) => one.tags.Name === name).instance_id);
});
afterAll(async () => {
  client.destroy();
  await cloud[Symbol.asyncDispose]();
});

const tag = (resources: string[], tags: Record<string, string>) => propose(aws, 'ec2_create_tags', { resources, tags });
const untag = (resources: string[], tag_keys: string[]) => propose(aws, 'ec2_delete_tags', { resources, tag_keys });
const address = async (filter: Record<string, unknown>) =>
  (await read(aws, 'ec2_describe_addresses', filter)).addresses[0];

test('VPCs and subnets are shown by id and by filter, in pages', async () => {
  const { vpcs } = await read(aws, 'ec2_describe_vpcs');
  expect(vpcs).toMatchObject([{ is_default: true, cidr_blocks: ['172.31.0.0/16'], ipv6_cidr_blocks: [] }]);
  const vpc_id = vpcs[0].vpc_id;
  expect((await read(aws, 'ec2_describe_vpcs', { vpc_ids: [vpc_id] })).vpcs).toEqual(vpcs);
  const inZone = await read(aws, 'ec2_describe_subnets', { vpc_id, availability_zone: 'eu-west-1b' });
  expect(inZone.subnets).toMatchObject([{ cidr_block: '172.31.16.0/20', map_public_ip_on_launch: true }]);
  const named = await read(aws, 'ec2_describe_subnets', { subnet_ids: [inZone.subnets[0].subnet_id] });
  expect(named.subnets).toEqual(inZone.subnets);
  expect((await read(aws, 'ec2_describe_subnets', { tags: { no: 'such' } })).subnets).toEqual([]);
  for (const [tool, ids] of [
    ['ec2_describe_vpcs', { vpc_ids: ['vpc-00000001'] }],
    ['ec2_describe_subnets', { subnet_ids: ['subnet-00000001'] }],
    ['ec2_describe_addresses', { allocation_ids: ['eipalloc-00000001'] }],
  ] as const)
    await expect(read(aws, tool, ids)).rejects.toMatchObject({ code: 'not_found' });
});

test('addresses are shown, and an instance behind one', async () => {
  const door = await address({ tags: { use: 'door' } });
  await client.send(new sdk.AssociateAddressCommand({ AllocationId: door.allocation_id, InstanceId: instance }));
  expect(await address({ instance_id: instance })).toMatchObject({ public_ip: door.public_ip, instance_id: instance });
  expect(await address({ public_ip: door.public_ip })).toMatchObject({ network_interface_id: expect.any(String) });
  expect(await address({ allocation_ids: [door.allocation_id] })).toMatchObject({ instance_id: instance });
});

test('an associated address is kept, which AWS would take from its instance without a word', async () => {
  const door = await address({ tags: { use: 'door' } });
  const release = propose(aws, 'ec2_release_address', { allocation_id: door.allocation_id });
  await expect(release).rejects.toMatchObject({
    code: 'in_use',
    message: expect.stringContaining(instance),
    recovery: expect.stringContaining('outside these tools'),
  });
  const missing = propose(aws, 'ec2_release_address', { allocation_id: 'eipalloc-00000001' });
  await expect(missing).rejects.toMatchObject({ code: 'not_found' });
});

test('releasing an address is for good', async () => {
  const { allocation_id, public_ip } = await address({ tags: { Name: 'spare' } });
  const release = await propose(aws, 'ec2_release_address', { allocation_id });
  expect(release.impact).toMatchObject([
    {
      effect: 'delete',
      type: 'AWS::EC2::EIP',
      recoverable: false,
      detail: expect.stringMatching(/given back.*DNS.*stack site/),
    },
  ]);
  expect(release.summary).toContain(public_ip);
  expect(release.targets).toMatchObject([{ name: allocation_id, stack_name: 'site' }]);
  await client.send(new sdk.CreateTagsCommand({ Resources: [allocation_id], Tags: [{ Key: 'late', Value: '1' }] }));
  expect((await release.again()).guard).not.toEqual(release.guard);
  const now = await propose(aws, 'ec2_release_address', { allocation_id });
  expect(await now.observe()).toMatchObject({ state: 'unknown' });
  await now.execute();
  expect(await now.outcome()).toMatchObject({ state: 'succeeded' });
  await expect(now.again()).rejects.toMatchObject({ code: 'not_found' });
});

test.each([
  ['a value that changes', { env: 'production' }, ['weaken']],
  ['a key that is new', { backup: 'daily' }, ['weaken']],
  ['a name that changes', { Name: 'first' }, ['modify']],
  ['a description that is new', { Description: 'the first one' }, ['modify']],
  ['a key that only looks like a name', { name: 'first' }, ['weaken']],
  ['several, the worst first', { Name: 'first', zone: 'x' }, ['weaken', 'modify']],
  ['one that stays, and one that does not', { env: 'dev', Name: 'first' }, ['modify']],
])('setting %s is told as such', async (_, tags, expected) => {
  const proposal = await tag([instance], tags);
  expect(effects(proposal)).toEqual(expected.map((effect) => `${effect} AWS::EC2::Instance`));
});

test('targets carry the tags that are there, never those that the call brings', async () => {
  const proposal = await tag([instance], { env: 'sandbox' });
  expect(proposal.targets).toMatchObject([{ name: instance, stack_name: 'site', tags: { env: 'dev' } }]);
  expect(proposal.impact[0]).toMatchObject({
    detail: `tag "env" of ${instance} gets another value; belongs to stack site, which isn't told; where nothing rests on "env", the configuration can say so: tags.without_effect`,
    properties: [{ name: 'Tags.env', before: 'dev', after: 'sandbox' }],
  });
});

test('removing a tag weakens, removing a name does not', async () => {
  expect(effects(await untag([instance], ['Name', 'env']))).toEqual([
    'weaken AWS::EC2::Instance',
    'modify AWS::EC2::Instance',
  ]);
});

test('what changes nothing, or is not there, is refused', async () => {
  await expect(tag([instance], { env: 'dev' })).rejects.toMatchObject({ code: 'no_changes' });
  await expect(untag([instance], ['nope'])).rejects.toMatchObject({ code: 'no_changes' });
  for (const id of ['i-00000001', 'vol-00000001', 'sg-00000001', 'vpc-00000001', 'subnet-00000001', 'eni-00000001']) {
    const absent = { code: 'not_found', message: expect.stringContaining(id) };
    await expect(tag([instance, id], { a: 'b' }), id).rejects.toMatchObject(absent);
    await expect(untag([id], ['a']), id).rejects.toMatchObject(absent);
  }
});

test('every kind of resource is tagged, observed and untagged', async () => {
  const { security_groups } = await read(aws, 'ec2_describe_security_groups');
  const { vpc_id, group_id, network_interfaces } = security_groups[0];
  const { subnets } = await read(aws, 'ec2_describe_subnets');
  const door = await address({ tags: { use: 'door' } });
  const volumes = (await read(aws, 'ec2_describe_instances', { instance_ids: [instance] })).instances[0].block_devices;
  const resources = [
    instance,
    volumes[0].volume_id,
    group_id,
    vpc_id,
    subnets[0].subnet_id,
    door.allocation_id,
    network_interfaces[0].network_interface_id,
  ];
  const set = await tag(resources, { team: 'blue', Name: 'all' });
  expect(set.targets.map(({ type }) => type).sort()).toEqual(
    ['EIP', 'Instance', 'NetworkInterface', 'SecurityGroup', 'Subnet', 'VPC', 'Volume'].map(
      (kind) => `AWS::EC2::${kind}`,
    ),
  );
  expect((await set.again()).guard).toEqual(set.guard);
  expect(await set.observe()).toMatchObject({ state: 'unknown' });
  await set.execute();
  expect(await set.outcome()).toMatchObject({ state: 'succeeded' });
  await expect(set.again()).rejects.toMatchObject({ code: 'no_changes' });

  const clear = await untag(resources, ['team']);
  await client.send(new sdk.DeleteTagsCommand({ Resources: [vpc_id], Tags: [{ Key: 'team' }] }));
  expect((await clear.again()).guard).not.toEqual(clear.guard);
  const partly = await clear.observe();
  expect(partly).toMatchObject({ state: 'unknown' });
  expect('resources' in partly && partly.resources.filter(({ outcome }) => outcome === 'succeeded')).toHaveLength(1);
  await clear.execute();
  expect(await clear.outcome()).toMatchObject({ state: 'succeeded' });
  expect((await read(aws, 'ec2_describe_instances', { instance_ids: [instance] })).instances[0].tags).toMatchObject({
    Name: 'all',
    env: 'dev',
  });
});

test('a resource that goes meanwhile leaves the others to tell', async () => {
  const made = await client.send(new sdk.CreateVolumeCommand({ AvailabilityZone: 'eu-west-1a', Size: 1 }));
  const gone = (await client.send(new sdk.AllocateAddressCommand({}))).AllocationId ?? '';
  const set = await tag([made.VolumeId ?? '', gone], { team: 'red' });
  await set.execute();
  await client.send(new sdk.ReleaseAddressCommand({ AllocationId: gone }));
  expect(await set.observe()).toMatchObject({
    state: 'unknown',
    resources: expect.arrayContaining([
      { resource: expect.stringContaining(gone), outcome: 'unknown', detail: 'no longer there' },
      expect.objectContaining({ outcome: 'succeeded' }),
    ]),
  });
});

test('a credential in a tag is neither shown nor stored', async () => {
  const set = await tag([other], { leak: 'none' });
  expect(JSON.stringify(set)).not.toContain('IOSFODNN7EXAMPLE');
});

test('writers send nothing for nothing: to AWS, no keys means all tags, and no rules all of them', async () => {
  const { ec2 } = await aws.writers();
  const before = (await cloud.requests()).length;
  for (const call of [
    () => ec2.deleteTags({ ids: [instance], keys: [] }),
    () => ec2.deleteTags({ ids: [instance], keys: [''] }),
    () => ec2.deleteTags({ ids: [], keys: ['a'] }),
    () => ec2.createTags({ ids: [instance], tags: {} }),
    () => ec2.releaseAddress(''),
    () => ec2.deleteSecurityGroup('default'),
    () => ec2.createSecurityGroup({ group_name: '', description: 'x', vpc_id: 'vpc-00000001', tags: {} }),
    () => ec2.authorizeSecurityGroupIngress({ group_id: 'sg-00000001', rules: [] }),
    () => ec2.revokeSecurityGroupIngress({ group_id: 'sg-00000001', security_group_rule_ids: [] }),
  ])
    await expect(call()).rejects.toMatchObject({ code: 'internal', certainty: 'refused' });
  expect((await cloud.requests()).length).toBe(before);
});
