import { afterAll, beforeAll, expect, test } from 'vitest';
import { REASON } from '../scenes/front-door.ts';
import { type Scene, setScene } from '../scenes/whole.ts';

/* An agent asks with secrets in what it asks for. */

const SECRET = 'hunter2-S3cr3t-XyZ';

let scene: Scene;
beforeAll(async () => {
  scene = await setScene(
    {
      stacks: [
        { name: 'shop', template: 'Resources: {Q: {Type: AWS::SQS::Queue}}' },
        { name: 'with-word', template: TEMPLATE },
      ],
    },
    { latencyMs: 1, serve: ['--no-executor'] },
  );
}, 60_000);
afterAll(async () => await scene?.[Symbol.asyncDispose]());

function logged(): string {
  return scene
    .rows('SELECT text FROM entry ORDER BY seq')
    .map(({ text }) => text)
    .join('\n');
}

test('B13: what a read was asked with is logged without its secrets, and what it was is still told', async () => {
  await scene.agent.call('ec2_describe_instances', { tags: { password: SECRET, team: 'web' } });
  await scene.agent.call('ec2_describe_instances', { tags: { note: `password=${SECRET}` } });
  await scene.agent.call('cloudformation_validate_template', {
    template_body: `Resources: {X: {Type: AWS::SQS::Queue, Properties: {Password: ${SECRET}}}}`,
  });
  expect(logged()).toContain('"tags":{"password":"[hidden:secret]","team":"web"}');
  expect(logged()).toContain('"template_sha256":"');
  expect(logged()).not.toContain(SECRET);
});

test('B13: nor is what was refused, failed or not understood', async () => {
  const wrong = [
    scene.agent.call('ec2_describe_instances', { nonsense: SECRET }),
    scene.agent.call('ec2_describe_instances', { [`password=${SECRET}`]: 1 }),
    scene.agent.call('cloudformation_describe_stack', { stack_name: `no-token-of-that-name`, region: SECRET }),
    scene.agent.call('cloudformation_deploy_stack', {
      stack_name: 'shop',
      template_body: `Transform: Evil\nParameters: {Password: {Type: String, Default: ${SECRET}}}\n`,
      tags: { team: 'web' },
      reason: `${REASON}, password=${SECRET}`,
    }),
    scene.agent.call('cloudformation_set_stack_policy', {
      stack_name: 'gone',
      stack_policy_body: JSON.stringify({ password: SECRET }),
      reason: REASON,
    }),
  ];
  for (const answer of await Promise.all(wrong)) expect(answer).toHaveProperty('refusal');
  expect(logged()).not.toContain(SECRET);
});

test('B13: a secret in a reason reaches neither the ticket nor the log', async () => {
  const reason = `the database is renewed, its password=${SECRET} stays`;
  const args = { availability_zone: 'eu-west-1a', size: 8, reason };
  const { ticket } = await scene.agent.call('ec2_create_volume', args);
  expect(ticket?.id).toBeDefined();
  await scene.agent.call('ec2_create_volume', args);
  await scene.agent.call('ticket_withdraw', { ticket_id: ticket.id, reason });
  expect(logged()).toContain('its password=[hidden:secret] stays');
  expect(logged()).not.toContain(SECRET);
  expect(JSON.stringify(scene.rows('SELECT * FROM ticket'))).not.toContain(SECRET);
});

test('a reason that is not given is said to be missing', async () => {
  const answer = await scene.agent.call('ec2_create_volume', { availability_zone: 'eu-west-1a', size: 8 });
  expect(answer.refusal).toMatchObject({ code: 'invalid_input', message: 'reason: is missing' });
});

test.each([
  ['blanks', ' '.repeat(10)],
  ['overrides of the writing direction', '\u202e'.repeat(12)],
  ['Hangul fillers', '\u3164'.repeat(12)],
  ["Braille's empty pattern", '\u2800'.repeat(12)],
  ['tags', '\u{e0041}'.repeat(12)],
  ['a word with blanks after it', `ok${' '.repeat(20)}.`],
])('B13: a reason of %s is none', async (_, reason) => {
  const answer = await scene.agent.call('ec2_create_volume', { availability_zone: 'eu-west-1a', size: 8, reason });
  expect(answer.refusal).toMatchObject({ code: 'invalid_input', message: expect.stringContaining('say why') });
});

const TEMPLATE = JSON.stringify({
  Parameters: {
    Word: { Type: 'String', NoEcho: true, Default: 'none' },
    User: { Type: 'String', NoEcho: true, Default: 'none' },
    Release: { Type: 'String', Default: 'none' },
  },
  Resources: {
    Q: { Type: 'AWS::SQS::Queue', Properties: { Tags: [{ Key: 'release', Value: { Ref: 'Release' } }] } },
  },
});
const WORD = 'Zebra-Crossing-Granite7';
const deploy = (args: object) =>
  scene.agent.call('cloudformation_deploy_stack', { template_body: TEMPLATE, reason: REASON, ...args });

test.each([
  ['its reason', 'reason', { reason: `sets the word to ${WORD.toLowerCase()}, as agreed` }],
  ['a tag', 'tags', { tags: { note: `it is ${WORD}` } }],
  ['a name of a tag', 'tags', { tags: { [WORD]: 'x' } }],
])('a call that repeats a parameter that nobody may see in %s becomes no ticket', async (_, argument, more) => {
  const answer = await deploy({ stack_name: 'says-it', parameters: { Word: WORD }, ...more });
  expect(answer.refusal).toMatchObject({
    code: 'invalid_input',
    message: `${argument} repeats the value of the parameter Word, which nobody may see`,
    recovery: expect.stringContaining('say it without that value'),
  });
  expect(scene.rows('SELECT * FROM ticket WHERE draft LIKE ?', '%zebra%')).toEqual([]);
  expect(logged()).not.toMatch(/zebra-crossing/i);
});

test('nor where the template is the one that the stack has; what everyone may see is said twice', async () => {
  const parameters = { Word: WORD, Release: 'release-2026-11' };
  expect((await deploy({ stack_name: 'said', parameters: { ...parameters, Word: 'another-one-1' } })).refusal).toBe(
    undefined,
  );
  const again = { template_body: undefined, use_previous_template: true, stack_name: 'shop', parameters };
  const refused = await deploy({ ...again, stack_name: 'with-word', reason: `${REASON} ${WORD}` });
  expect(refused.refusal?.message).toMatch(/reason repeats the value of the parameter Word/);
  expect(logged()).not.toMatch(/zebra-crossing/i);
  const ticket = await deploy({ ...again, stack_name: 'with-word', reason: 'rolls release-2026-11 out' });
  expect(ticket.ticket?.state, JSON.stringify(ticket)).toBe('pending');
});

test('an ordinary word and a short one are said: user names are NoEcho, too', async () => {
  const answer = await deploy({
    ...{ stack_name: 'words', parameters: { User: 'wordpress', Word: 'a1' } },
    ...{ reason: 'a1 more wordpress', tags: { app: 'wordpress' } },
  });
  expect(answer.ticket?.state, JSON.stringify(answer)).toBe('pending');
});

test('what can not be said in other words is said: a region, and what a stack is called', async () => {
  const template_body = JSON.stringify({
    Parameters: { SecretRegion: { Type: 'String' }, SecretName: { Type: 'String' } },
    Resources: { Q: { Type: 'AWS::SQS::Queue' } },
  });
  const parameters = { SecretRegion: 'eu-west-1', SecretName: 'its-stack-1' };
  const answer = await deploy({ stack_name: 'its-stack-1', region: 'eu-west-1', template_body, parameters });
  expect(answer.refusal, JSON.stringify(answer)).toBeUndefined();
});

test('of a call of which nothing comes for another reason, the log has nothing of what it leaves out', async () => {
  const template_body = `Transform: Evil\n${TEMPLATE}`;
  const args = { stack_name: 'broken', template_body, parameters: { Word: WORD }, reason: `${REASON} ${WORD}` };
  expect(await deploy(args)).toHaveProperty('refusal');
  expect(logged()).not.toMatch(/zebra-crossing/i);
});
