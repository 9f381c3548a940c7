import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { approve, KEY_IN_PRODUCTION, REASON } from '../scenes/front-door.ts';
import { startGateway } from '../scenes/gateway.ts';
import { listening } from '../scenes/processes.ts';
import { instanceIds, type Scene, setScene, verified } from '../scenes/whole.ts';

/* An agent asks for a rehearsal with the change: it is in the plan that people sign, and policy can ask for it. */

const SECRET = 'hunter2-hunter2-plain';
const template = (identifier: string) => `
Parameters:
  Password: { Type: String, NoEcho: true }
  Size: { Type: String, Default: a, AllowedPattern: "(a+)+" }
Resources:
  Orders:
    Type: AWS::RDS::DBInstance
    DeletionPolicy: Delete
    UpdateReplacePolicy: Delete
    Properties: { DBInstanceIdentifier: ${identifier}, Engine: postgres, DBInstanceClass: db.t3.micro, AllocatedStorage: "20", MasterUsername: shop, MasterUserPassword: !Ref Password }
  Login: { Type: AWS::SecretsManager::Secret, Properties: { SecretString: ${SECRET} } }
`;
const FAILING = `${template('shop-orders').replace('db.t3.micro', 'db.t3.large')}  Bad: { Type: AWS::SQS::Queue, Properties: { Unheard: 1 } }\n`;

/** That of docs/rehearsal.md. */
const REQUIRED = /```cedar\n([\s\S]*?)```/.exec(readFileSync('docs/rehearsal.md', 'utf8'))?.[1] ?? '';

let scene: Scene;

const ask = async (args: Record<string, unknown>, tool = 'cloudformation_deploy_stack') =>
  await scene.agent.call(tool, { ...args, reason: REASON });
const policy = (more: string) => writeFileSync(join(scene.place.home, 'policy.cedar'), `${KEY_IN_PRODUCTION}\n${more}`);

beforeAll(async () => {
  const parameters = { Password: 'correct-horse-9' };
  scene = await setScene(
    {
      instances: [{}],
      stacks: [
        { name: 'shop', template: template('shop-orders'), parameters },
        { name: 'twin', template: template('twin-orders'), parameters },
        { name: 'denied', template: template('denied-orders'), parameters },
      ],
    },
    {
      approvers: ['ann'],
      latencyMs: 0,
      serve: ['--no-executor'],
      config: 'cloudformation: { macros: [Own::Macro] }\n',
    },
  );
});
afterAll(async () => await scene[Symbol.asyncDispose]());

test('the rehearsal is in the plan, on every door, and what was approved runs once', async () => {
  const deploy = { stack_name: 'shop', template_body: template('shop-production-orders') };
  const without = await ask(deploy);
  expect(without.plan.rehearsal).toBeUndefined();
  const answer = await ask({ ...deploy, rehearse: true });
  expect(answer.ticket.id, 'the one without is no answer').not.toBe(without.ticket.id);
  expect((await ask({ ...deploy, rehearse: true })).ticket.id, 'the same call again').toBe(answer.ticket.id);
  expect(answer.plan.rehearsal).toMatchObject({
    carried_through: true,
    change: { ended: 'to_its_end' },
    way_back: { ended: 'to_its_end' },
    failed: [],
    not_back: [
      { resource: 'Orders', what: expect.stringMatching(/^made again, with the same id; not back: its data/) },
    ],
  });
  const { plan, ticket } = await scene.place.json(['tickets', 'show', answer.ticket.id]);
  expect(plan.rehearsal.change.events.length).toBeGreaterThan(3);
  expect(plan.arguments).not.toHaveProperty('rehearse');
  expect(ticket.digest).toBe(answer.ticket.digest);
  const { stdout } = await scene.place.cli(['tickets', 'show', answer.ticket.id]);
  expect(stdout).toMatch(/^Undo {9}in part, rehearsed by our model: /m);
  expect(stdout).toContain('rehearsal by our model, which is not AWS');
  expect(stdout).not.toMatch(/\bpass(ed)?\b/i);
  await scene.agent.call('ticket_withdraw', { ticket_id: without.ticket.id, reason: REASON });
  expect(await scene.cloud.requests('ExecuteChangeSet')).toEqual([]);
  scene.place.start(['executor']);
  expect((await approve(scene.place, answer.ticket, 'ann')).code).toBe(0);
  expect(await scene.settled(answer.ticket.id), 'a rehearsal does not upset the recheck').toBe('succeeded');
  expect(await scene.cloud.requests('ExecuteChangeSet')).toHaveLength(1);
  await verified(scene);
});

test('what was denied is denied, with a rehearsal too', async () => {
  const deletion = { stack_name: 'denied' };
  const { ticket } = await ask(deletion, 'cloudformation_delete_stack');
  const by = ['--as', 'ann', '--yes', '--digest', ticket.digest];
  const denied = await scene.place.cli(['deny', ticket.id, ...by, '--reason', 'Not this one.']);
  expect(denied.stderr).toBe('');
  const again = await ask({ ...deletion, rehearse: true }, 'cloudformation_delete_stack');
  expect(again.refusal).toMatchObject({ code: 'denied' });
});

test('only tools whose plans can be played take it', async () => {
  const { refusal } = await ask(
    { stack_name: 'shop', enable_termination_protection: true, rehearse: true },
    'cloudformation_update_termination_protection',
  );
  expect(refusal).toMatchObject({ code: 'invalid_input' });
  expect(refusal.message).toContain('rehearse');
});

test('policy can ask for it: closed where it was not asked for, was not carried through, or failed', async () => {
  policy(REQUIRED);
  const deletion = { stack_name: 'twin' };
  const without = await ask(deletion, 'cloudformation_delete_stack');
  expect(without.refusal).toMatchObject({ code: 'policy_forbids' });
  expect(without.refusal.message).toContain('it was not rehearsed');
  expect(without.refusal.recovery).toContain('rehearse: true');
  const rehearsed = await ask({ ...deletion, rehearse: true }, 'cloudformation_delete_stack');
  expect(rehearsed.outcome).toBe('pending_approval');
  await scene.agent.call('ticket_withdraw', { ticket_id: rehearsed.ticket.id, reason: REASON });

  const failing = await ask({
    stack_name: 'twin',
    template_body: FAILING.replace('shop-orders', 'twin'),
    rehearse: true,
  });
  expect(failing.plan.rehearsal.change.ended).toBe('failed');
  expect(failing.refusal.message).toContain('failed in its rehearsal');
  expect(failing.refusal.recovery).toContain('plan.rehearsal.failed');
  policy('');
});

test('one that hangs is over after 20 seconds, and the call is answered: not rehearsed', async () => {
  policy(REQUIRED);
  // Read by a regular expression of the template's own, this value takes for ever.
  const evil = `${'a'.repeat(60)}!`;
  await using gateway = await startGateway(scene.cloud.endpoint, {
    DescribeStacks: async (forward) => {
      const { body, ...rest } = await forward();
      return {
        ...rest,
        body: body.replace('<ParameterValue>a</ParameterValue>', `<ParameterValue>${evil}</ParameterValue>`),
      };
    },
  });
  const agent = await scene.place.agent(['--no-executor', '--operator', 'otto'], {
    env: { AWS_ENDPOINT_URL: gateway.endpoint },
  });
  const before = listening(agent.pid);
  const answer = await agent.call('cloudformation_delete_stack', {
    stack_name: 'twin',
    rehearse: true,
    reason: REASON,
  });
  expect(answer.plan.rehearsal).toMatchObject({ carried_through: false, why: 'it took longer than 20 seconds' });
  expect(answer.refusal.message).toContain('its rehearsal was not carried through: it took longer than 20 seconds');
  // The process that had it goes on, without the cloud.
  expect(listening(agent.pid)).toEqual(before);
  expect((await agent.call('cloudformation_list_stacks')).stacks.length).toBe(3);
  await agent.close();
  policy('');
}, 90_000);

test('what is outside of every stack is not copied, and so not rehearsed', async () => {
  const [machine] = await instanceIds(scene);
  const answer = await ask({
    stack_name: 'twin',
    template_body: `${template('twin-orders')}  Machine: { Type: AWS::EC2::Instance, DeletionPolicy: Retain, Properties: { ImageId: ami-1 } }\n`,
    resources_to_import: [
      {
        resource_type: 'AWS::EC2::Instance',
        logical_resource_id: 'Machine',
        resource_identifier: { InstanceId: machine },
      },
    ],
    rehearse: true,
  });
  expect(answer.plan.rehearsal).toMatchObject({ carried_through: false, why: expect.stringContaining('imported') });
  const { stdout } = await scene.place.cli(['tickets', 'show', answer.ticket.id]);
  expect(stdout).toContain('It could not be rehearsed: what is to be imported');
});

test('no secret gets anywhere', () => {
  const everything = scene.rows(`SELECT text FROM entry UNION ALL SELECT plan FROM ticket WHERE plan IS NOT NULL`);
  const text = everything.map((row) => row.text).join('\n');
  expect(text).toContain('"rehearsal"');
  expect(text).not.toContain(SECRET);
  expect(text).not.toContain('correct-horse-9');
});
