import { type CloudFormationClient, DescribeChangeSetCommand } from '@aws-sdk/client-cloudformation';
import type { ChangeSetAsItIs } from '../../../tools/ports/cloudformation-keeper.ts';
import { AWS_MASK } from '../../../tools/ports/masks.ts';
import { every, nextToken } from '../../../tools/ports/pages.ts';
import { HoldshortError } from '../../kernel/errors.ts';
import { unlessMissing } from '../request/call.ts';
import { notAws } from '../request/errors.ts';
import { listed } from '../request/listed.ts';
import { readStoredTemplate } from '../template/template.ts';
import { templateText } from './template-text.ts';

/** How many nested ones are read at most: of a change set that tells of more, what is beyond isn't known. */
export const CHANGE_SETS = 50;

/**
 * A change set whole, with the template that it would make the stack run and those of the stacks nested in it.
 * @throws not_found where there is none
 */
export async function changeSetAsItIs(
  client: CloudFormationClient,
  id: string,
  left: { sets: number },
): Promise<ChangeSetAsItIs> {
  let stackId: string | undefined;
  let parameters: Record<string, string> = {};
  const told = await every('DescribeChangeSet', async (cursor) => {
    const sent = client.send(new DescribeChangeSetCommand({ ChangeSetName: id, ...nextToken(cursor) }));
    const answer = await unlessMissing(sent, 'DescribeChangeSet');
    if (!answer) throw new HoldshortError('not_found', 'the change set is gone', 'let the agent ask again');
    if (answer.ChangeSetId !== id) throw notAws('DescribeChangeSet', 200, 'a change set other than the one asked for');
    stackId = answer.StackId;
    parameters = Object.fromEntries(
      (answer.Parameters ?? []).flatMap(({ ParameterKey, ParameterValue }) =>
        ParameterKey === undefined || ParameterValue === undefined || ParameterValue === AWS_MASK
          ? []
          : [[ParameterKey, ParameterValue]],
      ),
    );
    const changes = (answer.Changes ?? []).flatMap(({ ResourceChange }) => (ResourceChange ? [ResourceChange] : []));
    return listed('DescribeChangeSet', changes, answer.NextToken, (one) => one);
  });
  const template = await templateText(client, stackId ?? id, id, 'Original');
  // AWS masks them; emulators tell them.
  for (const name of readStoredTemplate(template).no_echo_parameters) delete parameters[name];
  const nested: Record<string, ChangeSetAsItIs> = {};
  for (const { LogicalResourceId: name, ChangeSetId: inner } of told) {
    if (name === undefined || inner === undefined || left.sets <= 0) continue;
    left.sets -= 1;
    nested[name] = await changeSetAsItIs(client, inner, left);
  }
  return {
    template,
    parameters,
    nested,
    changes: told.map(({ LogicalResourceId = '', ResourceType = '', Action = '', Replacement = '' }) => ({
      logical_id: LogicalResourceId,
      type: ResourceType,
      action: Action,
      replacement: Replacement,
    })),
  };
}
