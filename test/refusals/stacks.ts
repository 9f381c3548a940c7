import { CreateStackCommand } from '@aws-sdk/client-cloudformation';
import type { RefusalCase } from './case.ts';

const QUEUE = 'Resources: { Queue: { Type: "AWS::SQS::Queue" } }';
const ABSENT = 'arn:aws:cloudformation:eu-west-1:123456789012:stack/nobody/00000000-0000-0000-0000-000000000000';

export const stackCases: readonly RefusalCase[] = [
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
      // Two queues of one name: the second can't be made.
      const Properties = { QueueName: 'the-only-one' };
      const TemplateBody = JSON.stringify({
        Resources: {
          One: { Type: 'AWS::SQS::Queue', Properties },
          Two: { Type: 'AWS::SQS::Queue', Properties, DependsOn: 'One' },
        },
      });
      await cloudformation.send(new CreateStackCommand({ StackName: 'broken', TemplateBody }));
      return { stack_name: 'broken', template_body: QUEUE };
    },
  },
];
