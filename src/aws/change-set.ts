import {
  type ResourceChange as AwsResourceChange,
  type Change,
  type CloudFormationClient,
  DescribeChangeSetCommand,
  type DescribeChangeSetCommandOutput,
  type ResourceChangeDetail,
} from '@aws-sdk/client-cloudformation';
import type { ChangeSet, PropertyChange, ResourceChange } from '../../tools/ports/cloudformation.ts';
import { HIDDEN, hideCredentials } from '../../tools/ports/credentials.ts';
import { every, nextToken } from '../../tools/ports/pages.ts';
import { unlessMissing } from './call.ts';
import { notAws } from './errors.ts';
import { maskedParameter, type SecretsCache, secretsOf } from './masked-values.ts';
import { hideValue } from './redaction.ts';

/** A change set with all its changes, undefined when there is none. Values of secret properties are masked. */
export async function readChangeSet(
  client: CloudFormationClient,
  stack: string | undefined,
  changeSet: string,
  secrets: SecretsCache,
): Promise<ChangeSet | undefined> {
  let answer: DescribeChangeSetCommandOutput | undefined;
  const changes = await every('DescribeChangeSet', async (cursor) => {
    const sent = client.send(
      new DescribeChangeSetCommand({
        ChangeSetName: changeSet,
        ...(stack === undefined ? {} : { StackName: stack }),
        IncludePropertyValues: true,
        ...nextToken(cursor),
      }),
    );
    answer = await unlessMissing(sent, 'DescribeChangeSet');
    const next = answer?.NextToken;
    return { items: (answer?.Changes ?? []).map(resourceChange), ...(next ? { cursor: next } : {}) };
  });
  if (!answer) return undefined;
  if (!answer.ChangeSetId || !answer.StackId || !answer.Status)
    throw notAws('DescribeChangeSet', 200, 'a change set without id and status');
  return {
    change_set_id: answer.ChangeSetId,
    change_set_name: answer.ChangeSetName ?? '',
    stack_id: answer.StackId,
    stack_name: answer.StackName ?? '',
    status: answer.Status,
    ...(answer.StatusReason ? { status_reason: hideCredentials(answer.StatusReason) } : {}),
    execution_status: answer.ExecutionStatus ?? 'unknown',
    parameters: await maskedParameters(client, answer, secrets),
    changes,
  };
}

/** AWS masks NoEcho values itself, moto doesn't. */
async function maskedParameters(
  client: CloudFormationClient,
  { Parameters = [], Status, ChangeSetId, StackId }: DescribeChangeSetCommandOutput,
  cache: SecretsCache,
): Promise<ChangeSet['parameters']> {
  const given = Parameters.flatMap(({ ParameterKey, ParameterValue }) =>
    ParameterKey === undefined || ParameterValue === undefined ? [] : [{ key: ParameterKey, value: ParameterValue }],
  );
  if (Status !== 'CREATE_COMPLETE' || given.length === 0) return [];
  const source = { StackName: StackId, ChangeSetName: ChangeSetId };
  const secrets = await secretsOf(client, source, `${ChangeSetId}`, cache);
  return given.map(({ key, value }) => ({ key, value: maskedParameter(secrets, key, value) }));
}

function resourceChange({ Type, ResourceChange, HookInvocationCount }: Change): ResourceChange {
  const change: AwsResourceChange = ResourceChange ?? {};
  const context = (text: string | undefined) => {
    const shown = text === undefined ? HIDDEN : hideValue('', text);
    return shown === HIDDEN ? undefined : shown;
  };
  const before = context(change.BeforeContext);
  const after = context(change.AfterContext);
  return {
    // A kind of change that isn't a resource's is new to us: it mustn't look like nothing.
    action: Type === 'Resource' || Type === undefined ? (change.Action ?? 'unknown') : `unknown (${Type})`,
    logical_id: change.LogicalResourceId ?? '',
    ...(change.PhysicalResourceId ? { physical_id: change.PhysicalResourceId } : {}),
    type: change.ResourceType ?? 'unknown',
    ...(change.Replacement ? { replacement: change.Replacement } : {}),
    ...(change.PolicyAction ? { policy_action: change.PolicyAction } : {}),
    scope: change.Scope ?? [],
    properties: (change.Details ?? []).map(propertyChange),
    ...(change.ChangeSetId ? { nested_change_set: change.ChangeSetId } : {}),
    ...(HookInvocationCount ? { hooks: HookInvocationCount } : {}),
    ...(before === undefined ? {} : { before_context: before }),
    ...(after === undefined ? {} : { after_context: after }),
  };
}

const RECREATION = ['Never', 'Conditionally', 'Always'] as const;

function propertyChange({ Target = {} }: ResourceChangeDetail): PropertyChange {
  const { Attribute, Name, Path, BeforeValue, AfterValue } = Target;
  const value = (text: string | undefined) =>
    text === undefined ? undefined : hideValue(`${Name ?? ''} ${Path ?? ''}`, text);
  const before = value(BeforeValue);
  const after = value(AfterValue);
  return {
    attribute: Attribute ?? 'unknown',
    ...(Name ? { name: Name } : {}),
    requires_recreation: RECREATION.find((known) => known === Target.RequiresRecreation) ?? 'Unknown',
    ...(before === undefined ? {} : { before }),
    ...(after === undefined ? {} : { after }),
  };
}
