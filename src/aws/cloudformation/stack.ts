import type {
  Stack as AwsStack,
  StackSummary as AwsStackSummary,
  CloudFormationClient,
} from '@aws-sdk/client-cloudformation';
import type { Stack, StackSummary } from '../../../tools/ports/cloudformation.ts';
import { hideCredentials } from '../../../tools/ports/credentials.ts';
import { AWS_MASK, HIDDEN, isMasked } from '../../../tools/ports/masks.ts';
import { hideValue } from '../../../tools/ports/redaction.ts';
import { notAws } from '../request/errors.ts';
import { tagsOf } from '../tags.ts';
import { placeAt } from '../template/hidden-places.ts';
import { maskedParameter, openTo, type SecretsCache, secretsOf } from './masked-values.ts';

export function iso(time: Date | undefined): string {
  return (time ?? new Date(0)).toISOString();
}

export function stackOf(stack: AwsStackSummary): StackSummary {
  if (!stack.StackId && !stack.StackName) throw notAws('ListStacks', 200, 'a stack without id and name');
  return {
    stack_id: stack.StackId ?? '',
    stack_name: stack.StackName ?? '',
    stack_status: stack.StackStatus ?? 'unknown',
    creation_time: iso(stack.CreationTime),
    ...(stack.LastUpdatedTime ? { last_updated_time: iso(stack.LastUpdatedTime) } : {}),
    ...(stack.DeletionTime ? { deletion_time: iso(stack.DeletionTime) } : {}),
    ...(stack.TemplateDescription ? { template_description: hideCredentials(stack.TemplateDescription) } : {}),
  };
}

/**
 * A stack with its secrets masked. AWS masks NoEcho parameters itself, emulators don't, and neither masks an output
 * that repeats one: the template says which these are, and where it can't be read every parameter is masked.
 */
export async function presentStack(
  client: CloudFormationClient,
  stack: AwsStack,
  secrets: SecretsCache,
): Promise<Stack> {
  const { StackId, StackName } = stack;
  if (!StackId || !StackName) throw notAws('DescribeStacks', 200, 'a stack without id and name');
  const given = stack.Parameters ?? [];
  const topics = stack.NotificationARNs ?? [];
  const triggers = stack.RollbackConfiguration?.RollbackTriggers ?? [];
  const state = `${StackId} ${stack.StackStatus} ${iso(stack.LastUpdatedTime)}`;
  const asks = given.length > 0 || (stack.Outputs ?? []).length > 0;
  const read = asks ? await secretsOf(client, { StackName: StackId }, state, secrets) : undefined;
  const handed = given.length > 0 ? await secrets.around.given(stack) : undefined;
  const parameters = given.map(({ ParameterKey = '', ParameterValue = '' }) => ({
    key: ParameterKey,
    value: maskedParameter(StackId, { secrets: read, given: handed }, ParameterKey, ParameterValue),
  }));
  const masked = new Set(parameters.flatMap(({ key, value }) => (isMasked(value) ? [key] : [])));
  const known = read?.with(await openTo(read, { stack_id: StackId }, secrets), (name) => masked.has(name));
  const isSecret = (key: string) => known?.noEcho.has(key) === true || placeAt(handed, [key]) !== undefined;
  const values = given.flatMap(({ ParameterKey = '', ParameterValue = '' }) =>
    isSecret(ParameterKey) && ParameterValue.length > 3 && ParameterValue !== AWS_MASK ? [ParameterValue] : [],
  );
  const outputs = (stack.Outputs ?? []).map(({ OutputKey = '', OutputValue = '', ExportName }) => ({
    key: OutputKey,
    value: known?.outputs.has(OutputKey)
      ? HIDDEN
      : values.reduce((text, secret) => text.replaceAll(secret, HIDDEN), hideValue(OutputKey, OutputValue)),
    ...(ExportName ? { export_name: known?.exports.has(OutputKey) ? HIDDEN : ExportName } : {}),
  }));
  return {
    stack_id: StackId,
    stack_name: StackName,
    stack_status: stack.StackStatus ?? 'unknown',
    ...(stack.StackStatusReason ? { stack_status_reason: hideCredentials(stack.StackStatusReason) } : {}),
    ...(stack.Description ? { description: hideCredentials(stack.Description) } : {}),
    creation_time: iso(stack.CreationTime),
    ...(stack.LastUpdatedTime ? { last_updated_time: iso(stack.LastUpdatedTime) } : {}),
    ...(stack.DeletionTime ? { deletion_time: iso(stack.DeletionTime) } : {}),
    termination_protection: stack.EnableTerminationProtection ?? false,
    ...(stack.ParentId ? { parent_id: stack.ParentId } : {}),
    ...(stack.RoleARN ? { role_arn: stack.RoleARN } : {}),
    ...(topics.length > 0 ? { notification_arns: topics } : {}),
    ...(triggers.length > 0 ? { rollback_triggers: triggers.map(({ Arn = '' }) => Arn) } : {}),
    ...driftOf(stack.DriftInformation),
    parameters,
    outputs,
    tags: tagsOf(stack.Tags),
  };
}

function driftOf(drift: AwsStack['DriftInformation']): Pick<Stack, 'drift'> {
  const { StackDriftStatus: status = 'NOT_CHECKED', LastCheckTimestamp } = drift ?? {};
  if (status === 'NOT_CHECKED') return {};
  return { drift: { status, ...(LastCheckTimestamp ? { checked_at: iso(LastCheckTimestamp) } : {}) } };
}
