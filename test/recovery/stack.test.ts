import { readdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  CreateStackCommand,
  DescribeStacksCommand,
  GetTemplateCommand,
  ListStackResourcesCommand,
  waitUntilStackCreateComplete,
} from '@aws-sdk/client-cloudformation';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startSandbox } from '../../src/sandbox/server.ts';
import { approve, KEY_IN_PRODUCTION, REASON } from '../scenes/front-door.ts';
import { type Scene, setScene, verified } from '../scenes/whole.ts';

/* A stack that was deleted by mistake comes back from its recovery kit, except for what the ticket had said. */

const NESTED = 'https://templates.example/alarms.json';
const INNER = { Resources: { Late: { Type: 'AWS::SQS::Queue' }, Log: { Type: 'AWS::Logs::LogGroup' } } };
const TEMPLATE = `
AWSTemplateFormatVersion: "2010-09-09"
Description: The shop
Parameters:
  Password: { Type: String, NoEcho: true }
  Size: { Type: String, Default: small }
Resources:
  Orders:
    Type: AWS::RDS::DBInstance
    DeletionPolicy: Delete
    Properties: { Engine: postgres, DBInstanceClass: db.t3.micro, AllocatedStorage: "20", MasterUsername: shop, MasterUserPassword: !Ref Password }
  Carts:
    Type: AWS::DynamoDB::Table
    Properties: { BillingMode: PAY_PER_REQUEST, AttributeDefinitions: [{ AttributeName: id, AttributeType: S }], KeySchema: [{ AttributeName: id, KeyType: HASH }] }
  Jobs: { Type: AWS::SQS::Queue, Properties: { QueueName: !Sub "jobs-\${Size}" } } # a comment, too \u202e
  News: { Type: AWS::SNS::Topic }
  Files: { Type: AWS::S3::Bucket }
  Key: { Type: AWS::KMS::Key, Properties: { KeyPolicy: { Version: "2012-10-17", Statement: [] } } }
  Login: { Type: AWS::SecretsManager::Secret, Properties: { SecretString: "{{hidden}}" } }
  Lines: { Type: AWS::Logs::LogGroup }
  Machine: { Type: AWS::EC2::Instance, Properties: { ImageId: ami-0abcdef1234567890, InstanceType: t3.micro } }
  Address: { Type: AWS::EC2::EIP }
  Worker: { Type: AWS::IAM::Role, Properties: { AssumeRolePolicyDocument: { Version: "2012-10-17", Statement: [] } } }
  Alarm: { Type: AWS::CloudWatch::Alarm, Properties: { ComparisonOperator: GreaterThanThreshold, EvaluationPeriods: 1 } }
  Alarms: { Type: AWS::CloudFormation::Stack, Properties: { TemplateURL: "${NESTED}" } }
Outputs:
  Queue: { Value: !GetAtt Jobs.QueueName, Export: { Name: shop-queue } }
`;
const POLICY = '{"Statement":[{"Effect":"Allow","Action":"Update:*","Principal":"*","Resource":"*"}]}';

/** That of docs/recovery.md. */
const ASKS_FOR_A_WAY_BACK = /```cedar\n([\s\S]*?)```/.exec(readFileSync('docs/recovery.md', 'utf8'))?.[1] ?? '';

let scene: Scene;
let before: Awaited<ReturnType<typeof shop>>;
let deletion: { readonly id: string; readonly digest: string };
let restored: { readonly id: string; readonly digest: string };

/** What makes the stack what it is, without ids. */
async function shop() {
  const StackName = 'shop';
  const { Stacks: [stack] = [] } = await scene.cloudformation.send(new DescribeStacksCommand({ StackName }));
  const { TemplateBody } = await scene.cloudformation.send(
    new GetTemplateCommand({ StackName, TemplateStage: 'Original' }),
  );
  const { StackResourceSummaries = [] } = await scene.cloudformation.send(new ListStackResourcesCommand({ StackName }));
  return {
    parameters: stack?.Parameters?.filter(({ ParameterKey }) => ParameterKey !== 'Password'),
    tags: stack?.Tags?.filter(({ Key }) => Key !== 'api_token'),
    ...{ outputs: stack?.Outputs, description: stack?.Description, template: TemplateBody },
    resources: StackResourceSummaries.map(({ LogicalResourceId, ResourceType }) => [LogicalResourceId, ResourceType]),
  };
}

const restore = (args: Record<string, unknown>) =>
  scene.agent.call('ticket_restore', { ticket_id: deletion.id, reason: REASON, ...args });

beforeAll(async () => {
  scene = await setScene(
    {
      templates: { [NESTED]: INNER },
      stacks: [
        {
          ...{ name: 'shop', template: TEMPLATE, tags: { team: 'shop', api_token: 'hunter2hunter2' } },
          parameters: { Password: 'correct-horse-9', Size: 'large' },
        },
      ],
    },
    { approvers: ['ann'], latencyMs: 0, speed: 5 },
  );
  scene.place.start(['executor']);
  const policy = await scene.ask('cloudformation_set_stack_policy', { stack_name: 'shop', stack_policy_body: POLICY });
  await approve(scene.place, policy, 'ann');
  expect(await scene.settled(policy.id)).toBe('succeeded');
  before = await shop();
  expect(new Set(before.resources.map(([, type]) => type)).size).toBe(13);
});
afterAll(async () => await scene[Symbol.asyncDispose]());

test('a deletion tells before the decision what could be brought back, and what not', async () => {
  deletion = await scene.ask('cloudformation_delete_stack', { stack_name: 'shop' });
  const { plan } = await scene.agent.call('ticket_get', { ticket_id: deletion.id });
  expect(plan.undo).toMatchObject({
    exists: 'in_part',
    by: ['cloudformation_deploy_stack', 'cloudformation_set_stack_policy'],
    needs: ['Password'],
  });
  const why = (type: string) => plan.undo.lost.find((one: { type: string }) => one.type === type)?.why;
  expect(why('AWS::RDS::DBInstance')).toContain('its data');
  expect(why('AWS::KMS::Key')).toContain('can not be read with a new one');
  expect(why('AWS::CloudWatch::Alarm')).toContain('whatever its template does not say');
  const ofStack = plan.undo.lost.filter((one: { type: string }) => one.type === 'AWS::CloudFormation::Stack');
  const told = ofStack.map((one: { why: string }) => one.why).join('\n');
  for (const lost of ['nested stacks come from', 'its tag api_token, which reads like a secret'])
    expect(told).toContain(lost);
  expect(told, 'it has none').not.toMatch(/topic|trigger/);
  const { stdout } = await scene.place.cli(['tickets', 'show', deletion.id]);
  expect(stdout).toMatch(/^Undo {9}in part, from a recovery kit: \d+ not as they were, 1 value to be\s+given$/m);
  expect(stdout).toContain('Nobody can read Password: who restores gives the values');
  const whole = `dist/cli.js restore ${deletion.id} --parameters FILE --reason TEXT`;
  expect(stdout.replace(/\s+/g, ' '), 'as it can be typed').toContain(whole);
  // Nothing is kept before it runs, and so nothing can be asked for.
  expect((await restore({ parameters: { Password: 'x' } })).refusal).toMatchObject({ code: 'wrong_state' });
});

test('its kit is sealed, named in the log, and opened by its owner alone', async () => {
  await approve(scene.place, deletion, 'ann');
  expect(await scene.settled(deletion.id)).toBe('succeeded');
  const [file = '', ...more] = readdirSync(join(scene.place.home, 'kits'));
  expect(more).toHaveLength(1); // that of the policy
  const named = scene.rows(
    `SELECT detail ->> '$.intent.kit.sha256' AS kit FROM audit_events WHERE type = 'ticket.executing'`,
  );
  expect(named.map(({ kit }) => `${kit}.age`).sort()).toEqual([file, ...more].sort());
  for (const name of [file, ...more])
    expect(statSync(join(scene.place.home, 'kits', name)).mode & 0o777, name).toBe(0o600);
  const { stdout } = await scene.place.cli(['restore', deletion.id, '--show']);
  expect(stdout, 'nothing in it moves a terminal').toMatch(/^[\x20-\x7e\n]+$/);
  const kit = JSON.parse(stdout);
  expect(kit.calls[0].arguments).toMatchObject({ template_body: TEMPLATE, parameters: { Size: 'large' } });
  expect(kit.as_it_was.nested[0].resources).toHaveLength(2);
  expect(stdout).not.toContain('correct-horse-9');
});

test('who restores gives what nobody could keep, and nothing else', async () => {
  const code = 'invalid_input';
  expect((await restore({})).refusal).toMatchObject({ code, message: 'Password could not be kept' });
  const more = { parameters: { Password: 'battery-staple-7', Size: 'huge' } };
  expect((await restore(more)).refusal).toMatchObject({ code, message: 'Size was kept, and is not to be given' });
  expect((await restore({ part: 3 })).refusal).toMatchObject({ code });
});

test('a person gives it on standard input, too, whatever kind of pipe that is', async () => {
  // What a Node program gives is a socket, which can't be opened by a name.
  const asked = ['restore', deletion.id, '--reason', REASON, '--parameters', '-'];
  const wrong = await scene.place.cli(asked, { input: '{"Size":"huge","Password":"x"}' });
  expect(wrong.stderr).toContain('Size was kept, and is not to be given');
  const unsaid = await scene.place.cli(['restore', deletion.id]);
  expect(unsaid).toMatchObject({ code: 2, stderr: expect.stringContaining('--reason TEXT: say why') });
  const none = await scene.place.cli(asked, { input: 'Password' });
  expect(none).toMatchObject({ code: 2, stderr: expect.stringContaining('give a file with {"NAME": "VALUE"}, or -') });
});

test('with credentials for another account nothing is asked for there', async () => {
  const elsewhere = await startSandbox({ accountId: '210987654321', seed: { region: 'eu-west-1' } });
  const asked = ['restore', deletion.id, '--part', '2', '--reason', REASON];
  const ran = await scene.place.cli(asked, { env: { AWS_ENDPOINT_URL: elsewhere.endpoint } });
  await elsewhere.close();
  expect(ran).toMatchObject({ code: 1, stderr: expect.stringContaining('changed account 123456789012') });
});

test('another file in its place is no kit of it', async () => {
  const folder = join(scene.place.home, 'kits');
  const [{ kit: mine = '' } = {}] = scene.rows(
    `SELECT detail ->> '$.intent.kit.sha256' AS kit FROM audit_events WHERE type = 'ticket.executing' AND ticket = ?`,
    deletion.id,
  );
  const other = readdirSync(folder).find((name) => name !== `${mine}.age`) ?? '';
  const [own, aside] = [join(folder, `${mine}.age`), join(folder, 'aside')];
  renameSync(own, aside);
  expect((await restore({ parameters: { Password: 'x' } })).refusal).toMatchObject({ code: 'not_found' });
  renameSync(join(folder, other), own);
  expect((await restore({ parameters: { Password: 'x' } })).refusal).toMatchObject({ code: 'tampered' });
  renameSync(own, join(folder, other));
  renameSync(aside, own);
});

test('what comes back is what was, decided and run as any other change', async () => {
  restored = (await restore({ parameters: { Password: 'battery-staple-7' } })).ticket;
  const { plan } = await scene.agent.call('ticket_get', { ticket_id: restored.id });
  expect(plan).toMatchObject({
    tool: 'cloudformation_deploy_stack',
    restores: { ticket: deletion.id, part: 1, of: 2 },
  });
  const { stdout } = await scene.place.cli(['tickets', 'show', restored.id]);
  expect(stdout).toMatch(new RegExp(`^Restores {5}${deletion.id}, \\d+ not as they were$`, 'm'));
  expect(scene.state(restored.id)).toBe('pending');
  await approve(scene.place, restored, 'ann');
  expect(await scene.settled(restored.id)).toBe('succeeded');
  expect(await shop()).toEqual(before);
});

test('a person asks for it with `restore`, and others decide', async () => {
  const asked = ['restore', deletion.id, '--part', '2', '--reason', REASON];
  const { ticket, plan } = await scene.place.json(asked);
  expect(plan).toMatchObject({ tool: 'cloudformation_set_stack_policy', restores: { part: 2, of: 2 } });
  expect(scene.state(ticket.id)).toBe('pending');
  const { stdout } = await scene.place.cli(asked);
  expect(stdout).toMatch(new RegExp(`^To let it run: node \\S*cli\\.js approve ${ticket.id} `, 'm'));
  expect(stdout).toContain('It takes 1 approval with an enrolled key.');
  expect(stdout, 'that is for agents').not.toMatch(/you can send|your user|ticket_/);
  await approve(scene.place, ticket, 'ann');
  expect(await scene.settled(ticket.id)).toBe('succeeded');
  const again = await scene.place.cli(asked);
  expect(again).toMatchObject({ code: 1, stderr: expect.stringContaining('has this policy already') });
  await verified(scene);
});

test("an agent isn't shown that there is another's", async () => {
  const other = await scene.place.agent(['--no-executor', '--agent', 'stranger']);
  const asked = await other.call('ticket_restore', { ticket_id: deletion.id, reason: REASON });
  expect(asked.refusal).toMatchObject({ code: 'not_found' });
});

test('a policy that asks for a way back lets what brings something back through to people', async () => {
  const rules = KEY_IN_PRODUCTION + ASKS_FOR_A_WAY_BACK;
  writeFileSync(join(scene.place.home, 'policy.cedar'), rules);
  const again = await scene.ask('cloudformation_delete_stack', { stack_name: 'shop' });
  await approve(scene.place, again, 'ann');
  expect(await scene.settled(again.id)).toBe('succeeded');
  const back = await scene.agent.call('ticket_restore', {
    ...{ ticket_id: again.id, reason: REASON, parameters: { Password: 'battery-staple-7' } },
  });
  expect(back).toMatchObject({ outcome: 'pending_approval', plan: { effects: expect.arrayContaining(['replace']) } });
});

test('notification topics and rollback triggers are in the kit, and named where there are any', async () => {
  const client = scene.cloudformation;
  const alarms = ['errors', 'latency'].map((name) => `arn:aws:cloudwatch:eu-west-1:123456789012:alarm:${name}`);
  const topic = 'arn:aws:sns:eu-west-1:123456789012:stacks';
  const template = { Resources: { Jobs: { Type: 'AWS::SQS::Queue' } } };
  const RollbackTriggers = alarms.map((Arn) => ({ Arn, Type: 'AWS::CloudWatch::Alarm' }));
  await client.send(
    new CreateStackCommand({
      ...{ StackName: 'watched', TemplateBody: JSON.stringify(template), NotificationARNs: [topic] },
      RollbackConfiguration: { RollbackTriggers, MonitoringTimeInMinutes: 30 },
    }),
  );
  await waitUntilStackCreateComplete({ client, maxWaitTime: 60 }, { StackName: 'watched' });
  const asked = await scene.ask('cloudformation_delete_stack', { stack_name: 'watched' });
  const { plan } = await scene.agent.call('ticket_get', { ticket_id: asked.id });
  const told = plan.undo.lost.map((one: { why: string }) => one.why);
  expect(told).toContain('its notification topic: a person sets it again, from the kit');
  expect(told).toContain('its rollback triggers, 2 of them: a person sets them again, from the kit');
  await approve(scene.place, asked, 'ann');
  expect(await scene.settled(asked.id)).toBe('succeeded');
  const { stdout } = await scene.place.cli(['restore', asked.id, '--show']);
  expect(JSON.parse(stdout).as_it_was).toMatchObject({
    notification_arns: [topic],
    rollback: { triggers: alarms.map((arn) => ({ arn, type: 'AWS::CloudWatch::Alarm' })), minutes: 30 },
  });
});
