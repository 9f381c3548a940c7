import * as ec2 from '@aws-sdk/client-ec2';
import { expect, test } from 'vitest';
import { cloudUnderTest, failureOf } from './clients.ts';

type Cloud = Awaited<ReturnType<typeof cloudUnderTest>>;

const anyGroup = { GroupName: 'web', Description: 'the web servers' };
const sshFromAnywhere = [{ IpProtocol: 'tcp', FromPort: 22, ToPort: 22, IpRanges: [{ CidrIp: '0.0.0.0/0' }] }];

async function makeGroup({ ec2: client }: Cloud, more: Partial<ec2.CreateSecurityGroupCommandInput> = {}) {
  const { GroupId } = await client.send(new ec2.CreateSecurityGroupCommand({ ...anyGroup, ...more }));
  return GroupId!;
}

async function rulesOf({ ec2: client }: Cloud, groupId: string) {
  const Filters = [{ Name: 'group-id', Values: [groupId] }];
  return (await client.send(new ec2.DescribeSecurityGroupRulesCommand({ Filters }))).SecurityGroupRules!;
}

async function run({ ec2: client }: Cloud, more: Partial<ec2.RunInstancesCommandInput> = {}) {
  const request = { ImageId: 'ami-1', MinCount: 1, MaxCount: 1, ...more };
  return (await client.send(new ec2.RunInstancesCommand(request))).Instances![0]!.InstanceId!;
}

async function otherVpc({ ec2: client }: Cloud) {
  const { Vpc } = await client.send(new ec2.CreateVpcCommand({ CidrBlock: '10.0.0.0/16' }));
  const subnet = new ec2.CreateSubnetCommand({ VpcId: Vpc!.VpcId!, CidrBlock: '10.0.1.0/24' });
  return { vpc: Vpc!.VpcId!, subnet: (await client.send(subnet)).Subnet!.SubnetId! };
}

test('a region has a default VPC with three subnets and a default group', async () => {
  const cloud = await cloudUnderTest();
  const { Vpcs } = await cloud.ec2.send(new ec2.DescribeVpcsCommand({}));
  expect(Vpcs).toMatchObject([{ IsDefault: true, CidrBlock: '172.31.0.0/16' }]);
  const { Subnets } = await cloud.ec2.send(new ec2.DescribeSubnetsCommand({}));
  expect(Subnets!.map(({ AvailabilityZone }) => AvailabilityZone)).toEqual(['eu-west-1a', 'eu-west-1b', 'eu-west-1c']);
  expect(Subnets![0]).toMatchObject({ VpcId: Vpcs![0]!.VpcId, AvailableIpAddressCount: 4091, DefaultForAz: true });
  const { SecurityGroups } = await cloud.ec2.send(new ec2.DescribeSecurityGroupsCommand({}));
  expect(SecurityGroups).toMatchObject([
    {
      GroupName: 'default',
      IpPermissions: [{ IpProtocol: '-1', UserIdGroupPairs: [{ GroupId: SecurityGroups![0]!.GroupId }] }],
      IpPermissionsEgress: [{ IpProtocol: '-1', IpRanges: [{ CidrIp: '0.0.0.0/0' }] }],
    },
  ]);
});

test('a group is made once by its name in a VPC, and lets everything out', async () => {
  const cloud = await cloudUnderTest();
  const id = await makeGroup(cloud, {
    TagSpecifications: [{ ResourceType: 'security-group', Tags: [{ Key: 'env', Value: 'dev' }] }],
  });
  expect(await rulesOf(cloud, id)).toMatchObject([{ IsEgress: true, IpProtocol: '-1', FromPort: -1 }]);
  expect(await failureOf(makeGroup(cloud))).toMatchObject({ name: 'InvalidGroup.Duplicate' });
  const { vpc } = await otherVpc(cloud);
  await makeGroup(cloud, { VpcId: vpc });
  for (const [GroupName, name] of [
    ['default', 'InvalidParameterValue'],
    ['sg-1', 'InvalidParameterValue'],
    ['no\ttabs', 'InvalidParameterValue'],
    ['', 'MissingParameter'],
  ] as const)
    expect(await failureOf(makeGroup(cloud, { GroupName })), GroupName).toMatchObject({ name });
  expect(await failureOf(makeGroup(cloud, { VpcId: 'vpc-00000001' }))).toMatchObject({ name: 'InvalidVpcID.NotFound' });
  const Filters = [{ Name: 'tag:env', Values: ['dev'] }];
  const found = await cloud.ec2.send(new ec2.DescribeSecurityGroupsCommand({ Filters }));
  expect(found.SecurityGroups!.map(({ GroupId }) => GroupId)).toEqual([id]);
});

test('rules are added by content, kept in canonical form, and refused when they are there', async () => {
  const cloud = await cloudUnderTest();
  const GroupId = await makeGroup(cloud);
  const authorize = (IpPermissions: ec2.IpPermission[]) =>
    cloud.ec2.send(new ec2.AuthorizeSecurityGroupIngressCommand({ GroupId, IpPermissions }));
  const { SecurityGroupRules } = await authorize(sshFromAnywhere);
  expect(SecurityGroupRules).toMatchObject([{ IsEgress: false, CidrIpv4: '0.0.0.0/0', FromPort: 22 }]);
  expect(await failureOf(authorize(sshFromAnywhere))).toMatchObject({ name: 'InvalidPermission.Duplicate' });
  await authorize([
    { IpProtocol: '6', FromPort: 80, ToPort: 80, IpRanges: [{ CidrIp: '100.68.0.18/18', Description: 'a note' }] },
    { IpProtocol: '-1', FromPort: 1, ToPort: 2, Ipv6Ranges: [{ CidrIpv6: '2001:DB8:0:0::1/64' }] },
    { IpProtocol: 'icmpv6', PrefixListIds: [{ PrefixListId: 'pl-00000001' }] },
    { IpProtocol: 'tcp', FromPort: 443, ToPort: 443, UserIdGroupPairs: [{ GroupId }] },
  ]);
  const ingress = (await rulesOf(cloud, GroupId)).filter(({ IsEgress }) => !IsEgress);
  expect(ingress.slice(1)).toMatchObject([
    { IpProtocol: 'tcp', CidrIpv4: '100.68.0.0/18', Description: 'a note' },
    { IpProtocol: '-1', CidrIpv6: '2001:db8::/64', FromPort: -1 },
    { IpProtocol: 'icmpv6', PrefixListId: 'pl-00000001', FromPort: -1 },
    { ReferencedGroupInfo: { GroupId } },
  ]);
  for (const [permission, name] of [
    [{ IpProtocol: 'tcp', IpRanges: [{ CidrIp: '10.0.0.0/8' }] }, 'InvalidParameterValue'],
    [{ IpProtocol: 'tcp', FromPort: 9, ToPort: 8, IpRanges: [{ CidrIp: '10.0.0.0/8' }] }, 'InvalidParameterValue'],
    [{ IpProtocol: '-1', IpRanges: [{ CidrIp: '10.0.0.0' }] }, 'InvalidParameterValue'],
    [{ IpProtocol: '-1', UserIdGroupPairs: [{ GroupId: 'sg-00000001' }] }, 'InvalidGroup.NotFound'],
    [{ IpProtocol: '-1' }, 'MissingParameter'],
  ] as const)
    expect(await failureOf(authorize([permission as unknown as ec2.IpPermission]))).toMatchObject({ name });
});

test('a rule goes by its id or its content; one that is not there is an error only outside a default VPC', async () => {
  const cloud = await cloudUnderTest();
  const { vpc } = await otherVpc(cloud);
  for (const VpcId of [undefined, vpc]) {
    const GroupId = await makeGroup(cloud, { VpcId });
    const revoke = (more: Partial<ec2.RevokeSecurityGroupIngressCommandInput>) =>
      cloud.ec2.send(new ec2.RevokeSecurityGroupIngressCommand({ GroupId, ...more }));
    const add = () =>
      cloud.ec2.send(new ec2.AuthorizeSecurityGroupIngressCommand({ GroupId, IpPermissions: sshFromAnywhere }));
    const { SecurityGroupRules } = await add();
    await revoke({ SecurityGroupRuleIds: [SecurityGroupRules![0]!.SecurityGroupRuleId!] });
    expect(await rulesOf(cloud, GroupId)).toHaveLength(1);
    await add();
    await revoke({ IpPermissions: sshFromAnywhere });
    expect(await rulesOf(cloud, GroupId)).toHaveLength(1);
    const again = revoke({ IpPermissions: sshFromAnywhere });
    if (VpcId) expect(await failureOf(again)).toMatchObject({ name: 'InvalidPermission.NotFound' });
    else expect((await again).UnknownIpPermissions).toHaveLength(1);
    expect(await failureOf(revoke({ SecurityGroupRuleIds: ['sgr-00000001'] }))).toMatchObject({
      name: 'InvalidSecurityGroupRuleId.NotFound',
    });
  }
});

test('a group goes only when nothing uses or names it, and a default group never', async () => {
  const cloud = await cloudUnderTest();
  const [web, db] = [await makeGroup(cloud), await makeGroup(cloud, { GroupName: 'db' })];
  const remove = (GroupId: string) => cloud.ec2.send(new ec2.DeleteSecurityGroupCommand({ GroupId }));
  const instance = await run(cloud, { SecurityGroupIds: [web] });
  cloud.settle();
  expect(await failureOf(remove(web))).toMatchObject({ name: 'DependencyViolation' });
  await cloud.ec2.send(new ec2.TerminateInstancesCommand({ InstanceIds: [instance] }));
  cloud.settle();
  const IpPermissions = [{ IpProtocol: 'tcp', FromPort: 5432, ToPort: 5432, UserIdGroupPairs: [{ GroupId: web }] }];
  await cloud.ec2.send(new ec2.AuthorizeSecurityGroupIngressCommand({ GroupId: db, IpPermissions }));
  expect(await failureOf(remove(web))).toMatchObject({ name: 'DependencyViolation' });
  await remove(db);
  await remove(web);
  expect(await failureOf(remove(web))).toMatchObject({ name: 'InvalidGroup.NotFound' });
  expect(await failureOf(remove('web'))).toMatchObject({ name: 'InvalidGroupId.Malformed' });
  const { SecurityGroups } = await cloud.ec2.send(new ec2.DescribeSecurityGroupsCommand({}));
  expect(await failureOf(remove(SecurityGroups![0]!.GroupId!))).toMatchObject({ name: 'CannotDelete' });
});

test('an instance has an interface as long as it is there; others are made and removed', async () => {
  const cloud = await cloudUnderTest();
  const group = await makeGroup(cloud);
  const instance = await run(cloud, { SecurityGroupIds: [group], Placement: { AvailabilityZone: 'eu-west-1b' } });
  cloud.settle();
  const interfaces = async () => {
    const Filters = [{ Name: 'group-id', Values: [group] }];
    return (await cloud.ec2.send(new ec2.DescribeNetworkInterfacesCommand({ Filters }))).NetworkInterfaces!;
  };
  const [eni] = await interfaces();
  expect(eni).toMatchObject({ Attachment: { InstanceId: instance }, Status: 'in-use', AvailabilityZone: 'eu-west-1b' });
  const create = new ec2.CreateNetworkInterfaceCommand({ SubnetId: eni!.SubnetId!, Groups: [group], Description: 'x' });
  const { NetworkInterface } = await cloud.ec2.send(create);
  expect(NetworkInterface).toMatchObject({ Status: 'available', RequesterManaged: false });
  const remove = (NetworkInterfaceId: string) =>
    cloud.ec2.send(new ec2.DeleteNetworkInterfaceCommand({ NetworkInterfaceId }));
  expect(await failureOf(remove(eni!.NetworkInterfaceId!))).toMatchObject({ name: 'InvalidNetworkInterface.InUse' });
  await remove(NetworkInterface!.NetworkInterfaceId!);
  await cloud.ec2.send(new ec2.TerminateInstancesCommand({ InstanceIds: [instance] }));
  cloud.settle();
  expect(await interfaces()).toEqual([]);
});

test('an address in use is released in a default VPC all the same, and refused in another', async () => {
  const cloud = await cloudUnderTest();
  const allocate = async () => (await cloud.ec2.send(new ec2.AllocateAddressCommand({}))).AllocationId!;
  const release = (AllocationId: string) => cloud.ec2.send(new ec2.ReleaseAddressCommand({ AllocationId }));
  const { subnet } = await otherVpc(cloud);
  const [here, there] = [await run(cloud), await run(cloud, { SubnetId: subnet })];
  const [first, second] = [await allocate(), await allocate()];
  for (const [AllocationId, InstanceId] of [
    [first, here],
    [second, there],
  ])
    await cloud.ec2.send(new ec2.AssociateAddressCommand({ AllocationId, InstanceId }));
  const publicIp = async () => {
    const { Reservations } = await cloud.ec2.send(new ec2.DescribeInstancesCommand({ InstanceIds: [here] }));
    return Reservations![0]!.Instances![0]!.PublicIpAddress;
  };
  expect(await publicIp()).toBe('203.0.113.1');
  await release(first);
  expect(await publicIp()).toBeUndefined();
  expect(await failureOf(release(first))).toMatchObject({ name: 'InvalidAllocationID.NotFound' });
  expect(await failureOf(release(second))).toMatchObject({ name: 'InvalidIPAddress.InUse' });
  const { Addresses } = await cloud.ec2.send(new ec2.DescribeAddressesCommand({}));
  expect(Addresses).toMatchObject([{ InstanceId: there, PublicIp: '203.0.113.2' }]);
  await cloud.ec2.send(new ec2.DisassociateAddressCommand({ AssociationId: Addresses![0]!.AssociationId }));
  await release(second);
});

test('tags go on everything, and are found by resource', async () => {
  const cloud = await cloudUnderTest();
  const group = await makeGroup(cloud);
  const instance = await run(cloud);
  const tag = (Resources: string[], Key: string, Value = 'x') =>
    cloud.ec2.send(new ec2.CreateTagsCommand({ Resources, Tags: [{ Key, Value }] }));
  const untag = (Tags?: ec2.Tag[]) => cloud.ec2.send(new ec2.DeleteTagsCommand({ Resources: [group], Tags }));
  const tags = async () => {
    const Filters = [{ Name: 'resource-id', Values: [group] }];
    const { Tags } = await cloud.ec2.send(new ec2.DescribeTagsCommand({ Filters }));
    return Tags!.map(({ Key, Value, ResourceType }) => `${ResourceType} ${Key}=${Value}`);
  };
  await tag([group, instance], 'a');
  await tag([group], 'b');
  await tag([group], 'c', '');
  expect(await tags()).toEqual(['security-group a=x', 'security-group b=x', 'security-group c=']);
  await untag([{ Key: 'a', Value: 'other' }]);
  await untag([{ Key: 'nope' }]);
  expect(await tags()).toHaveLength(3);
  await untag([{ Key: 'a' }]);
  expect(await tags()).toHaveLength(2);
  await untag();
  expect(await tags()).toEqual([]);
  expect(await failureOf(tag([group], 'aws:x'))).toMatchObject({ name: 'InvalidParameterValue' });
  expect(await failureOf(tag(['lt-00000001'], 'a'))).toMatchObject({ name: 'InvalidID' });
  expect(await failureOf(tag(['i-00000001'], 'a'))).toMatchObject({ name: 'InvalidInstanceID.NotFound' });
  const many = Array.from({ length: 51 }, (_, at) => ({ Key: `k${at}`, Value: '' }));
  const command = new ec2.CreateTagsCommand({ Resources: [group], Tags: many });
  expect(await failureOf(cloud.ec2.send(command))).toMatchObject({ name: 'TagLimitExceeded' });
});

test('a dry run of a change changes nothing', async () => {
  const cloud = await cloudUnderTest();
  const GroupId = await makeGroup(cloud);
  const { AllocationId } = await cloud.ec2.send(new ec2.AllocateAddressCommand({}));
  const DryRun = true;
  const calls = [
    () =>
      cloud.ec2.send(new ec2.AuthorizeSecurityGroupIngressCommand({ GroupId, IpPermissions: sshFromAnywhere, DryRun })),
    () => cloud.ec2.send(new ec2.DeleteSecurityGroupCommand({ GroupId, DryRun })),
    () => cloud.ec2.send(new ec2.ReleaseAddressCommand({ AllocationId, DryRun })),
    () => cloud.ec2.send(new ec2.CreateTagsCommand({ Resources: [GroupId], Tags: [{ Key: 'a', Value: '' }], DryRun })),
  ];
  for (const call of calls) expect(await failureOf(call())).toMatchObject({ name: 'DryRunOperation' });
  expect(await rulesOf(cloud, GroupId)).toHaveLength(1);
  expect((await cloud.ec2.send(new ec2.DescribeAddressesCommand({}))).Addresses).toHaveLength(1);
});

test('a seed names groups, and puts instances and the interfaces of services into them', async () => {
  const cloud = await cloudUnderTest({
    seed: {
      region: 'eu-west-1',
      securityGroups: [
        { name: 'web', ingress: [{ fromPort: 443, cidr: '0.0.0.0/0' }] },
        { name: 'db', ingress: [{ fromPort: 5432, group: 'web' }] },
      ],
      networkInterfaces: [{ requesterId: 'amazon-elb', description: 'ELB app/web/1', securityGroups: ['web'] }],
      addresses: [{ tags: { Name: 'spare' } }],
      instances: [{ securityGroups: ['db'] }],
    },
  });
  const { NetworkInterfaces } = await cloud.ec2.send(new ec2.DescribeNetworkInterfacesCommand({}));
  expect(NetworkInterfaces!.map(({ Groups, RequesterManaged }) => [Groups![0]!.GroupName, RequesterManaged])).toEqual([
    ['web', true],
    ['db', false],
  ]);
});
