import { mkdtempSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { CreateStackCommand, UpdateStackCommand } from '@aws-sdk/client-cloudformation';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { REASON } from '../scenes/front-door.ts';
import { entriesOf, type Scene, setScene, verified } from '../scenes/whole.ts';

/* A person has a ticket that waits played on a copy: what failed, what is not back, what the model lacks is told. */

const NESTED = 'https://templates.example/alarms.json';
const SECRET = 'hunter2-hunter2-plain';
const template = (identifier: string, more = '') => `
Parameters:
  Password: { Type: String, NoEcho: true, AllowedPattern: "[a-z]+-[a-z]+-[0-9]" }
  Size: { Type: String, Default: small }
Resources:
  Orders:
    Type: AWS::RDS::DBInstance
    DeletionPolicy: Delete
    UpdateReplacePolicy: Delete
    Properties: { DBInstanceIdentifier: ${identifier}, Engine: postgres, DBInstanceClass: db.t3.micro, AllocatedStorage: "20", MasterUsername: shop, MasterUserPassword: !Ref Password }
  Login: { Type: AWS::SecretsManager::Secret, Properties: { SecretString: ${SECRET} } }
  Machine: { Type: AWS::EC2::Instance, Properties: { ImageId: ami-0abcdef1234567890, InstanceType: t3.micro } }
  Alarms: { Type: AWS::CloudFormation::Stack, Properties: { TemplateURL: "${NESTED}" } }
${more}Outputs:
  Queue: { Value: !Ref Orders, Export: { Name: shop-orders } }
`;
const INNER = 'https://templates.example/inner.json';
/** Its nested stack has a resource with what nobody can read. */
const OUTER = (size: string) => `
Parameters: { Password: { Type: String, NoEcho: true } }
Resources:
  Inner: { Type: AWS::CloudFormation::Stack, Properties: { TemplateURL: "${INNER}", Parameters: { Password: !Ref Password } } }
  Jobs: { Type: AWS::SQS::Queue, DeletionPolicy: Delete, UpdateReplacePolicy: Delete, Properties: { QueueName: ${size} } }
`;
const KEPT = `
Resources:
  Archive: { Type: AWS::S3::Bucket, DeletionPolicy: Retain, Properties: { BucketName: the-archive } }
`;
const LACKING = `
Resources:
  Made: { Type: "Custom::Thing", Properties: { ServiceToken: "arn:aws:lambda:eu-west-1:123456789012:function:make" } }
  Net: { Type: AWS::SSM::Parameter, Properties: { Type: String, Value: "{{resolve:ssm:/net/id}}" } }
Parameters:
  Image: { Type: "AWS::SSM::Parameter::Value<String>", Default: /images/latest }
`;

let scene: Scene;

const rehearse = (id: string, env: Record<string, string> = {}) => scene.place.cli(['rehearse', id], { env });
const show = async (id: string) => (await scene.place.cli(['tickets', 'show', id])).stdout;

beforeAll(async () => {
  const stack = { parameters: { Password: 'correct-horse-9', Size: 'large' } };
  scene = await setScene(
    {
      templates: {
        [NESTED]: { Resources: { Late: { Type: 'AWS::SQS::Queue' } } },
        [INNER]: {
          Parameters: { Password: { Type: 'String', NoEcho: true } },
          Resources: {
            Login: { Type: 'AWS::SecretsManager::Secret', Properties: { SecretString: { Ref: 'Password' } } },
          },
        },
      },
      stacks: [
        { ...stack, name: 'shop', template: template('shop-orders'), tags: { team: 'shop', api_token: SECRET } },
        { ...stack, name: 'twin', template: template('twin-orders').replaceAll('shop-orders }', 'twin-orders }') },
        { name: 'kept', template: KEPT },
        { name: 'lacking', template: LACKING },
        { name: 'outer', template: OUTER('small'), parameters: { Password: 'correct-horse-9' } },
      ],
    },
    { approvers: ['ann'], latencyMs: 0 },
  );
});
afterAll(async () => await scene[Symbol.asyncDispose]());

test('a replaced database: the change and its way back are played, and what is not back is named', async () => {
  const { id } = await scene.ask('cloudformation_deploy_stack', {
    ...{ stack_name: 'shop', template_body: template('shop-production-orders'), parameters: { Size: 'small' } },
  });
  const asked = (await scene.cloud.requests()).length;
  const own = mkdtempSync(join(scene.place.home, 'tmp-'));
  const ran = await rehearse(id, { HOLDSHORT_APPROVER: 'ann', TMPDIR: own });
  expect(ran.code, ran.stderr).toBe(0);
  expect(ran.stdout).toMatch(/^rehearsal by our model, which is not AWS, for ann \(not checked\) at /);
  expect(ran.stdout).toContain('The change went to its end there');
  expect(ran.stdout).toContain('Its way back went to its end there');
  expect(ran.stdout.replace(/\s+/g, ' ')).toContain(
    'Not back: AWS::RDS::DBInstance Orders: made again, with the same id; not back: its data',
  );
  expect(ran.stdout).toContain('The model lacks: the value of the parameter Password');
  expect(ran.stdout).not.toMatch(/pass(ed)?\b|safe\b/i);
  // AWS was only read, by whoever reads while planning, and nothing of the copy is left.
  const since = (await scene.cloud.requests()).slice(asked);
  expect(since.filter(({ action }) => !/^(Get|List|Describe)/.test(action))).toEqual([]);
  expect(since.filter(({ user_identity }) => user_identity?.accessKeyId.startsWith('AKID'))).toEqual([]);
  expect(readdirSync(own)).toEqual([]);

  const shown = await show(id);
  expect(shown).toMatch(/^Undo {9}in part, rehearsed by our model: \d+ not as they were$/m);
  expect(shown).toContain('Not back: AWS::RDS::DBInstance Orders');
  const data = await scene.place.json(['tickets', 'show', id]);
  expect(data.ticket.rehearsed).toMatchObject({ claimed: 'ann', rehearsal: { carried_through: true, failed: [] } });
  const agents = (await scene.agent.call('ticket_get', { ticket_id: id })).ticket;
  expect(agents.rehearsed).toMatchObject({ claimed: 'ann', checked: false, rehearsal: { failed: [] } });
  expect(agents.rehearsed.rehearsal.change.ended).toBe('to_its_end');
  expect(data.ticket.state, 'it approves nothing').toBe('pending');
  expect(data.ticket.decisions).toEqual([]);
  await verified(scene);
});

test('a deletion comes back with other ids, and its nested stack', async () => {
  const { id } = await scene.ask('cloudformation_delete_stack', { stack_name: 'shop' });
  const { rehearsal } = await scene.place.json(['rehearse', id]);
  expect(rehearsal).toMatchObject({
    change: { ended: 'to_its_end' },
    way_back: { ended: 'to_its_end' },
    failed: [],
  });
  expect(rehearsal.change.events.at(-1)).toMatchObject({ resource: 'shop', status: 'DELETE_COMPLETE' });
  const what = (resource: string) =>
    rehearsal.not_back.filter((one: any) => one.resource === resource).map((one: any) => one.what);
  expect(what('shop')).toEqual(['its ARN is another', 'its tag api_token is another, or not there']);
  expect(what('Orders')[0]).toMatch(/^made again, with the same id; not back: its data/);
  expect(what('Machine')[0]).toMatch(/^made again, with another id; not back: its disks/);
  expect(what('Alarms/Late')[0]).toMatch(/^made again, with another id/);
});

test('what fails in the model is told as failed, and no way back is tried', async () => {
  const { id } = await scene.ask('cloudformation_deploy_stack', {
    stack_name: 'twin',
    template_body: template('twin-orders', '  Bad: { Type: AWS::SQS::Queue, Properties: { Unheard: 1 } }\n')
      .replaceAll('shop-orders }', 'twin-orders }')
      .replace('db.t3.micro', 'db.t3.large'),
    parameters: { Size: 'small' },
  });
  const ran = await rehearse(id);
  expect(ran.code).toBe(1);
  expect(ran.stdout).toContain('The change FAILED there: the stack is UPDATE_ROLLBACK_COMPLETE');
  expect(ran.stdout.replace(/\s+/g, ' ')).toContain(
    'Failed: AWS::SQS::Queue Bad: CREATE_FAILED: Properties validation failed for resource Bad',
  );
  expect(ran.stdout).not.toContain('Not back:');
});

test('a way back that fails says so: what was kept by its own policy stands in its way', async () => {
  const { id } = await scene.ask('cloudformation_delete_stack', { stack_name: 'kept' });
  const ran = await rehearse(id);
  expect(ran.code).toBe(1);
  expect(ran.stdout).toContain('The change went to its end there');
  expect(ran.stdout).toContain('Its way back FAILED there');
  expect(ran.stdout).toContain('the-archive already exists');
  expect(await show(id)).toMatch(/^Undo {9}in part, FAILED in our model: /m);
});

test('what the model lacks is listed by name', async () => {
  const { id } = await scene.ask('cloudformation_delete_stack', { stack_name: 'lacking' });
  const { rehearsal } = await scene.place.json(['rehearse', id]);
  expect(rehearsal.model_lacks).toEqual(
    expect.arrayContaining([
      'what the code of the custom resource Made does',
      'what {{resolve:ssm:/net/id}} stands for',
      'the value of the parameter Image, which is in Systems Manager',
    ]),
  );
});

test("what the model changes in a nested stack, and AWS's change set does not, is told by its path", async () => {
  const { id } = await scene.ask('cloudformation_deploy_stack', {
    ...{ stack_name: 'outer', template_body: OUTER('large'), parameters: { Password: 'correct-horse-9' } },
  });
  const { rehearsal } = await scene.place.json(['rehearse', id]);
  expect(rehearsal.model_lacks).toContain("AWS's change set has no change of Inner/Login, the model's a change");
});

test('a service role that no way back gives again is told, and whom the stack told of its events', async () => {
  const account = 'arn:aws:iam::123456789012:role';
  await scene.cloudformation.send(
    new CreateStackCommand({
      StackName: 'served',
      TemplateBody: LACKING.split('Parameters')[0]?.replace(/^ {2}Made.*$/m, '') ?? '',
      RoleARN: `${account}/deployer`,
      NotificationARNs: ['arn:aws:sns:eu-west-1:123456789012:stacks'],
    }),
  );
  const { id } = await scene.ask('cloudformation_delete_stack', { stack_name: 'served' });
  const { rehearsal } = await scene.place.json(['rehearse', id]);
  const what = rehearsal.not_back.map((one: any) => one.what);
  expect(what).toContain('its service role is another, or not there');
  expect(what).toContain('whom it tells of its events is another, or nobody');
});

test('no secret gets anywhere', () => {
  const everything = scene
    .rows(`SELECT text FROM entry`)
    .map(({ text }) => text)
    .join('\n');
  expect(everything).toContain('rehearsal.recorded');
  expect(everything).not.toContain(SECRET);
  expect(everything).not.toContain('correct-horse-9');
});

test('only what waits is rehearsed, and only what changes a stack as a whole', async () => {
  const policy = '{"Statement":[{"Effect":"Allow","Action":"Update:*","Principal":"*","Resource":"*"}]}';
  const other = await scene.ask('cloudformation_set_stack_policy', { stack_name: 'kept', stack_policy_body: policy });
  const ran = await rehearse(other.id);
  expect(ran.code).toBe(1);
  expect(ran.stderr).toContain('can not be rehearsed');
  expect((await rehearse('tkt_zzzzzzzzzzzzzzzzzzzz')).code).toBe(1);
  const { id } = await scene.ask('cloudformation_delete_stack', { stack_name: 'lacking' });
  await scene.agent.call('ticket_withdraw', { ticket_id: id, reason: REASON });
  const gone = await rehearse(id);
  expect(gone.stderr).toContain('is withdrawn');
  expect(entriesOf(scene, other.id, 'rehearsal.recorded')).toBe(0);
  await verified(scene);
});

test('a stack that is another by now is not rehearsed as the one that was planned', async () => {
  const { id } = await scene.ask('cloudformation_delete_stack', { stack_name: 'twin' });
  await scene.cloudformation.send(
    new UpdateStackCommand({
      StackName: 'twin',
      TemplateBody: KEPT.replace('the-archive', 'another'),
    }),
  );
  const ran = await rehearse(id);
  expect(ran.code).toBe(1);
  expect(ran.stdout).toContain('It could not be rehearsed: the stack no longer has the template');
});
