import { afterAll, expect } from 'vitest';
import { startCloud } from '../scenes/cloud.ts';
import { propose, read, testAws } from '../scenes/tools.ts';

export const QUEUE = { Type: 'AWS::SQS::Queue' };
export const template = (resources: object) => JSON.stringify({ Resources: resources });
export const named = (QueueName: string, more: object = {}) => ({ ...QUEUE, Properties: { QueueName, ...more } });
export const slow = (seconds: number) => ({ ...QUEUE, Properties: { ReceiveMessageWaitTimeSeconds: seconds } });

export const ALLOW = { Effect: 'Allow', Action: 'Update:*', Principal: '*', Resource: '*' };
export const policyBody = (...Statement: object[]) => JSON.stringify({ Statement });

/** Stacks of two queues each, for one file; one named `protected` is. */
export async function stackScene(names: readonly string[]) {
  const cloud = await startCloud(
    {
      stacks: names.map((name) => ({
        name,
        template: { Resources: { A: slow(1), B: { ...slow(1), DependsOn: 'A' } } },
        tags: { env: 'dev' },
        terminationProtection: name === 'protected',
      })),
    },
    { latencyMs: 5 },
  );
  const aws = testAws(cloud.endpoint);
  afterAll(() => cloud[Symbol.asyncDispose]());
  const statusOf = async (stack_name: string): Promise<string> =>
    (await read(aws, 'cloudformation_describe_stack', { stack_name })).stack_status;

  /** Brings a stack into the state by an update whose B fails and, if asked for, whose A can't be rolled back. */
  async function failedUpdate(stack_name: string, rollbackFails: boolean): Promise<void> {
    await cloud.order('refusals', { stack: stack_name, logicalId: 'B', action: 'update', reason: 'no luck' });
    if (rollbackFails) await cloud.order('refusals', { stack: stack_name, logicalId: 'A', action: 'rollback' });
    const update = await propose(aws, 'cloudformation_deploy_stack', {
      stack_name,
      template_body: template({ A: slow(2), B: { ...slow(2), DependsOn: ['A', 'C'] }, C: QUEUE }),
    });
    await update.execute();
    expect(await update.outcome()).toMatchObject({ state: 'failed' });
  }

  return { cloud, aws, statusOf, failedUpdate };
}
