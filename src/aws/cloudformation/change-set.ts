import {
  type ResourceChange as AwsResourceChange,
  type Change,
  type CloudFormationClient,
  DescribeChangeSetCommand,
  type DescribeChangeSetCommandOutput,
  type ResourceChangeDetail,
} from '@aws-sdk/client-cloudformation';
import type { ChangeSet, PropertyChange, ResourceChange } from '../../../tools/ports/cloudformation.ts';
import { hideCredentials } from '../../../tools/ports/credentials.ts';
import { HIDDEN, isMasked, masksIn } from '../../../tools/ports/masks.ts';
import { every, nextToken } from '../../../tools/ports/pages.ts';
import { hideValue } from '../../../tools/ports/redaction.ts';
import { unlessMissing } from '../request/call.ts';
import { notAws } from '../request/errors.ts';
import { listed } from '../request/listed.ts';
import { maskedParameter, type SecretsCache, secretsOf } from './masked-values.ts';

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
    return listed('DescribeChangeSet', answer?.Changes ?? [], answer?.NextToken, resourceChange);
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
  return given.map(({ key, value }) => ({ key, value: maskedParameter(`${StackId}`, secrets, key, value) }));
}

function resourceChange({ Type, ResourceChange, HookInvocationCount }: Change): ResourceChange {
  const change: AwsResourceChange = ResourceChange ?? {};
  const context = (text: string | undefined, was?: string) => {
    const shown = text === undefined ? undefined : hideValue('', text, was);
    // Cut off by AWS, with something in it that has the name of a secret.
    return shown !== undefined && masksIn(shown)[0] === shown ? undefined : shown;
  };
  const before = context(change.BeforeContext);
  const after = context(change.AfterContext, change.BeforeContext);
  return {
    // A kind of change that isn't a resource's is new to us: it mustn't look like nothing.
    action: Type === 'Resource' || Type === undefined ? (change.Action ?? 'unknown') : `unknown (${Type})`,
    logical_id: change.LogicalResourceId ?? '',
    ...(change.PhysicalResourceId ? { physical_id: change.PhysicalResourceId } : {}),
    type: change.ResourceType ?? 'unknown',
    ...(change.Replacement ? { replacement: change.Replacement } : {}),
    ...(change.PolicyAction ? { policy_action: change.PolicyAction } : {}),
    scope: change.Scope ?? [],
    properties: (change.Details ?? []).map((detail) => propertyChange(detail, before, after)),
    ...(change.ChangeSetId ? { nested_change_set: change.ChangeSetId } : {}),
    ...(HookInvocationCount ? { hooks: HookInvocationCount } : {}),
    ...(before === undefined ? {} : { before_context: before }),
    ...(after === undefined ? {} : { after_context: after }),
  };
}

const RECREATION = ['Never', 'Conditionally', 'Always'] as const;

/** @param contexts what the resource is and would be, as it may be shown */
function propertyChange(
  { Target = {} }: ResourceChangeDetail,
  ...contexts: readonly [string | undefined, string | undefined]
): PropertyChange {
  const { Attribute, Name, Path = '', BeforeValue, AfterValue } = Target;
  const value = (text: string | undefined, context: string | undefined, was?: string) =>
    text === undefined ? undefined : (maskAt(Path, context) ?? hideValue(`${Name ?? ''} ${Path}`, text, was));
  const before = value(BeforeValue, contexts[0]);
  const after = value(AfterValue, contexts[1], BeforeValue);
  return {
    attribute: Attribute ?? 'unknown',
    ...(Name ? { name: Name } : {}),
    requires_recreation: RECREATION.find((known) => known === Target.RequiresRecreation) ?? 'Unknown',
    ...(before === undefined ? {} : { before }),
    ...(after === undefined ? {} : { after }),
  };
}

/**
 * The mask that a resource's context has at a path (`/Properties/ContainerDefinitions/0/Environment/1/Value`), or
 * around it: of a list of names and values only the context tells that a value is secret. Without it, any such value
 * may be.
 */
function maskAt(path: string, context: string | undefined): string | undefined {
  let at: unknown = context === undefined ? undefined : parsed(context);
  for (const step of path.split('/').slice(1)) {
    if (typeof at === 'string' && isMasked(at)) return at;
    const key = step.replaceAll('~1', '/').replaceAll('~0', '~');
    at =
      typeof at === 'object' && at !== null && Object.hasOwn(at, key)
        ? (at as Record<string, unknown>)[key]
        : undefined;
  }
  if (at === undefined) return /\/value$/i.test(path) ? HIDDEN : undefined;
  return typeof at === 'string' && isMasked(at) ? at : undefined;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Cut off by AWS.
    return undefined;
  }
}
