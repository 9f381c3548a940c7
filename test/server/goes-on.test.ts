import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CreateStackCommand, waitUntilStackCreateComplete } from '@aws-sdk/client-cloudformation';
import { expect, test } from 'vitest';
import { until } from '../scenes/front-door.ts';
import { here } from '../scenes/here.ts';
import { type Scene, setScene } from '../scenes/whole.ts';

/* A stack's deployment and deletion go on when AWS has answered: the ticket says as whom, and what that can break. */

const EXECUTION = 'aws: { execution_role_arn: "arn:aws:iam::123456789012:role/execute" }\n';
const SERVICE = 'arn:aws:iam::123456789012:role/stacks';
const BROKEN = 'what takes longer, a rollback too, may be left half done';
const queue = (delay: number) =>
  JSON.stringify({ Resources: { Jobs: { Type: 'AWS::SQS::Queue', Properties: { DelaySeconds: delay } } } });

async function made({ cloudformation: client }: Scene, StackName: string, RoleARN?: string): Promise<void> {
  await client.send(new CreateStackCommand({ StackName, TemplateBody: queue(0), RoleARN }));
  await waitUntilStackCreateComplete({ client, maxWaitTime: 60, minDelay: 1, maxDelay: 1 }, { StackName });
}

async function doneAs({ place, ask }: Scene, tool: string, args: Record<string, unknown>): Promise<string> {
  const { id } = await ask(tool, args);
  const { stdout } = await here(place, ['tickets', 'show', id]);
  return /^done as +([\s\S]*?)planned as/m.exec(stdout)?.[1]?.replace(/\s+/g, ' ').trim() ?? '';
}

test.each([
  ['with an execution role', EXECUTION, `this ticket's session, which ends 60 minutes after it is sent: ${BROKEN}`],
  ['without one', '', `the executor's own credentials, while they last: ${BROKEN}`],
])('%s a ticket says as whom AWS goes on, of each stack', async (_, config, session) => {
  await using scene = await setScene({ instances: [{}] }, { config, latencyMs: 0 });
  await made(scene, 'alone');
  await made(scene, 'served', SERVICE);
  const served = `${SERVICE} (the stack's service role)`;
  const deploying = { template_body: queue(60) };
  expect(await doneAs(scene, 'cloudformation_delete_stack', { stack_name: 'alone' })).toBe(session);
  expect(await doneAs(scene, 'cloudformation_delete_stack', { stack_name: 'served' })).toBe(served);
  expect(await doneAs(scene, 'cloudformation_deploy_stack', { stack_name: 'alone', ...deploying })).toBe(session);
  expect(await doneAs(scene, 'cloudformation_deploy_stack', { stack_name: 'served', ...deploying })).toBe(served);
  // A request that is answered and over.
  const protecting = { stack_name: 'served', enable_termination_protection: true };
  expect(await doneAs(scene, 'cloudformation_update_termination_protection', protecting)).toBe('');
});

test('where a ticket says that it is its session, no executor goes on as itself', async () => {
  await using scene = await setScene({ instances: [{}] }, { config: EXECUTION, approvers: ['ann'], latencyMs: 0 });
  await made(scene, 'alone');
  const { id } = await scene.approved('cloudformation_delete_stack', { stack_name: 'alone' });
  const file = join(scene.place.home, 'config.yaml');
  writeFileSync(file, readFileSync(file, 'utf8').replace(EXECUTION, ''));
  const { stop } = await scene.executing();
  const [said] = await until(
    () => scene.rows(`SELECT detail FROM audit_events WHERE ticket = ? AND type = 'execution.waiting'`, id),
    (rows) => rows.length > 0,
    60_000,
  );
  await stop();
  expect(said?.detail).toContain('this executor has no execution role');
  expect(await scene.cloud.requests('DeleteStack')).toEqual([]);
  expect(scene.state(id)).toBe('approved');
});
