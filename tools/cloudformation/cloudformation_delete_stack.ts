import { z } from 'zod';
import { digestOf } from '../../src/kernel/digest.ts';
import { HoldshortError } from '../../src/kernel/errors.ts';
import { defineChangeTool, type Readers } from '../define.ts';
import { LogicalIds, Reason, Region, Rehearse, StackNameOrArn } from '../fields.ts';
import type { Stack } from '../ports/cloudformation.ts';
import { wrongState } from '../refusing.ts';
import { isKept, resourceLine, stackLine } from './deletion/lines.ts';
import { observeDeletion } from './deletion/observe.ts';
import { obstacles, refuseUsedExports } from './deletion/obstacles.ts';
import { NO_ROLE_GIVEN, throughStack } from './permits.ts';
import { OWNERSHIP_READS } from './reach/reads.ts';
import { reachOf } from './reach/targets.ts';
import { inventory, NESTED_STACK, type OwnedResource } from './stack/inventory.ts';
import { existingStack, stackIdOf, stackLifecycle, stackTarget } from './stack/target.ts';
import { keepForCreation } from './undo/keep-stack.ts';
import { undoOfDeletion } from './undo/stack-undo.ts';

export default defineChangeTool({
  name: 'cloudformation_delete_stack',
  title: 'Delete a stack',
  description: 'Delete one CloudFormation stack with all its resources. May need approval (ticket).',
  toolset: 'cloudformation',
  action: 'cloudformation:DeleteStack',
  reads: [
    'cloudformation:DescribeStacks',
    'cloudformation:ListStackResources',
    'cloudformation:GetTemplate',
    'cloudformation:GetStackPolicy',
    'cloudformation:DescribeStackEvents',
    'cloudformation:ListExports',
    'cloudformation:ListImports',
    's3:ListBucketVersions',
    'ec2:DescribeInstances',
    'ec2:DescribeInstanceAttribute',
    'ec2:DescribeNetworkInterfaces',
    'ec2:DescribeSecurityGroups',
    ...OWNERSHIP_READS,
  ],
  evidence: "its token in the stack's events",
  effects: ['delete', 'weaken'],
  refusals: {
    not_found: 'there is no such stack',
    protected:
      'termination protection is on, here, on a stack around it, or on one of its instances; a person lifts it first',
    in_use:
      'AWS would fail on it: another stack imports an export, a bucket is not empty, or a security group is used from outside',
    wrong_state:
      'the stack is being changed, is deleted already, or `retain_resources` names what it does not have or is given before a deletion has failed',
  },
  input: z.strictObject({
    stack_name: StackNameOrArn,
    retain_resources: LogicalIds.optional().describe('Logical ids to keep; only after a failed deletion'),
    region: Region.optional(),
    rehearse: Rehearse.optional(),
    reason: Reason,
  }),
  log: { stack_name: 'shown', retain_resources: 'shown', region: 'shown', rehearse: 'shown', reason: 'shown' },

  stored: z.strictObject({ stack_name: z.string(), retain_resources: z.array(z.string()).exactOptional() }),
  guard: z.looseObject({ stack_status: z.string() }),
  record: ({ stack_name, retain_resources }) => ({
    stack_name,
    ...(retain_resources ? { retain_resources: [...retain_resources].sort() } : {}),
  }),

  async plan({ stack_name, retain_resources = [] }, readers) {
    const stack = await existingStack(stack_name, readers);
    await refuseProtected(stack, readers);
    refuseState(stack, retain_resources);
    const empty = stack.stack_status === 'REVIEW_IN_PROGRESS';
    const template = empty ? undefined : await readers.cloudformation.template(stack.stack_id);
    const resources = template ? await inventory(stack.stack_id, template, readers) : [];
    const foreign = retain_resources.find(
      (id) => !resources.some((one) => one.path.length === 0 && one.logical_id === id),
    );
    // Also when the plan is made again: a resource that has gone meanwhile makes the ticket stale.
    if (foreign !== undefined) {
      throw wrongState(
        `retain_resources names ${foreign}, which the stack does not have`,
        'take logical ids from cloudformation_list_stack_resources',
      );
    }
    const going = resources.filter((resource) => !isKept(resource, retain_resources));
    const nested = going.flatMap(({ type, physical_id }) =>
      type === NESTED_STACK && physical_id ? [physical_id] : [],
    );
    const stackIds = new Set([stack.stack_id, ...nested]);
    const untold = await refuseUsedExports(stack, stackIds, readers);
    const notes = await obstacles(going, stackIds, readers);
    const lines = resources.map((resource) =>
      resourceLine(resource, retain_resources, notes.get(resource.physical_id ?? '')),
    );
    const mine = going.flatMap(({ physical_id, type }) => (physical_id ? [{ name: physical_id, type }] : []));
    const { targets } = await reachOf([], mine, stack, readers, { environments: [], known: [] });
    const impact = [
      stackLine(stack, untold),
      ...lines.sort((a, b) => Number(a.effect === 'weaken') - Number(b.effect === 'weaken')),
    ];
    const policy = template && (await readers.cloudformation.stackPolicy(stack.stack_id));
    const undo = template && undoOfDeletion(stack, template, policy, impact);
    return {
      summary: `delete stack ${stack.stack_name}`,
      targets: [stackTarget(stack, stack.tags), ...targets],
      impact,
      lifecycle: stackLifecycle(stack, 'delete'),
      ...(undo ? { undo } : {}),
      service_role: stack.role_arn,
      guard: {
        stack_id: stack.stack_id,
        stack_status: stack.stack_status,
        last_updated_time: stack.last_updated_time ?? null,
        termination_protection: stack.termination_protection,
        template_sha256: template?.sha256 ?? null,
        resources: resources.length,
        resources_digest: digestOf('holdshort/guard/v1', resources.map(identity).sort().join('\n')),
      },
    };
  },

  keep: keepForCreation,
  permits: (plan) => throughStack('cloudformation:DeleteStack', stackIdOf(plan), NO_ROLE_GIVEN),

  async execute({ targets, arguments: { retain_resources } }, { cloudformation }, { token }) {
    await cloudformation.deleteStack({
      stack_id: stackIdOf({ targets }),
      ...(retain_resources === undefined ? {} : { retain_resources }),
      token,
    });
  },

  observe: ({ targets, impact, guard }, readers, attempt) =>
    observeDeletion({ stackId: stackIdOf({ targets }), impact, statusBefore: guard.stack_status }, readers, attempt),
});

/**
 * moto deletes a protected stack, and AWS looks only at the root of nested stacks: so every stack up to the root is
 * asked.
 */
async function refuseProtected(stack: Stack, readers: Readers): Promise<void> {
  let at: Stack | undefined = stack;
  for (let level = 0; at && level < 20; level++) {
    if (at.termination_protection) {
      throw new HoldshortError(
        'protected',
        `termination protection is on for stack ${at.stack_name}`,
        'a person turns it off outside this server, if the stack is really to go; then ask again',
      );
    }
    at = at.parent_id === undefined ? undefined : await readers.cloudformation.stack(at.parent_id);
  }
}

function refuseState({ stack_name, stack_status }: Stack, retain: readonly string[]): void {
  if (stack_status === 'DELETE_COMPLETE')
    throw wrongState(`stack ${stack_name} is deleted already`, 'go on without this call');
  if (stack_status.endsWith('_IN_PROGRESS') && stack_status !== 'REVIEW_IN_PROGRESS')
    throw wrongState(`stack ${stack_name} is ${stack_status}`, 'wait until it is done, then ask again');
  if (retain.length > 0 && stack_status !== 'DELETE_FAILED') {
    throw wrongState(
      `retain_resources is only for stacks whose deletion failed; ${stack_name} is ${stack_status}`,
      'leave retain_resources out',
    );
  }
}

function identity({ path, logical_id, physical_id }: OwnedResource): string {
  return [...path, logical_id, physical_id ?? ''].join(' ');
}
