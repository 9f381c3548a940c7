import * as sdk from '@aws-sdk/client-ec2';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Aws } from '../../src/aws/index.ts';
import { EFFECTS, type Effect } from '../../src/kernel/effects.ts';
import { type Cloud, startCloud } from '../scenes/cloud.ts';
import { propose, read, testAws } from '../scenes/tools.ts';
import { ids, PAIRS } from './verdict-pairs.ts';

let cloud: Cloud;
let aws: Aws;

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
  const stack = 'arn:aws:cloudformation:eu-west-1:123456789012:stack/web/5f0e1c2d-3b4a-4c5d-8e6f-7a8b9c0d1e2f';
  const stacked = [
    { Key: 'aws:cloudformation:stack-name', Value: 'web' },
    { Key: 'aws:cloudformation:stack-id', Value: stack },
  ];
  const member = await ec2.send(
    new sdk.RunInstancesCommand({
      ...{ ImageId: 'ami-1', InstanceType: 't3.micro', MinCount: 1, MaxCount: 1 },
      TagSpecifications: [{ ResourceType: 'instance', Tags: stacked }],
    }),
  );
  ids.member = member.Instances?.[0]?.InstanceId ?? '';
  const TagSpecifications = [{ ResourceType: 'volume' as const, Tags: stacked }];
  const made = new sdk.CreateVolumeCommand({ AvailabilityZone: 'eu-west-1a', Size: 1, TagSpecifications });
  ids.stacked = (await ec2.send(made)).VolumeId ?? '';
  ids.snapshot = (await ec2.send(new sdk.CreateSnapshotCommand({ VolumeId: ids.data }))).SnapshotId ?? '';
  const named = { LaunchTemplateName: 'ours', LaunchTemplateData: { InstanceType: 't3.micro' as const } };
  const template = (await ec2.send(new sdk.CreateLaunchTemplateCommand(named))).LaunchTemplate;
  ids.template = template?.LaunchTemplateId ?? '';
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
