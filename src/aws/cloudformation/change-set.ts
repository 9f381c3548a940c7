import {
  type CloudFormationClient,
  DescribeChangeSetCommand,
  type DescribeChangeSetCommandOutput,
} from '@aws-sdk/client-cloudformation';
import type { ChangeSet } from '../../../tools/ports/cloudformation.ts';
import { hideCredentials } from '../../../tools/ports/credentials.ts';
import { every, nextToken } from '../../../tools/ports/pages.ts';
import { unlessMissing } from '../request/call.ts';
import { notAws } from '../request/errors.ts';
import { listed } from '../request/listed.ts';
import type { HiddenInChanges } from '../template/hidden-places.ts';
import { ALL_HIDDEN, hiddenInChanges } from './hidden-changes.ts';
import { maskedParameter, type SecretsCache, secretsOf } from './masked-values.ts';
import { resourceChange } from './resource-change.ts';
import { said } from './said.ts';

/** A change set with all its changes, undefined when there is none. Values of secret properties are masked. */
export async function readChangeSet(
  client: CloudFormationClient,
  stack: string | undefined,
  changeSet: string,
  secrets: SecretsCache,
): Promise<ChangeSet | undefined> {
  let answer: DescribeChangeSetCommandOutput | undefined;
  const entries = await every('DescribeChangeSet', async (cursor) => {
    const sent = client.send(
      new DescribeChangeSetCommand({
        ChangeSetName: changeSet,
        ...(stack === undefined ? {} : { StackName: stack }),
        IncludePropertyValues: true,
        ...nextToken(cursor),
      }),
    );
    const page = await unlessMissing(sent, 'DescribeChangeSet');
    if (answer && !isSame(answer, page)) throw notAws('DescribeChangeSet', 200, 'pages of several change sets');
    answer = page;
    return listed('DescribeChangeSet', answer?.Changes ?? [], answer?.NextToken, (one) => one);
  });
  if (!answer) return undefined;
  if (!answer.ChangeSetId || !answer.StackId || !answer.Status)
    throw notAws('DescribeChangeSet', 200, 'a change set without id and status');
  if (!isOf(answer.ChangeSetId, answer.ChangeSetName, changeSet) || !isOf(answer.StackId, answer.StackName, stack))
    throw notAws('DescribeChangeSet', 200, 'a change set other than the one that was asked for');
  const isMade = entries.length > 0 || (answer.Parameters ?? []).length > 0;
  const hidden =
    isMade && answer.Status === 'CREATE_COMPLETE'
      ? await hiddenInChanges(
          client,
          {
            stack_id: answer.StackId,
            change_set_id: answer.ChangeSetId,
            parameters: answer.Parameters ?? [],
            parent: answer.ParentChangeSetId,
            is_over: /^(EXECUTE_|OBSOLETE)/.test(answer.ExecutionStatus ?? ''),
          },
          secrets,
        )
      : ALL_HIDDEN;
  return {
    change_set_id: answer.ChangeSetId,
    change_set_name: answer.ChangeSetName ?? '',
    stack_id: answer.StackId,
    stack_name: answer.StackName ?? '',
    status: answer.Status,
    ...(answer.StatusReason ? { status_reason: hideCredentials(answer.StatusReason) } : {}),
    execution_status: answer.ExecutionStatus ?? 'unknown',
    parameters: await maskedParameters(client, answer, hidden, secrets),
    changes: entries.map((entry) => resourceChange(entry, hidden)),
    doubts: doubtsOf(answer),
  };
}

/** A list of which each page is of the same change set, in the same state. */
function isSame(answer: DescribeChangeSetCommandOutput, page: DescribeChangeSetCommandOutput | undefined): boolean {
  const members = ['ChangeSetId', 'StackId', 'Status'] as const;
  return members.every((member) => answer[member] === page?.[member]);
}

/** Is it the one that was asked for, by its ARN or name? Undefined: none was named. */
function isOf(arn: string, name: string | undefined, asked: string | undefined): boolean {
  return asked === undefined || asked === arn || (asked === name && !asked.startsWith('arn:'));
}

/**
 * Why the change set as a whole isn't believed: it was made otherwise than we ask for, so that what it lists may not
 * be all that it does.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_DescribeChangeSet.html
 */
function doubtsOf(answer: DescribeChangeSetCommandOutput): readonly string[] {
  const { DeploymentMode, StackDriftStatus, ImportExistingResources, OnStackFailure } = answer;
  return [
    ...(DeploymentMode === undefined ? [] : [`it was made in the mode ${said(DeploymentMode)}`]),
    ...(StackDriftStatus === undefined ? [] : ['it compares with the actual state, which was not asked for']),
    ...(ImportExistingResources ? ['it takes over whatever has the names of its new resources'] : []),
    ...(OnStackFailure === undefined || OnStackFailure === 'ROLLBACK'
      ? []
      : [`when it fails, the stack is to ${said(OnStackFailure)}`]),
  ];
}

/** AWS masks NoEcho values itself, moto doesn't. */
async function maskedParameters(
  client: CloudFormationClient,
  { Parameters = [], Status, ChangeSetId, StackId }: DescribeChangeSetCommandOutput,
  { given: handed }: HiddenInChanges,
  cache: SecretsCache,
): Promise<ChangeSet['parameters']> {
  const given = Parameters.flatMap(({ ParameterKey, ParameterValue }) =>
    ParameterKey === undefined || ParameterValue === undefined ? [] : [{ key: ParameterKey, value: ParameterValue }],
  );
  if (Status !== 'CREATE_COMPLETE' || given.length === 0) return [];
  const source = { StackName: StackId, ChangeSetName: ChangeSetId };
  const secrets = await secretsOf(client, source, `${ChangeSetId}`, cache);
  const known = { secrets, given: handed };
  return given.map(({ key, value }) => ({ key, value: maskedParameter(`${StackId}`, known, key, value) }));
}
