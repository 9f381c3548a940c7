import * as sdk from '@aws-sdk/client-ec2';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Aws } from '../../src/aws/index.ts';
import { EFFECTS, type Effect } from '../../src/kernel/effects.ts';
import { type Cloud, startCloud } from '../scenes/cloud.ts';
import { propose, read, testAws } from '../scenes/tools.ts';

/*
 * One rule for one thing: what an EC2 tool does to a thing of nobody's stack, and what a stack does to its own by the
 * same change. Both have the verdict that is written here.
 */

let cloud: Cloud;
let aws: Aws;
const ids: Record<string, string> = {};

const INSTANCE = { ImageId: 'ami-1', InstanceType: 't3.micro' };
const tagged = (tags: Record<string, string>) => Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
const own = (Type: string, Properties: object = {}) => ({ Type, Properties });
const disk = own('AWS::EC2::Volume', { AvailabilityZone: 'eu-west-1a', Size: 8 });
const machine = (more: object = {}) => own('AWS::EC2::Instance', { ...INSTANCE, ...more });
const ATTACHED = own('AWS::EC2::VolumeAttachment', {
  InstanceId: { Ref: 'Machine' },
  VolumeId: { Ref: 'Disk' },
  Device: '/dev/sdf',
});
const RULE = { IpProtocol: 'tcp', FromPort: 5432, ToPort: 5432 };
const web = own('AWS::EC2::SecurityGroup', { GroupDescription: 'web' });
const letsIn = (...SecurityGroupIngress: object[]) =>
  own('AWS::EC2::SecurityGroup', { GroupDescription: 'd', SecurityGroupIngress });
const FROM_WEB = { ...RULE, SourceSecurityGroupId: { Ref: 'Web' } };
const ALONE = own('AWS::EC2::SecurityGroupIngress', { ...FROM_WEB, GroupId: { Ref: 'Web' } });

type Template = Record<string, object>;
interface Pair {
  readonly tool: string;
  readonly given: () => Record<string, unknown>;
  readonly before: Template;
  readonly after: Template;
  /** Mild is `create` for what is new, and `modify` for what is there. */
  readonly both: Exclude<Effect, 'create' | 'modify'> | 'mild';
  /** Where the template knows less: harsher, by AWS's own word. */
  readonly template?: Effect;
}
const rule = (source: object) => ({ ip_protocol: 'tcp', from_port: 5432, to_port: 5432, ...source });

const PAIRS: Readonly<Record<string, Pair>> = {
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
  'a volume is given to an instance': {
    tool: 'ec2_attach_volume',
    given: () => ({ volume_id: ids.volume, instance_id: ids.one, device: '/dev/sdf' }),
    before: { Machine: machine(), Disk: disk },
    after: { Machine: machine(), Disk: disk, Subject: ATTACHED },
    both: 'mild',
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
  'a new instance with a profile that was there': {
    tool: 'ec2_run_instances',
    given: () => ({
      image_id: ids.image,
      instance_type: 't3.micro',
      subnet_id: ids.subnet,
      iam_instance_profile: 'admin',
    }),
    before: { Web: web },
    after: { Web: web, Subject: machine({ IamInstanceProfile: 'admin' }) },
    both: 'expose',
  },
  'a new instance with a public address, open to all': {
    tool: 'ec2_run_instances',
    given: () => ({
      image_id: ids.image,
      instance_type: 't3.micro',
      subnet_id: ids.subnet,
      security_group_ids: [ids.open],
    }),
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
const NAMES = Object.keys(PAIRS);
const stackOf = (name: string) => `pair-${NAMES.indexOf(name)}`;

beforeAll(async () => {
  cloud = await startCloud(
    {
      securityGroups: [
        { name: 'web' },
        { name: 'idle' },
        { name: 'open', ingress: [{ fromPort: 443, cidr: '0.0.0.0/0' }] },
        { name: 'db', ingress: [{ fromPort: 5432, group: 'web' }] },
      ],
      instances: [{ tags: { Name: 'one', env: 'dev' } }, { tags: { Name: 'two' }, disableApiTermination: true }],
      volumes: [
        { size: 8, tags: { Name: 'spare' } },
        { size: 8, tags: { Name: 'data' } },
      ],
      addresses: [{ tags: { Name: 'spare' } }],
      stacks: NAMES.map((name) => ({ name: stackOf(name), template: { Resources: PAIRS[name]?.before ?? {} } })),
    },
    { latencyMs: 2 },
  );
  aws = testAws(cloud.endpoint);
  for (const one of (await read(aws, 'ec2_describe_security_groups')).security_groups)
    ids[one.group_name] = one.group_id;
  for (const one of (await read(aws, 'ec2_describe_instances')).instances) ids[one.tags.Name] = one.instance_id;
  for (const one of (await read(aws, 'ec2_describe_volumes')).volumes) {
    if (one.tags.Name === 'spare') ids.volume = one.volume_id;
    if (one.tags.Name === 'data') ids.data = one.volume_id;
  }
  ids.address = (await read(aws, 'ec2_describe_addresses')).addresses[0].allocation_id;
  const [subnet] = (await read(aws, 'ec2_describe_subnets')).subnets;
  Object.assign(ids, { subnet: subnet.subnet_id, vpc: subnet.vpc_id });
  const credentials = { accessKeyId: 'a', secretAccessKey: 'b' };
  const ec2 = new sdk.EC2Client({ endpoint: cloud.endpoint, region: 'eu-west-1', credentials });
  ids.image = (await ec2.send(new sdk.CreateImageCommand({ InstanceId: ids.one, Name: 'base' }))).ImageId ?? '';
  await ec2.send(new sdk.AttachVolumeCommand({ InstanceId: ids.one, VolumeId: ids.data, Device: '/dev/sdg' }));
  ec2.destroy();
});
afterAll(async () => await cloud[Symbol.asyncDispose]());

const rank = (effect: Effect) => EFFECTS.indexOf(effect);
const worst = (effects: readonly Effect[]) =>
  effects.reduce<Effect>((one, other) => (rank(other) > rank(one) ? other : one), 'read');
const said = (effect: Effect) => (effect === 'create' || effect === 'modify' ? 'mild' : effect);

test.each(NAMES)('%s', async (name) => {
  const { tool, given, after, both, template = both } = PAIRS[name]!;
  const called = await propose(aws, tool, given());
  const template_body = JSON.stringify({ Resources: { ...after, Other: { Type: 'AWS::SNS::Topic' } } });
  const deployed = await propose(aws, 'cloudformation_deploy_stack', { stack_name: stackOf(name), template_body });
  await deployed.discard();
  const lines = deployed.impact.filter(({ detail }) => detail.startsWith('Subject: '));
  expect([
    said(worst(called.impact.map(({ effect }) => effect))),
    said(worst(lines.map(({ effect }) => effect))),
  ]).toEqual([both, template]);
});
