import * as sdk from '@aws-sdk/client-ec2';
import type { Known } from './inputs.ts';

/**
 * Puts one of each kind of resource beside what the seed made. @returns all ids, each kind with one that isn't there
 */
export async function whatIsThere(ec2: sdk.EC2Client, words: readonly string[]): Promise<Known> {
  const { Reservations = [] } = await ec2.send(new sdk.DescribeInstancesCommand({}));
  const instances = Reservations.flatMap(({ Instances = [] }) => Instances);
  const VolumeId = instances[0]?.BlockDeviceMappings?.[0]?.Ebs?.VolumeId;
  await ec2.send(new sdk.CreateSnapshotCommand({ VolumeId }));
  await ec2.send(new sdk.CreateImageCommand({ InstanceId: instances[0]?.InstanceId, Name: 'golden' }));
  const template = await ec2.send(
    new sdk.CreateLaunchTemplateCommand({
      LaunchTemplateName: 'web',
      LaunchTemplateData: { InstanceType: 't3.micro' },
    }),
  );
  const { Volumes = [] } = await ec2.send(new sdk.DescribeVolumesCommand({}));
  const { Snapshots = [] } = await ec2.send(new sdk.DescribeSnapshotsCommand({ OwnerIds: ['self'] }));
  const { Images = [] } = await ec2.send(new sdk.DescribeImagesCommand({}));
  const { SecurityGroups = [] } = await ec2.send(new sdk.DescribeSecurityGroupsCommand({}));
  const { SecurityGroupRules = [] } = await ec2.send(new sdk.DescribeSecurityGroupRulesCommand({}));
  const { Subnets = [] } = await ec2.send(new sdk.DescribeSubnetsCommand({}));
  const { Vpcs = [] } = await ec2.send(new sdk.DescribeVpcsCommand({}));
  const { Addresses = [] } = await ec2.send(new sdk.DescribeAddressesCommand({}));

  const there = (kind: string, ids: readonly (string | undefined)[]) => [
    ...ids.map((id) => id ?? ''),
    `${kind}-0123456789abcdef0`,
  ];
  const i = there(
    'i',
    instances.map(({ InstanceId }) => InstanceId),
  );
  const vol = there(
    'vol',
    Volumes.map((volume) => volume.VolumeId),
  );
  const snap = there(
    'snap',
    Snapshots.map(({ SnapshotId }) => SnapshotId),
  );
  const ami = there(
    'ami',
    Images.map(({ ImageId }) => ImageId),
  );
  const sg = there(
    'sg',
    SecurityGroups.map(({ GroupId }) => GroupId),
  );
  const sgr = there(
    'sgr',
    SecurityGroupRules.map(({ SecurityGroupRuleId }) => SecurityGroupRuleId),
  );
  const subnet = there(
    'subnet',
    Subnets.map(({ SubnetId }) => SubnetId),
  );
  const vpc = there(
    'vpc',
    Vpcs.map(({ VpcId }) => VpcId),
  );
  const eipalloc = there(
    'eipalloc',
    Addresses.map(({ AllocationId }) => AllocationId),
  );
  const every = [i, vol, snap, ami, sg, sgr, subnet, vpc, eipalloc];
  return {
    // One that is there and one that isn't of each kind: more would leave the words too few places.
    anywhere: [...words, ...every.flatMap((ids) => [ids[0] ?? '', ids.at(-1) ?? ''])],
    named: {
      instance_id: i,
      instance_ids: i,
      volume_id: vol,
      volume_ids: vol,
      snapshot_id: snap,
      snapshot_ids: snap,
      image_id: ami,
      image_ids: ami,
      group_id: sg,
      group_ids: sg,
      source_group_id: sg,
      security_group_ids: sg,
      security_group_rule_ids: sgr,
      subnet_id: subnet,
      subnet_ids: subnet,
      vpc_id: vpc,
      vpc_ids: vpc,
      allocation_id: eipalloc,
      allocation_ids: eipalloc,
      resources: every.filter((ids) => ids !== sgr).flat(),
      launch_template_id: there('lt', [template.LaunchTemplate?.LaunchTemplateId]),
      availability_zone: ['eu-west-1a', 'eu-west-1b', 'us-east-1a'],
      device: ['/dev/sdf', '/dev/xvda'],
      instance_type: ['t3.micro', 't4g.micro', 'm5.large'],
      ip_protocol: ['-1', 'tcp', 'icmp', '50'],
      cidr_ip: ['0.0.0.0/0', '172.31.0.0/20'],
      cidr_ipv6: ['::/0'],
      stack_name: ['orders', 'nobody'],
      stack_policy_body: ['{"Statement":[{"Effect":"Deny","Action":"Update:*","Principal":"*","Resource":"*"}]}'],
      statuses: ['CREATE_COMPLETE', 'DELETE_COMPLETE'],
      state: ['running', 'available', 'completed', 'pending'],
      name: ['golden', 'a new image'],
      group_name: ['web', 'a new group'],
      owners: ['self', 'amazon'],
      from_port: [443, 0],
      to_port: [443, 65_535],
      count: [1, 2],
      size: [8, 1],
      iops: [3_000],
      launch_template_version: [1],
      offset: [0, 10],
      rules: [
        [{ ip_protocol: 'tcp', from_port: 443, to_port: 443, cidr_ip: '0.0.0.0/0' }],
        [{ ip_protocol: '-1', source_group_id: sg[0] }],
        [{ ip_protocol: 'udp', from_port: 53, to_port: 53, cidr_ipv6: '::/0', description: 'names' }],
      ],
      tags: [{ env: 'production' }, { owner: 'ops' }],
      parameters: [{}],
      tag_keys: ['Name', 'env', 'owner'],
    },
  };
}
