import { z } from 'zod';
import { fitting } from '../../src/present/presentable.ts';
import { defineReadTool } from '../define.ts';
import { Cursor, notShell, Region, ruled, StackNameOrArn } from '../fields.ts';
import { outside, pageOf, placeOf } from '../page.ts';
import type { TemplateFacts } from '../ports/cloudformation.ts';
import { notFound } from '../refusing.ts';
import { addedBy } from './deployment/effects/added.ts';
import { impactOf } from './deployment/effects/change-effect.ts';
import { knowledge } from './knowledge/load.ts';
import { existingStack } from './stack/target.ts';

const CHANGE_SET =
  /^([A-Za-z][-A-Za-z0-9]{0,127}|arn:aws[a-z-]*:cloudformation:[a-z0-9-]+:\d{12}:changeSet\/[A-Za-z][-A-Za-z0-9]{0,127}\/[-A-Za-z0-9]+)$/;

/** Beside the changes, which are the answer. */
const PARAMETER_BYTES = 4 * 1024;

const ChangeSetName = ruled((value) =>
  CHANGE_SET.test(value) ? undefined : (notShell(value) ?? 'is not a change set name or ARN'),
).describe('Name or ARN');

export default defineReadTool({
  name: 'cloudformation_describe_change_set',
  title: 'Describe a change set',
  description: 'Show what a CloudFormation change set would do, with the effect of each change on its resource.',
  toolset: 'cloudformation',
  actions: [
    'cloudformation:DescribeStacks',
    'cloudformation:DescribeChangeSet',
    'cloudformation:GetTemplate',
    'cloudformation:ListStackResources',
    'cloudformation:ListExports',
  ],
  input: z.strictObject({
    stack_name: StackNameOrArn,
    change_set_name: ChangeSetName,
    cursor: Cursor.optional(),
    region: Region.optional(),
  }),
  log: { stack_name: 'shown', change_set_name: 'shown', cursor: 'shown', region: 'shown' },
  async read({ stack_name, change_set_name, cursor }, readers, tagRules) {
    const { cloudformation } = readers;
    const stack = await existingStack(stack_name, readers);
    const changeSet = await cloudformation.changeSet(stack.stack_id, change_set_name);
    if (!changeSet || changeSet.stack_id !== stack.stack_id) {
      throw notFound(
        `stack ${stack.stack_name} has no change set ${change_set_name}`,
        'it may have been executed or deleted; check the name',
      );
    }
    const made = changeSet.status === 'CREATE_COMPLETE';
    const present =
      made && stack.stack_status !== 'REVIEW_IN_PROGRESS' ? await cloudformation.template(stack.stack_id) : undefined;
    const future = made ? await cloudformation.template(stack.stack_id, changeSet.change_set_id) : undefined;
    const known = await knowledge();
    const added = addedBy(changeSet.changes, present);
    const changes = changeSet.changes.map((change) => {
      const { action, logical_id, replacement } = change;
      const { weight: _weight, ...verdict } = impactOf(change, {
        name: logical_id,
        before: policiesOf(present, logical_id),
        after: policiesOf(future, logical_id),
        // Only a plan follows nested stacks and reads the templates a second time; it can only be harsher.
        looked: 'hidden',
        opinions: [],
        doubts: change.doubts,
        knowledge: known,
        tagRules,
        added,
      });
      return { action, logical_id, ...(replacement === undefined ? {} : { replacement }), ...verdict };
    });
    const parameters = fitting(
      changeSet.parameters.map((parameter) => outside({ ...parameter })),
      PARAMETER_BYTES,
    );
    const unshown = changeSet.parameters.length - parameters.length;
    const { change_set_id, status, status_reason, execution_status } = changeSet;
    const { items, ...rest } = pageOf(placeOf(cursor), changes, undefined);
    return {
      ...(outside({
        change_set_id,
        stack_id: stack.stack_id,
        status,
        ...(status_reason === undefined ? {} : { status_reason }),
        execution_status,
        parameters: [...parameters],
        ...(unshown > 0 ? { parameters_left_out: unshown } : {}),
      }) as object),
      changes: items,
      ...rest,
    };
  },
});

function policiesOf(facts: TemplateFacts | undefined, id: string) {
  return facts && Object.hasOwn(facts.resources, id) ? facts.resources[id] : undefined;
}
