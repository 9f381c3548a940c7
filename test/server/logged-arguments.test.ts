import { afterAll, beforeAll, expect, test } from 'vitest';
import { REASON } from '../scenes/front-door.ts';
import { type Scene, setScene } from '../scenes/whole.ts';

/* An agent asks with secrets in what it asks for. */

const SECRET = 'hunter2-S3cr3t-XyZ';

let scene: Scene;
beforeAll(async () => {
  scene = await setScene(
    { stacks: [{ name: 'shop', template: 'Resources: {Q: {Type: AWS::SQS::Queue}}' }] },
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
