import { z } from 'zod';
import type { Impact } from '../../src/kernel/plan.ts';
import { defineChangeTool, type Readers } from '../define.ts';
import { notShell, Reason, Region, ruled, StackNameOrArn, uniqueList } from '../fields.ts';
import type { Stack, StackResource } from '../ports/cloudformation.ts';
import { wrongState } from '../refusing.ts';
import { NO_ROLE_GIVEN, throughStack } from './permits.ts';
import { observeRollback } from './rollback/observe.ts';
import { planRollback, ROLLBACK_EFFECTS } from './rollback/plan.ts';
import { touchedLines } from './rollback/touched-resources.ts';
import { demandState, existingStack, refuseNested, stackIdOf } from './stack/target.ts';

/**
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_ContinueUpdateRollback.html: ResourcesToSkip
 */
const Skipped = uniqueList(
  ruled((value) =>
    /^([A-Za-z][-A-Za-z0-9]{0,127}\.)?[A-Za-z0-9]{1,255}$/.test(value)
      ? undefined
      : (notShell(value) ?? 'is not a logical id, or NESTED-STACK-NAME.LOGICAL-ID'),
  ),
  100,
);

const LEVELS = 20;

export default defineChangeTool({
  name: 'cloudformation_continue_update_rollback',
  title: "Continue an update's rollback",
  description:
    'Go on with the rollback of a CloudFormation stack in UPDATE_ROLLBACK_FAILED, once what it failed on is mended. May need approval (ticket).',
  toolset: 'cloudformation',
  action: 'cloudformation:ContinueUpdateRollback',
  reads: [
    'cloudformation:DescribeStacks',
    'cloudformation:ListStackResources',
    'cloudformation:DescribeStackEvents',
    'cloudformation:GetTemplate',
  ],
  evidence: "its token in the stack's events",
  effects: ROLLBACK_EFFECTS,
  refusals: {
    not_found: 'there is no such stack',
    wrong_state:
      'the stack is not in UPDATE_ROLLBACK_FAILED, is nested in another, or `resources_to_skip` names what did not fail',
  },
  input: z.strictObject({
    stack_name: StackNameOrArn,
    resources_to_skip: Skipped.optional().describe('Logical ids in UPDATE_FAILED that are given up'),
    region: Region.optional(),
    reason: Reason,
  }),
  log: { stack_name: 'shown', resources_to_skip: 'shown', region: 'shown', reason: 'shown' },

  stored: z.strictObject({ stack_name: z.string(), resources_to_skip: z.array(z.string()).exactOptional() }),
  record: ({ stack_name, resources_to_skip }) => ({
    stack_name,
    ...(resources_to_skip ? { resources_to_skip: [...resources_to_skip].sort() } : {}),
  }),

  async plan({ stack_name, resources_to_skip = [] }, readers) {
    const stack = await existingStack(stack_name, readers);
    refuseNested(stack, 'AWS continues only the rollback of the whole');
    demandState(stack, ['UPDATE_ROLLBACK_FAILED'], 'a rollback can be continued');
    const skipped: Impact[] = [];
    for (const name of resources_to_skip) skipped.push(skippedLine(name, await failedResource(name, stack, readers)));
    return planRollback({
      stack,
      summary: `continue the rollback of stack ${stack.stack_name}${skipped.length > 0 ? `, giving up ${skipped.length} resources` : ''}`,
      effect: 'disrupt',
      detail: 'the rollback of the failed update goes on from where it failed',
      lines: [...skipped, ...(await touchedLines(stack.stack_id, readers, resources_to_skip))],
    });
  },

  permits: (plan) => throughStack('cloudformation:ContinueUpdateRollback', stackIdOf(plan), NO_ROLE_GIVEN),

  async execute({ targets, arguments: { resources_to_skip = [] } }, { cloudformation }, { token }) {
    await cloudformation.continueUpdateRollback({
      stack_id: stackIdOf({ targets }),
      resources_to_skip,
      token,
    });
  },

  observe: ({ targets }, readers, attempt) => observeRollback(stackIdOf({ targets }), readers, attempt),
});

/** AWS only skips what failed in the rollback: a resource, or one in a nested stack that is named by its stack. */
async function failedResource(name: string, stack: Stack, readers: Readers): Promise<StackResource> {
  const [nested, inner] = name.includes('.') ? name.split('.') : [undefined, name];
  const around = nested === undefined ? stack.stack_id : await nestedIn(stack, nested, readers);
  let cursor: string | undefined;
  while (around !== undefined) {
    const page = await readers.cloudformation.resources(around, cursor);
    const found = page.items.find(({ logical_id }) => logical_id === inner);
    if (found?.status === 'UPDATE_FAILED') return found;
    if (found) break;
    cursor = page.cursor;
    if (cursor === undefined) break;
  }
  throw wrongState(
    `resources_to_skip names ${name}, which is not a resource in UPDATE_FAILED`,
    'look at the failed ones with cloudformation_describe_stack_events (failed_only)',
  );
}

/** The ARN of a stack, if it is one that is nested in this one, at whatever depth. */
async function nestedIn({ stack_id }: Stack, name: string, { cloudformation }: Readers): Promise<string | undefined> {
  const nested = await cloudformation.stack(name);
  let around = nested?.parent_id;
  for (let level = 0; around !== undefined && level < LEVELS; level++) {
    if (around === stack_id) return nested?.stack_id;
    around = (await cloudformation.stack(around))?.parent_id;
  }
  return undefined;
}

/** Nothing is done to it, which is what makes it dangerous: from then on CloudFormation's record of it is wrong. */
function skippedLine(name: string, { physical_id, type, logical_id }: StackResource): Impact {
  return {
    resource: physical_id || logical_id,
    type,
    effect: 'unknown',
    detail: `${name}: given up and left as it is, while CloudFormation records it as rolled back; what later updates do to it can not be told`,
    recoverable: false,
  };
}
