import { z } from 'zod';
import { digestOf } from '../../src/kernel/digest.ts';
import { HoldshortError } from '../../src/kernel/errors.ts';
import { defineChangeTool } from '../define.ts';
import { Parameters, Reason, Region, StackNameOrArn, Tags } from '../fields.ts';
import { discardChangeSet } from './discard-change-set.ts';
import { observeDeployment } from './observe-deployment.ts';
import { changesText, planChangeSet } from './plan-change-set.ts';
import { prepareChangeSet } from './prepare-change-set.ts';
import { existingStack, stackTarget } from './stack-target.ts';
import { hiddenParameters } from './stored-deployment.ts';

const Capability = z.enum(['CAPABILITY_IAM', 'CAPABILITY_NAMED_IAM', 'CAPABILITY_AUTO_EXPAND']);

export default defineChangeTool({
  name: 'cloudformation_deploy_stack',
  title: 'Create or update a stack',
  description:
    'Create or update a CloudFormation stack. AWS makes a change set; what it would delete, replace or expose decides whether a person has to approve (then you get a ticket; follow it with ticket_wait).',
  toolset: 'cloudformation',
  action: 'cloudformation:ExecuteChangeSet',
  reads: [
    'cloudformation:DescribeStacks',
    'cloudformation:DescribeChangeSet',
    'cloudformation:ListChangeSets',
    'cloudformation:ListStackResources',
    'cloudformation:GetTemplate',
    'cloudformation:DescribeStackEvents',
    'cloudformation:CreateChangeSet',
  ],
  effects: ['create', 'modify', 'disrupt', 'expose', 'weaken', 'replace', 'delete', 'unknown'],
  refusals: {
    invalid_input: 'the template can not be read, or there is none for a new stack',
    not_found: 'there is no stack of that ARN',
    wrong_state: 'the stack is being changed, or is in a state that AWS does not update',
    no_changes: 'the stack is already as asked',
    planning_failed: 'AWS could not make the change set',
  },
  input: z.strictObject({
    stack_name: StackNameOrArn,
    template_body: z
      .string()
      .min(1)
      .optional()
      .describe('YAML or JSON; left out, an update keeps the present template'),
    parameters: Parameters.optional().describe('Left out ones keep their value'),
    tags: Tags.optional().describe("All the stack's tags; left out, they stay"),
    capabilities: z.array(Capability).max(3).optional(),
    region: Region.optional(),
    reason: Reason,
  }),

  record({ stack_name, template_body, parameters, tags, capabilities }, hideSecret, { cloudformation }) {
    const template = template_body === undefined ? undefined : cloudformation.readTemplate(template_body);
    return {
      stack_name,
      ...(template ? { template_sha256: template.sha256, template_bytes: template.bytes } : {}),
      ...(parameters ? { parameters: hiddenParameters(parameters, template, hideSecret) } : {}),
      ...(tags ? { tags } : {}),
      ...(capabilities ? { capabilities: [...capabilities].sort() } : {}),
    };
  },

  prepare: prepareChangeSet,

  async plan(stored, readers, ref) {
    if (!ref) throw new HoldshortError('planning_failed', 'there is no change set', 'ask again');
    const changeSet = await readers.cloudformation.changeSet(ref.stack_id, ref.arn);
    if (!changeSet) {
      throw new HoldshortError(
        'planning_failed',
        'the change set is gone: another one may have been executed',
        'ask again',
      );
    }
    const stack = await existingStack(ref.stack_id, readers);
    const creating = stack.stack_status === 'REVIEW_IN_PROGRESS';
    const present = creating ? undefined : await readers.cloudformation.template(ref.stack_id);
    const future = await readers.cloudformation.template(ref.stack_id, ref.arn);
    const { summary, impact } = planChangeSet({ stored, stack, creating, changeSet, present, future });
    return {
      summary,
      // Classification mustn't rest on tags that the call itself brings; emulators show them on a stack that isn't created yet.
      targets: [stackTarget(stack, creating ? {} : stack.tags)],
      impact,
      guard: {
        stack_id: creating ? null : stack.stack_id,
        stack_status: stack.stack_status,
        last_updated_time: (creating ? undefined : stack.last_updated_time) ?? null,
        template_sha256: present?.sha256 ?? null,
        change_set_status: changeSet.status,
        change_set_execution_status: changeSet.execution_status,
        changes_digest: digestOf('holdshort/guard/v1', changesText(changeSet.changes)),
      },
    };
  },

  creates: ({ guard }) => guard.stack_id === null,

  async execute({ change_set }, { cloudformation }, { token }) {
    await cloudformation.executeChangeSet({
      change_set_arn: change_set?.arn ?? '',
      stack_id: change_set?.stack_id ?? '',
      token,
    });
  },

  observe: observeDeployment,
  discard: discardChangeSet,
});
