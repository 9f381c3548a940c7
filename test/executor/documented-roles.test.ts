import { CreateVolumeCommand, DescribeInstancesCommand } from '@aws-sdk/client-ec2';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  documentedTemplate,
  documentedTerraform,
  ROLES,
  statementsOf,
  without,
  withRoles,
} from '../scenes/documented-roles.ts';
import { REASON, stop } from '../scenes/front-door.ts';
import { instanceIds, NOTHING_HELD, type Scene, setScene, type ToolAnswer } from '../scenes/whole.ts';
import { CHANGE_TOOLS, everyChange, SEED } from './every-change.ts';
import { STEPPED, snapshotsFirst } from './snapshots-first.ts';

/*
 * The very roles of docs/aws-setup.md, in a cloud that evaluates them: what they allow is enough for every change, and
 * each of their statements is needed.
 */

const template = documentedTemplate();
const CONFIG = `${NOTHING_HELD}known: [{ id: web, environment: sandbox }]\n${ROLES}`;
const DENIED = /^(UnauthorizedOperation|AccessDenied(Exception)?)$/;

/** More than one of each: what needs a statement that no other change needs. */
async function alsoNeeded({
  ec2,
}: Scene): Promise<Readonly<Record<string, readonly [string, Record<string, unknown>]>>> {
  const { Reservations = [] } = await ec2.send(new DescribeInstancesCommand({}));
  const all = Reservations.flatMap(({ Instances = [] }) => Instances);
  const its = all.find(({ Tags }) => Tags?.some(({ Value }) => Value === 'image'));
  const AvailabilityZone = its?.Placement?.AvailabilityZone;
  const { VolumeId } = await ec2.send(new CreateVolumeCommand({ AvailabilityZone, Size: 8, Encrypted: true }));
  return {
    'an encrypted volume is made': ['ec2_create_volume', { availability_zone: 'eu-west-1a', size: 9, encrypted: true }],
    'an encrypted volume is attached': [
      'ec2_attach_volume',
      { volume_id: VolumeId, instance_id: its?.InstanceId, device: '/dev/sdi' },
    ],
    'an instance is launched with a profile': [
      'ec2_run_instances',
      {
        image_id: all[0]?.ImageId,
        instance_type: 't3.micro',
        subnet_id: all[0]?.SubnetId,
        iam_instance_profile: 'web',
      },
    ],
  };
}

let scene: Scene;
const answers: Record<string, ToolAnswer> = {};
let refused: readonly string[] = [];

beforeAll(async () => {
  scene = await setScene(withRoles(SEED, template), { config: CONFIG, latencyMs: 0 });
  const changes = await everyChange(scene);
  const more = await alsoNeeded(scene);
  const stepped = await snapshotsFirst(scene);
  const agent = await scene.place.agent();
  const executor = scene.place.start(['executor']);
  for (const { tool, args } of changes) answers[tool] = await agent.call(tool, { ...args, reason: REASON });
  for (const [what, [tool, args]] of Object.entries(more))
    answers[what] = await agent.call(tool, { ...args, reason: REASON });
  for (const { name, tool, args } of stepped) answers[name] = await agent.call(tool, { ...args, reason: REASON });
  await agent.close();
  await stop(executor);
  refused = (await scene.cloud.requests()).flatMap(({ action, error = '' }) => (DENIED.test(error) ? [action] : []));
}, 240_000);
afterAll(async () => await scene[Symbol.asyncDispose]());

test.each([
  ...CHANGE_TOOLS,
  ...STEPPED.map(({ name }) => name),
  'an encrypted volume is made',
  'an encrypted volume is attached',
  'an instance is launched with a profile',
])('the roles are enough: %s', (what) => {
  expect(answers[what], JSON.stringify(answers[what])).toMatchObject({ outcome: 'completed' });
});

test('nothing that planning, executing or looking asks for is refused, also where that would be got over', () => {
  expect(refused).toEqual([]);
});

test('in Terraform it is the same template, with the same parameters', () => {
  const terraform = documentedTerraform();
  const given = [...terraform.matchAll(/^ {4}(\w+) += var\./gm)].map(([, name]) => name);
  expect(given).toEqual(Object.keys(template.Parameters));
  expect(terraform).toContain('resource "aws_cloudformation_stack"');
  expect(terraform).toContain('capabilities = ["CAPABILITY_NAMED_IAM"]');
});

/** By statement, a call that can't be carried out without it, and what whoever asked is told. */
const NEEDED: Readonly<Record<string, readonly [tool: string, told: RegExp]>> = {
  AssumeToRead: ['ec2_stop_instances', /the role doesn't let these credentials in: .*role\/holdshort-read/],
  ReadAndPlan: ['ec2_stop_instances', /not authorized to perform: ec2:DescribeInstances/],
  Change: ['ec2_stop_instances', /not authorized to perform: ec2:StopInstances/],
  LaunchWithProfile: ['an instance is launched with a profile', /not authorized to perform: iam:PassRole/],
  EncryptedDisks: ['an encrypted volume is made', /not authorized to perform: kms:GenerateDataKeyWithoutPlaintext/],
  ThroughCloudFormation: ['cloudformation_delete_stack', /not authorized to perform: any:Action/],
};
/** Those without which a ticket waits: `role-trust.test.ts`. */
const WAITED_FOR = ['Assume', 'NameTheTicket', 'NameThePeople'];

test('each statement has a test that fails without it', () => {
  const all = [...Object.keys(NEEDED), ...WAITED_FOR];
  expect(
    statementsOf(template)
      .map(({ Sid }) => Sid)
      .sort(),
  ).toEqual(all.sort());
});

test.each(Object.entries(NEEDED))('without %s, %s is refused', async (sid, [what, told]) => {
  await using narrower = await setScene(withRoles(SEED, without(template, sid)), { config: CONFIG, latencyMs: 0 });
  const [first] = await instanceIds(narrower);
  const calls: Awaited<ReturnType<typeof alsoNeeded>> = {
    ...(await alsoNeeded(narrower)),
    ec2_stop_instances: ['ec2_stop_instances', { instance_ids: [first] }],
    cloudformation_delete_stack: ['cloudformation_delete_stack', { stack_name: 'deleted' }],
  };
  const [tool, args] = calls[what]!;
  await narrower.executing();
  const answer = await narrower.agent.call(tool, { ...args, reason: REASON });
  expect(answer.outcome).not.toBe('completed');
  expect(JSON.stringify(answer)).toMatch(told);
});
