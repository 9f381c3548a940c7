import * as sdk from '@aws-sdk/client-ec2';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Aws } from '../../src/aws/index.ts';
import { type EnvironmentRule, environmentOf, subjectsOf } from '../../src/kernel/environment.ts';
import { type Cloud, startCloud } from '../scenes/cloud.ts';
import { type Proposal, propose, testAws } from '../scenes/tools.ts';
import { templateOf } from './things.ts';

/*
 * The other door to production's identities: an instance that is launched by a call, into a network of development's,
 * with a profile or launch template of another stack.
 */

const RULES: readonly EnvironmentRule[] = [
  { name: 'production', match: { stack_names: ['prod-*'] } },
  { name: 'development', match: { accounts: ['123456789012'] } },
];

let cloud: Cloud;
let aws: Aws;
let launch: Record<string, unknown>;
let exports: ReadonlyMap<string, string>;
let template = '';

beforeAll(async () => {
  const stacks = ['prod', 'dev'].map((of) => ({ name: `${of}-shop`, template: { ...templateOf(of) } }));
  cloud = await startCloud({ stacks, instances: [{}] }, { latencyMs: 1 });
  aws = testAws(cloud.endpoint);
  const { cloudformation } = await aws.readers();
  const shops = await Promise.all(stacks.map(({ name }) => cloudformation.stack(name)));
  exports = new Map(shops.flatMap((stack) => stack?.outputs.map((one) => [one.export_name ?? '', one.value]) ?? []));
  const credentials = { accessKeyId: 'a', secretAccessKey: 'b' };
  const ec2 = new sdk.EC2Client({ endpoint: cloud.endpoint, region: 'eu-west-1', credentials });
  const { Reservations = [] } = await ec2.send(new sdk.DescribeInstancesCommand({}));
  const own = Reservations.flatMap(({ Instances = [] }) => Instances).find(({ Tags = [] }) => Tags.length === 0);
  const { ImageId } = await ec2.send(new sdk.CreateImageCommand({ InstanceId: own?.InstanceId, Name: 'base' }));
  const { Subnets = [] } = await ec2.send(new sdk.DescribeSubnetsCommand({}));
  launch = { image_id: ImageId, instance_type: 't3.micro', subnet_id: Subnets[0]?.SubnetId };
  const LaunchTemplateData = { IamInstanceProfile: { Name: exports.get('prod-Profile') } };
  const asked = { LaunchTemplateName: 'ours', LaunchTemplateData };
  template = (await ec2.send(new sdk.CreateLaunchTemplateCommand(asked))).LaunchTemplate?.LaunchTemplateId ?? '';
  ec2.destroy();
});
afterAll(async () => await cloud[Symbol.asyncDispose]());

function environment({ targets }: Proposal): string {
  const subjects = subjectsOf({ account: '123456789012', region: 'eu-west-1', targets });
  return environmentOf({ environments: RULES, known: [] }, subjects);
}

const profile = (of: string) => ({ iam_instance_profile: exports.get(`${of}-Profile`) });

test.each([
  ['prod', 'production'],
  ['dev', 'development'],
])('a profile of %s-shop makes it %s', async (of, is) => {
  const proposal = await propose(aws, 'ec2_run_instances', { ...launch, ...profile(of) });
  const line = proposal.impact.find(({ type }) => type === 'AWS::IAM::InstanceProfile');
  expect(line).toMatchObject({ effect: 'expose', detail: expect.stringContaining(`is of stack ${of}-shop`) });
  expect(environment(proposal)).toBe(is);
});

test('what a launch template acts as counts, whichever door it comes in by', async () => {
  const Properties = { LaunchTemplate: { LaunchTemplateId: template, Version: '1' } };
  const template_body = JSON.stringify({ Resources: { Web: { Type: 'AWS::EC2::Instance', Properties } } });
  const deployed = await propose(aws, 'cloudformation_deploy_stack', { stack_name: 'dev-web', template_body });
  await deployed.discard();
  const from = { launch_template_id: template, launch_template_version: 1 };
  const called = await propose(aws, 'ec2_run_instances', { ...launch, ...from });
  for (const { targets } of [deployed, called])
    expect(targets).toContainEqual(
      expect.objectContaining({ type: 'AWS::IAM::InstanceProfile', stack_name: 'prod-shop', reached: 'acts as' }),
    );
});

test("nobody's are said to be nobody's", async () => {
  const from = { launch_template_id: template, launch_template_version: 1, iam_instance_profile: 'admin' };
  const proposal = await propose(aws, 'ec2_run_instances', { ...launch, ...from });
  const lines = proposal.impact.filter(({ type }) => /Profile|Template/.test(type));
  expect(lines.map(({ resource }) => resource)).toEqual([template, 'admin']);
  for (const { resource, effect, detail } of lines) {
    expect(effect).toBe('expose');
    expect(detail).toMatch(/nobody can tell whose it is .* known: in the configuration/);
    expect(proposal.targets).toContainEqual(expect.objectContaining({ name: resource, owner: 'unknown' }));
  }
});
