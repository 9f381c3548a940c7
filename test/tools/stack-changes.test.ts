import { expect, onTestFinished, test } from 'vitest';
import { startCloud } from '../scenes/cloud.ts';
import { effects, propose, read, testAws } from '../scenes/tools.ts';
import { ALLOW, named, policyBody, QUEUE, slow, stackScene, template } from './stack-scene.ts';

const { cloud, aws, statusOf, failedUpdate } = await stackScene(['stuck', 'skipped', 'failed']);

/** A cloud whose time can be made to stand still, so that an update stays where it is. */
async function stillCloud(stacks: NonNullable<Parameters<typeof startCloud>[0]>['stacks']) {
  let still: number | undefined;
  const own = await startCloud({ stacks }, { latencyMs: 5, now: () => still ?? Date.now() });
  onTestFinished(() => own[Symbol.asyncDispose]());
  return {
    there: testAws(own.endpoint),
    stop() {
      still = Date.now();
    },
    pass(ms: number) {
      still = (still ?? Date.now()) + ms;
    },
    goOn() {
      still = undefined;
    },
  };
}

test('an update is cancelled: what it made goes, what it changed is put back', async () => {
  const { there, stop, goOn } = await stillCloud([
    { name: 'updated', template: { Resources: { A: slow(1), R: named('first'), Z: QUEUE } } },
  ]);
  const idle = propose(there, 'cloudformation_cancel_update_stack', { stack_name: 'updated' });
  await expect(idle).rejects.toMatchObject({ code: 'wrong_state' });
  const update = await propose(there, 'cloudformation_deploy_stack', {
    stack_name: 'updated',
    template_body: template({
      A: slow(2),
      R: named('second'),
      New: QUEUE,
      Later: { ...QUEUE, DependsOn: ['A', 'New', 'R'] },
      Z: QUEUE,
    }),
  });
  stop();
  await update.execute();
  const cancel = await propose(there, 'cloudformation_cancel_update_stack', { stack_name: 'updated' });
  expect(effects(cancel)).toEqual([
    'disrupt AWS::CloudFormation::Stack',
    'delete AWS::SQS::Queue',
    'replace AWS::SQS::Queue',
    'disrupt AWS::SQS::Queue',
  ]);
  expect(cancel.impact[2]?.detail).toMatch(/^R: .*second.*deleted; the old one .*first.* is used again/);
  expect((await cancel.again()).impact).toEqual(cancel.impact);
  expect(await cancel.observe()).toMatchObject({ state: 'unknown' });
  await cancel.execute();
  expect(await cancel.observe()).toMatchObject({ state: 'pending' });
  goOn();
  const outcome = await cancel.outcome();
  expect(outcome).toMatchObject({ state: 'succeeded', detail: 'the stack is UPDATE_ROLLBACK_COMPLETE' });
  expect(await update.outcome()).toMatchObject({ state: 'failed' });
  const { resources } = await read(there, 'cloudformation_list_stack_resources', { stack_name: 'updated' });
  expect(resources.map((one: { logical_id: string }) => one.logical_id).sort()).toEqual(['A', 'R', 'Z']);
  // The token has been used: sent again, it does nothing.
  await cancel.execute();
});

test('a plan to cancel is no longer the same once the update has gone on', async () => {
  const { there, stop, pass, goOn } = await stillCloud([
    { name: 'race', template: { Resources: { A: slow(1), B: { ...slow(1), DependsOn: 'A' } } } },
  ]);
  const update = await propose(there, 'cloudformation_deploy_stack', {
    stack_name: 'race',
    template_body: template({ A: slow(2), B: { ...slow(2), DependsOn: 'A' } }),
  });
  stop();
  await update.execute();
  const cancel = await propose(there, 'cloudformation_cancel_update_stack', { stack_name: 'race' });
  expect(cancel.impact).toHaveLength(2);
  pass(5);
  const later = await cancel.again();
  expect(later.impact).toHaveLength(3);
  expect(later.guard).not.toEqual(cancel.guard);
  goOn();
  await update.outcome();
  await expect(cancel.again()).rejects.toMatchObject({ code: 'wrong_state' });
});

test('a rollback that failed goes on once what it failed on is mended', async () => {
  await failedUpdate('stuck', true);
  expect(await statusOf('stuck')).toBe('UPDATE_ROLLBACK_FAILED');
  const go = await propose(aws, 'cloudformation_continue_update_rollback', { stack_name: 'stuck' });
  expect(effects(go)).toEqual([
    'disrupt AWS::CloudFormation::Stack',
    'delete AWS::SQS::Queue',
    'disrupt AWS::SQS::Queue',
  ]);
  expect(go.impact[2]?.detail).toContain('A, UPDATE_FAILED');
  expect(await go.observe()).toMatchObject({ state: 'unknown' });
  await go.execute();
  expect(await go.outcome()).toMatchObject({ state: 'succeeded' });
  const [sent] = await cloud.requests('ContinueUpdateRollback');
  expect(sent?.parameters).toEqual({ StackName: go.targets[0]?.id, ClientRequestToken: expect.any(String) });
  expect(await statusOf('stuck')).toBe('UPDATE_ROLLBACK_COMPLETE');
  await expect(go.again()).rejects.toMatchObject({ code: 'wrong_state' });
});

test('what a continued rollback gives up is unknown, and must have failed', async () => {
  await failedUpdate('skipped', true);
  const given = { stack_name: 'skipped', resources_to_skip: ['A'] };
  const go = await propose(aws, 'cloudformation_continue_update_rollback', given);
  expect(effects(go)).toEqual([
    'disrupt AWS::CloudFormation::Stack',
    'unknown AWS::SQS::Queue',
    'delete AWS::SQS::Queue',
  ]);
  for (const name of ['Nobody', 'C', 'open.A']) {
    const wrong = propose(aws, 'cloudformation_continue_update_rollback', { ...given, resources_to_skip: [name] });
    await expect(wrong).rejects.toMatchObject({ code: 'wrong_state', message: expect.stringContaining(name) });
  }
  // It fails again at the same place unless that is given up.
  await cloud.order('refusals', { stack: 'skipped', logicalId: 'A', action: 'rollback', times: 9 });
  const again = await propose(aws, 'cloudformation_continue_update_rollback', { stack_name: 'skipped' });
  await again.execute();
  expect(await again.outcome()).toMatchObject({ state: 'failed', detail: expect.stringContaining('A') });
  const skip = await propose(aws, 'cloudformation_continue_update_rollback', given);
  await skip.execute();
  expect(await skip.outcome()).toMatchObject({ state: 'succeeded' });
});

test('a failed creation that was left as it is: rolling it back deletes it', async () => {
  const { CloudFormationClient, CreateStackCommand } = await import('@aws-sdk/client-cloudformation');
  const direct = new CloudFormationClient({
    endpoint: cloud.endpoint,
    region: 'eu-west-1',
    credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
  });
  const create = async (StackName: string, EnableTerminationProtection: boolean) => {
    await cloud.order('refusals', { stack: StackName, logicalId: 'B', action: 'create', reason: 'no room' });
    const resources = {
      A: QUEUE,
      Kept: { ...QUEUE, DeletionPolicy: 'Retain' },
      B: { ...QUEUE, DependsOn: ['A', 'Kept'] },
    };
    const TemplateBody = template(resources);
    await direct.send(
      new CreateStackCommand({ StackName, TemplateBody, OnFailure: 'DO_NOTHING', EnableTerminationProtection }),
    );
    while ((await statusOf(StackName)) !== 'CREATE_FAILED') await new Promise((resolve) => setTimeout(resolve, 5));
  };
  await create('half', false);
  const back = await propose(aws, 'cloudformation_rollback_stack', { stack_name: 'half' });
  expect(effects(back)).toEqual([
    'delete AWS::CloudFormation::Stack',
    'delete AWS::SQS::Queue',
    'weaken AWS::SQS::Queue',
  ]);
  expect(back.lifecycle).toEqual({ kind: 'stack', name: 'half', event: 'delete' });
  await back.execute();
  expect(await back.outcome()).toMatchObject({ state: 'succeeded', detail: 'the stack is DELETE_COMPLETE' });
  await create('half-protected', true);
  const kept = propose(aws, 'cloudformation_rollback_stack', { stack_name: 'half-protected' });
  await expect(kept).rejects.toMatchObject({ code: 'protected' });
  direct.destroy();
});

test('a failed update that was left as it is is put back', async () => {
  const { CloudFormationClient, UpdateStackCommand } = await import('@aws-sdk/client-cloudformation');
  const direct = new CloudFormationClient({
    endpoint: cloud.endpoint,
    region: 'eu-west-1',
    credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
  });
  await cloud.order('refusals', { stack: 'failed', logicalId: 'B', action: 'update', reason: 'no luck' });
  const TemplateBody = template({ A: slow(2), B: { ...slow(2), DependsOn: ['A', 'C'] }, C: QUEUE });
  await direct.send(new UpdateStackCommand({ StackName: 'failed', TemplateBody, DisableRollback: true }));
  while ((await statusOf('failed')) !== 'UPDATE_FAILED') await new Promise((resolve) => setTimeout(resolve, 5));
  const back = await propose(aws, 'cloudformation_rollback_stack', { stack_name: 'failed' });
  expect(effects(back)).toEqual([
    'disrupt AWS::CloudFormation::Stack',
    'delete AWS::SQS::Queue',
    'disrupt AWS::SQS::Queue',
    'disrupt AWS::SQS::Queue',
  ]);
  expect(await back.observe()).toMatchObject({ state: 'unknown' });
  await back.execute();
  expect(await back.outcome()).toMatchObject({ state: 'succeeded', detail: 'the stack is UPDATE_ROLLBACK_COMPLETE' });
  // Someone else's rollback isn't ours.
  expect(await back.observe({ token: 'another' })).toMatchObject({ state: 'unknown' });
  await expect(back.again()).rejects.toMatchObject({ code: 'wrong_state' });
  direct.destroy();
});

test.each([
  ['cloudformation_update_termination_protection', { enable_termination_protection: true }],
  ['cloudformation_set_stack_policy', { stack_policy_body: policyBody(ALLOW) }],
  ['cloudformation_cancel_update_stack', {}],
  ['cloudformation_continue_update_rollback', {}],
  ['cloudformation_rollback_stack', {}],
])('%s refuses a stack that is not there, and one that is deleted', async (tool, given) => {
  const nobody = propose(aws, tool, { stack_name: 'nobody', ...given });
  await expect(nobody).rejects.toMatchObject({ code: 'not_found' });
  const create = await propose(aws, 'cloudformation_deploy_stack', {
    stack_name: 'short',
    template_body: template({ A: QUEUE }),
  });
  await create.execute();
  await create.outcome();
  const remove = await propose(aws, 'cloudformation_delete_stack', { stack_name: 'short' });
  await remove.execute();
  await remove.outcome();
  const gone = propose(aws, tool, { stack_name: remove.targets[0]?.id, ...given });
  await expect(gone).rejects.toMatchObject({ code: 'wrong_state' });
});
