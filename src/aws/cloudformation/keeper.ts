import { type CloudFormationClient, DescribeStacksCommand, type Output } from '@aws-sdk/client-cloudformation';
import type { CloudFormationReader } from '../../../tools/ports/cloudformation.ts';
import type { CloudFormationKeeper, KeptOutput } from '../../../tools/ports/cloudformation-keeper.ts';
import type { StackOperationsReader } from '../../../tools/ports/cloudformation-operations.ts';
import { AWS_MASK } from '../../../tools/ports/masks.ts';
import { every } from '../../../tools/ports/pages.ts';
import { HoldshortError } from '../../kernel/errors.ts';
import { unlessMissing } from '../request/call.ts';
import { notAws } from '../request/errors.ts';
import { readStoredTemplate } from '../template/template.ts';
import { CHANGE_SETS, changeSetAsItIs } from './change-set-as-it-is.ts';
import { templateText } from './template-text.ts';

type Reading = Pick<CloudFormationReader & StackOperationsReader, 'resources' | 'stackPolicy' | 'importers'>;

/** Who imports an export takes a request each: of how many of a stack's that is asked. */
const MOST_EXPORTS = 50;

/**
 * Reads stacks as they are, secrets included: for recovery kits.
 * @param reader for what has no secrets to be masked
 */
export function cloudFormationKeeper(
  client: CloudFormationClient,
  { resources, stackPolicy, importers }: Reading,
): CloudFormationKeeper {
  return {
    async stack(StackName) {
      const answer = await unlessMissing(client.send(new DescribeStacksCommand({ StackName })), 'DescribeStacks');
      const stack = answer?.Stacks?.[0];
      if (!stack) throw new HoldshortError('not_found', `there is no stack ${StackName}`, 'look at the stacks again');
      if (stack.StackId !== StackName) throw notAws('DescribeStacks', 200, 'a stack other than the one asked for');
      const template = await templateText(client, StackName, undefined, 'Original');
      const processed = await templateText(client, StackName, undefined, 'Processed');
      const hidden = new Set(readStoredTemplate(template).no_echo_parameters);
      const given = (stack.Parameters ?? []).map(({ ParameterKey = '', ParameterValue }) => ({
        key: ParameterKey,
        // AWS masks them; emulators tell them.
        value: hidden.has(ParameterKey) || ParameterValue === AWS_MASK ? undefined : ParameterValue,
      }));
      const policy = await stackPolicy(StackName);
      const triggers = stack.RollbackConfiguration?.RollbackTriggers ?? [];
      return {
        stack_id: StackName,
        stack_name: stack.StackName ?? '',
        stack_status: stack.StackStatus ?? 'unknown',
        ...(stack.Description === undefined ? {} : { description: stack.Description }),
        template,
        ...(processed === template ? {} : { processed_template: processed }),
        parameters: Object.fromEntries(given.flatMap(({ key, value }) => (value === undefined ? [] : [[key, value]]))),
        untold_parameters: given.flatMap(({ key, value }) => (value === undefined ? [key] : [])),
        tags: Object.fromEntries((stack.Tags ?? []).map(({ Key = '', Value = '' }) => [Key, Value])),
        capabilities: stack.Capabilities ?? [],
        notification_arns: stack.NotificationARNs ?? [],
        rollback: {
          triggers: triggers.map(({ Arn = '', Type = '' }) => ({ arn: Arn, type: Type })),
          minutes: stack.RollbackConfiguration?.MonitoringTimeInMinutes ?? 0,
        },
        ...(stack.RoleARN ? { role_arn: stack.RoleARN } : {}),
        termination_protection: stack.EnableTerminationProtection ?? false,
        ...(policy ? { stack_policy: policy } : {}),
        outputs: await withImporters(stack.Outputs ?? [], importers),
        resources: await every('ListStackResources', (cursor) => resources(StackName, cursor)),
      };
    },

    stackPolicy,
    changeSet: async (id) => await changeSetAsItIs(client, id, { sets: CHANGE_SETS }),
  };
}

/**
 * Once it turned out that they can't be asked, no more requests are made. Nothing that is approved waits for what is
 * only told.
 */
async function withImporters(
  outputs: readonly Output[],
  importers: StackOperationsReader['importers'],
): Promise<readonly KeptOutput[]> {
  const kept: KeptOutput[] = [];
  let left = MOST_EXPORTS;
  for (const { OutputKey: key = '', OutputValue: value = '', ExportName: export_name } of outputs) {
    const imported_by = export_name && left > 0 ? await importers(export_name).catch(() => undefined) : undefined;
    if (export_name) left = imported_by ? left - 1 : 0;
    kept.push({ key, value, ...(export_name ? { export_name } : {}), ...(imported_by ? { imported_by } : {}) });
  }
  return kept;
}
