import {
  CreateStackCommand,
  DeleteStackCommand,
  DescribeStacksCommand,
  SetStackPolicyCommand,
} from '@aws-sdk/client-cloudformation';
import { until } from '../scenes/front-door.ts';
import type { Scene } from '../scenes/whole.ts';
import type { RefusalCase } from './case.ts';

const QUEUE = 'Resources: { Queue: { Type: "AWS::SQS::Queue" } }';
const ABSENT = 'arn:aws:cloudformation:eu-west-1:123456789012:stack/nobody/00000000-0000-0000-0000-000000000000';

const POLICY = JSON.stringify({ Statement: [{ Effect: 'Allow', Action: 'Update:*', Principal: '*', Resource: '*' }] });

/** What each operation on a stack takes beside the stack. */
const OPERATIONS: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  cloudformation_update_termination_protection: { enable_termination_protection: true },
  cloudformation_set_stack_policy: { stack_policy_body: POLICY },
  cloudformation_cancel_update_stack: {},
  cloudformation_continue_update_rollback: {},
  cloudformation_rollback_stack: {},
};

/** Two queues of one name: the second can't be made. */
function halfStack(name: string): string {
  const Properties = { QueueName: name };
  return JSON.stringify({
    Resources: {
      One: { Type: 'AWS::SQS::Queue', Properties },
      Two: { Type: 'AWS::SQS::Queue', Properties, DependsOn: 'One' },
    },
  });
}

/** The ARN of a stack that is no more. */
async function deletedStack({ cloudformation }: Scene, tool: string): Promise<string> {
  const StackName = `gone-${tool.replaceAll('_', '-')}`;
  const { StackId } = await cloudformation.send(new CreateStackCommand({ StackName, TemplateBody: QUEUE }));
  await cloudformation.send(new DeleteStackCommand({ StackName }));
  await until(
    async () => (await cloudformation.send(new DescribeStacksCommand({ StackName: StackId }))).Stacks?.[0],
    (stack) => stack?.StackStatus === 'DELETE_COMPLETE',
  );
  return StackId ?? '';
}

/** The sandbox takes a request's region from its signature, and verifies nothing. */
const SIGNED = { authorization: 'AWS4-HMAC-SHA256 Credential=A/20260101/eu-west-1/s3/aws4_request' };

/** A template with a parameter that nobody may see. */
const SECRETIVE = JSON.stringify({
  Parameters: { Word: { Type: 'String', NoEcho: true } },
  Resources: { Queue: { Type: 'AWS::SQS::Queue' } },
});

export const stackCases: readonly RefusalCase[] = [
  {
    tool: 'cloudformation_deploy_stack',
    code: 'invalid_input',
    when: 'a tag repeats the value of a NoEcho parameter',
    args: () => ({
      ...{ stack_name: 'says-it-twice', template_body: SECRETIVE },
      ...{ parameters: { Word: 'Zebra-Crossing-7' }, tags: { note: 'with zebra-crossing-7' } },
    }),
  },
  ...Object.entries(OPERATIONS).flatMap(([tool, more]): readonly RefusalCase[] => [
    { tool, code: 'not_found', when: 'there is no such stack', args: () => ({ stack_name: 'nobody', ...more }) },
    {
      tool,
      code: 'wrong_state',
      when: 'the stack is complete, or for those that take this, deleted',
      args: async (scene) => ({
        stack_name: Object.keys(more).length === 0 ? 'orders' : await deletedStack(scene, tool),
        ...more,
      }),
    },
  ]),
  {
    tool: 'cloudformation_update_termination_protection',
    code: 'no_changes',
    when: 'it is on already',
    args: () => ({ stack_name: 'protected', enable_termination_protection: true }),
  },
  {
    tool: 'cloudformation_set_stack_policy',
    code: 'no_changes',
    when: 'it is the same',
    async args({ cloudformation }) {
      await cloudformation.send(new SetStackPolicyCommand({ StackName: 'orders', StackPolicyBody: POLICY }));
      return { stack_name: 'orders', stack_policy_body: POLICY };
    },
  },
  {
    tool: 'cloudformation_rollback_stack',
    code: 'protected',
    when: 'it would delete a protected stack',
    async args({ cloudformation }) {
      const StackName = 'half';
      await cloudformation.send(
        new CreateStackCommand({
          StackName,
          TemplateBody: halfStack('half'),
          OnFailure: 'DO_NOTHING',
          EnableTerminationProtection: true,
        }),
      );
      await until(
        async () => (await cloudformation.send(new DescribeStacksCommand({ StackName }))).Stacks?.[0],
        (stack) => stack?.StackStatus === 'CREATE_FAILED',
      );
      return { stack_name: StackName };
    },
  },
  {
    tool: 'cloudformation_delete_stack',
    code: 'in_use',
    when: 'a bucket is not empty',
    async args({ cloudformation, cloud }) {
      const StackName = 'with-bucket';
      const TemplateBody = JSON.stringify({
        Resources: { Data: { Type: 'AWS::S3::Bucket', Properties: { BucketName: 'refused' } } },
      });
      await cloudformation.send(new CreateStackCommand({ StackName, TemplateBody }));
      await until(
        async () => (await cloudformation.send(new DescribeStacksCommand({ StackName }))).Stacks?.[0],
        (stack) => stack?.StackStatus === 'CREATE_COMPLETE',
      );
      await fetch(`${cloud.endpoint}/refused/object`, { method: 'PUT', headers: SIGNED });
      return { stack_name: StackName };
    },
  },
  {
    tool: 'cloudformation_delete_stack',
    code: 'not_found',
    when: 'there is no such stack',
    args: () => ({ stack_name: 'nobody' }),
  },
  {
    tool: 'cloudformation_delete_stack',
    code: 'protected',
    when: 'termination protection is on',
    args: () => ({ stack_name: 'protected' }),
  },
  {
    tool: 'cloudformation_delete_stack',
    code: 'wrong_state',
    when: 'retain_resources is given before a deletion has failed',
    args: () => ({ stack_name: 'orders', retain_resources: ['Queue'] }),
  },
  {
    tool: 'cloudformation_deploy_stack',
    code: 'invalid_input',
    when: 'the template can not be read',
    args: () => ({ stack_name: 'orders', template_body: 'Resources: [' }),
  },
  {
    tool: 'cloudformation_deploy_stack',
    code: 'invalid_input',
    when: 'there is no template for a new stack',
    args: () => ({ stack_name: 'brand-new', tags: { a: 'b' } }),
  },
  {
    tool: 'cloudformation_deploy_stack',
    code: 'not_found',
    when: 'there is no stack of that ARN',
    args: () => ({ stack_name: ABSENT, template_body: QUEUE }),
  },
  {
    tool: 'cloudformation_deploy_stack',
    code: 'no_changes',
    when: 'the stack is already as asked',
    args: () => ({ stack_name: 'orders', template_body: QUEUE }),
  },
  {
    tool: 'cloudformation_deploy_stack',
    code: 'planning_failed',
    when: 'AWS can not make the change set',
    args: () => ({
      stack_name: 'orders',
      template_body:
        'Resources: { Queue: { Type: "AWS::SQS::Queue", Properties: { QueueName: { "Fn::Select": [5, [a]] } } } }',
    }),
  },
  {
    tool: 'cloudformation_deploy_stack',
    code: 'wrong_state',
    when: 'the stack could not be created',
    async args({ cloudformation }) {
      const TemplateBody = halfStack('the-only-one');
      await cloudformation.send(new CreateStackCommand({ StackName: 'broken', TemplateBody }));
      return { stack_name: 'broken', template_body: QUEUE };
    },
  },
];
