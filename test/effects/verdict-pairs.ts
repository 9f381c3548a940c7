import type { Effect } from '../../src/kernel/effects.ts';

/*
 * One rule for one thing: what an EC2 tool does to a thing of nobody's stack, and what a stack does to its own by the
 * same change. Both have the verdict that is written here.
 */

/** What the calls are about, by our own names; known once the cloud is there. */
export const ids: Record<string, string> = {};

const INSTANCE = { ImageId: 'ami-1', InstanceType: 't3.micro' };
const tagged = (tags: Record<string, string>) => Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
const own = (Type: string, Properties: object = {}) => ({ Type, Properties });
const disk = own('AWS::EC2::Volume', { AvailabilityZone: 'eu-west-1a', Size: 8 });
const machine = (more: object = {}) => own('AWS::EC2::Instance', { ...INSTANCE, ...more });
const attached = (VolumeId: unknown, InstanceId: unknown) =>
  own('AWS::EC2::VolumeAttachment', { InstanceId, VolumeId, Device: '/dev/sdf' });
const ATTACHED = attached({ Ref: 'Disk' }, { Ref: 'Machine' });
const RULE = { IpProtocol: 'tcp', FromPort: 5432, ToPort: 5432 };
const web = own('AWS::EC2::SecurityGroup', { GroupDescription: 'web' });
const letsIn = (...SecurityGroupIngress: object[]) =>
  own('AWS::EC2::SecurityGroup', { GroupDescription: 'd', SecurityGroupIngress });
const FROM_WEB = { ...RULE, SourceSecurityGroupId: { Ref: 'Web' } };
const ALONE = own('AWS::EC2::SecurityGroupIngress', { ...FROM_WEB, GroupId: { Ref: 'Web' } });

const THERE = 'sg-0123456789abcdef0';
/** Each way in which a template has something join a group that it doesn't make. */
const JOINING: Template = {
  'its id': machine({ SecurityGroupIds: [THERE] }),
  'one of several ids': machine({ SecurityGroupIds: [{ Ref: 'Web' }, THERE] }),
  'its name': machine({ SecurityGroups: ['idle'] }),
  'an interface': machine({ NetworkInterfaces: [{ DeviceIndex: '0', GroupSet: [THERE] }] }),
  'an interface of its own': own('AWS::EC2::NetworkInterface', { SubnetId: 'subnet-1', GroupSet: [THERE] }),
  'a launch template': own('AWS::EC2::LaunchTemplate', { LaunchTemplateData: { SecurityGroupIds: [THERE] } }),
  'a load balancer': own('AWS::ElasticLoadBalancingV2::LoadBalancer', { SecurityGroups: [THERE] }),
};

type Template = Record<string, object>;
export interface Pair {
  readonly tool: string;
  readonly given: () => Record<string, unknown>;
  readonly before: Template;
  readonly after: Template;
  /** Mild is `create` for what is new, and `modify` for what is there. */
  readonly both: Exclude<Effect, 'create' | 'modify'> | 'mild';
  /** Where the template knows less: harsher, by AWS's own word. */
  readonly template?: Effect;
}
const launch = () => ({ image_id: ids.image, instance_type: 't3.micro', subnet_id: ids.subnet });
const rule = (source: object) => ({ ip_protocol: 'tcp', from_port: 5432, to_port: 5432, ...source });

export const PAIRS: Readonly<Record<string, Pair>> = {
  'an instance is terminated': {
    tool: 'ec2_terminate_instances',
    given: () => ({ instance_ids: [ids.one] }),
    before: { Subject: machine() },
    after: {},
    both: 'delete',
  },
  'a group is deleted': {
    tool: 'ec2_delete_security_group',
    given: () => ({ group_id: ids.idle }),
    before: { Subject: web },
    after: {},
    both: 'delete',
  },
  'a volume is deleted': {
    tool: 'ec2_delete_volume',
    given: () => ({ volume_id: ids.volume }),
    before: { Subject: disk },
    after: {},
    both: 'delete',
  },
  'an address is given back': {
    tool: 'ec2_release_address',
    given: () => ({ allocation_id: ids.address }),
    before: { Subject: own('AWS::EC2::EIP', { Domain: 'vpc' }) },
    after: {},
    both: 'delete',
  },
  'a rule goes, of a group': {
    tool: 'ec2_revoke_security_group_ingress',
    given: () => ({ group_id: ids.db, rules: [rule({ source_group_id: ids.web })] }),
    before: { Web: web, Subject: letsIn(FROM_WEB) },
    after: { Web: web, Subject: letsIn() },
    both: 'disrupt',
  },
  'a rule goes, of its own': {
    tool: 'ec2_revoke_security_group_ingress',
    given: () => ({ group_id: ids.db, rules: [rule({ source_group_id: ids.web })] }),
    before: { Web: web, Subject: ALONE },
    after: { Web: web },
    both: 'disrupt',
  },
  'a volume is taken from an instance': {
    tool: 'ec2_detach_volume',
    given: () => ({ volume_id: ids.data }),
    before: { Machine: machine(), Disk: disk, Subject: ATTACHED },
    after: { Machine: machine(), Disk: disk },
    both: 'disrupt',
  },
  'a volume is given to an instance of its stack': {
    tool: 'ec2_attach_volume',
    given: () => ({ volume_id: ids.stacked, instance_id: ids.member, device: '/dev/sdf' }),
    before: { Machine: machine(), Disk: disk },
    after: { Machine: machine(), Disk: disk, Subject: ATTACHED },
    both: 'mild',
  },
  "nobody's volume is given to nobody's instance": {
    tool: 'ec2_attach_volume',
    given: () => ({ volume_id: ids.volume, instance_id: ids.one, device: '/dev/sdf' }),
    before: { Web: web },
    after: { Web: web, Subject: attached('vol-0123456789abcdef0', 'i-0123456789abcdef0') },
    both: 'expose',
  },
  "nobody's volume is given to a stack's instance": {
    tool: 'ec2_attach_volume',
    given: () => ({ volume_id: ids.volume, instance_id: ids.member, device: '/dev/sdg' }),
    before: { Machine: machine() },
    after: { Machine: machine(), Subject: attached('vol-0123456789abcdef0', { Ref: 'Machine' }) },
    both: 'expose',
  },
  'protection from termination is turned off': {
    tool: 'ec2_modify_instance_attribute',
    given: () => ({ instance_id: ids.two, disable_api_termination: false }),
    before: { Subject: machine({ DisableApiTermination: true }) },
    after: { Subject: machine({ DisableApiTermination: false }) },
    both: 'weaken',
  },
  'protection from termination is turned on': {
    tool: 'ec2_modify_instance_attribute',
    given: () => ({ instance_id: ids.one, disable_api_termination: true }),
    before: { Subject: machine() },
    after: { Subject: machine({ DisableApiTermination: true }) },
    both: 'mild',
  },
  'another type for what runs': {
    tool: 'ec2_modify_instance_attribute',
    given: () => ({ instance_id: ids.one, instance_type: 't3.small' }),
    before: { Subject: machine() },
    after: { Subject: machine({ InstanceType: 't3.small' }) },
    both: 'disrupt',
    // With its root on an instance store it would be another instance: AWS doesn't say which it is.
    template: 'replace',
  },
  'another tag': {
    tool: 'ec2_create_tags',
    given: () => ({ resources: [ids.one], tags: { env: 'production' } }),
    before: { Subject: machine({ Tags: tagged({ Name: 'one' }) }) },
    after: { Subject: machine({ Tags: tagged({ Name: 'one', env: 'production' }) }) },
    both: 'weaken',
  },
  'another name': {
    tool: 'ec2_create_tags',
    given: () => ({ resources: [ids.one], tags: { Name: 'first' } }),
    before: { Subject: machine({ Tags: tagged({ Name: 'one', env: 'dev' }) }) },
    after: { Subject: machine({ Tags: tagged({ env: 'dev', Name: 'first' }) }) },
    both: 'mild',
  },
  'a tag goes': {
    tool: 'ec2_delete_tags',
    given: () => ({ resources: [ids.one], tag_keys: ['env'] }),
    before: { Subject: machine({ Tags: tagged({ Name: 'one', env: 'dev' }) }) },
    after: { Subject: machine({ Tags: tagged({ Name: 'one' }) }) },
    both: 'weaken',
  },
  'a new group': {
    tool: 'ec2_create_security_group',
    given: () => ({ group_name: 'more', description: 'more', vpc_id: ids.vpc }),
    before: { Web: web },
    after: { Web: web, Subject: web },
    both: 'mild',
  },
  'a new volume': {
    tool: 'ec2_create_volume',
    given: () => ({ availability_zone: 'eu-west-1a', size: 8 }),
    before: { Web: web },
    after: { Web: web, Subject: disk },
    both: 'mild',
  },
  'a new volume of a snapshot': {
    tool: 'ec2_create_volume',
    given: () => ({ availability_zone: 'eu-west-1a', snapshot_id: ids.snapshot }),
    before: { Web: web },
    after: {
      Web: web,
      Subject: own('AWS::EC2::Volume', { AvailabilityZone: 'eu-west-1a', SnapshotId: 'snap-0123456789abcdef0' }),
    },
    both: 'expose',
  },
  ...Object.fromEntries(
    Object.entries(JOINING).map(([how, Subject]) => [
      `a new instance joins a group that is there, by ${how}`,
      {
        tool: 'ec2_run_instances',
        given: () => ({ ...launch(), security_group_ids: [ids.idle], associate_public_ip_address: false }),
        before: { Web: web },
        after: { Web: web, Subject },
        both: 'expose' as const,
      },
    ]),
  ),
  'a new instance with a public address in a group that lets nobody in': {
    tool: 'ec2_run_instances',
    given: () => ({ ...launch(), security_group_ids: [ids.idle], associate_public_ip_address: true }),
    before: { Web: web },
    after: {
      Web: web,
      Subject: machine({
        NetworkInterfaces: [{ DeviceIndex: '0', AssociatePublicIpAddress: true, GroupSet: [{ Ref: 'Web' }] }],
      }),
    },
    both: 'expose',
  },
  'a new instance as a launch template says that was there': {
    tool: 'ec2_run_instances',
    given: () => ({ ...launch(), launch_template_id: ids.template, launch_template_version: 1 }),
    before: { Web: web },
    after: {
      Web: web,
      Subject: machine({ LaunchTemplate: { LaunchTemplateId: 'lt-0123456789abcdef0', Version: '1' } }),
    },
    both: 'expose',
    // This one isn't there, so that what it brings can't be looked at.
    template: 'unknown',
  },
  'a new instance with a profile that was there': {
    tool: 'ec2_run_instances',
    given: () => ({ ...launch(), iam_instance_profile: 'admin' }),
    before: { Web: web },
    after: { Web: web, Subject: machine({ IamInstanceProfile: 'admin' }) },
    both: 'expose',
  },
  'a new instance with a public address, open to all': {
    tool: 'ec2_run_instances',
    given: () => ({ ...launch(), security_group_ids: [ids.open] }),
    before: { Web: web },
    after: {
      Web: web,
      Subject: machine({
        NetworkInterfaces: [{ DeviceIndex: '0', AssociatePublicIpAddress: true, GroupSet: [{ Ref: 'Web' }] }],
      }),
    },
    both: 'expose',
  },
};
