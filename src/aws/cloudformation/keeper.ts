import {
  type CloudFormationClient,
  DescribeStacksCommand,
  GetStackPolicyCommand,
  GetTemplateCommand,
  ListStackResourcesCommand,
} from '@aws-sdk/client-cloudformation';
import type { CloudFormationKeeper } from '../../../tools/ports/cloudformation-keeper.ts';
import { AWS_MASK } from '../../../tools/ports/masks.ts';
import { every, nextToken } from '../../../tools/ports/pages.ts';
import { HoldshortError } from '../../kernel/errors.ts';
import { called, unlessMissing } from '../request/call.ts';
import { notAws } from '../request/errors.ts';
import { listed } from '../request/listed.ts';
import { readStoredTemplate } from '../template/template.ts';

/** Reads stacks as they are, secrets included: for recovery kits. */
export function cloudFormationKeeper(client: CloudFormationClient): CloudFormationKeeper {
  return {
    async stack(StackName) {
      const answer = await unlessMissing(client.send(new DescribeStacksCommand({ StackName })), 'DescribeStacks');
      const stack = answer?.Stacks?.[0];
      if (!stack) throw new HoldshortError('not_found', `there is no stack ${StackName}`, 'look at the stacks again');
      if (stack.StackId !== StackName) throw notAws('DescribeStacks', 200, 'a stack other than the one asked for');
      const template = await templateText(client, StackName, 'Original');
      const processed = await templateText(client, StackName, 'Processed');
      const hidden = new Set(readStoredTemplate(template).no_echo_parameters);
      const given = (stack.Parameters ?? []).map(({ ParameterKey = '', ParameterValue }) => ({
        key: ParameterKey,
        // AWS masks them; emulators tell them.
        value: hidden.has(ParameterKey) || ParameterValue === AWS_MASK ? undefined : ParameterValue,
      }));
      const policy = await policyOf(client, StackName);
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
        ...(stack.RoleARN ? { role_arn: stack.RoleARN } : {}),
        termination_protection: stack.EnableTerminationProtection ?? false,
        ...(policy ? { stack_policy: policy } : {}),
        outputs: (stack.Outputs ?? []).map(({ OutputKey = '', OutputValue = '', ExportName }) => ({
          key: OutputKey,
          value: OutputValue,
          ...(ExportName ? { export_name: ExportName } : {}),
        })),
        resources: await every('ListStackResources', async (cursor) => {
          const sent = client.send(new ListStackResourcesCommand({ StackName, ...nextToken(cursor) }));
          const { StackResourceSummaries, NextToken } = await called(sent, 'ListStackResources');
          return listed('ListStackResources', StackResourceSummaries ?? [], NextToken, (resource) => ({
            logical_id: resource.LogicalResourceId ?? '',
            ...(resource.PhysicalResourceId ? { physical_id: resource.PhysicalResourceId } : {}),
            type: resource.ResourceType ?? 'unknown',
            status: resource.ResourceStatus ?? 'unknown',
          }));
        }),
      };
    },

    stackPolicy: (stackId) => policyOf(client, stackId),
  };
}

async function policyOf(client: CloudFormationClient, StackName: string): Promise<string | undefined> {
  const sent = client.send(new GetStackPolicyCommand({ StackName }));
  return (await called(sent, 'GetStackPolicy')).StackPolicyBody || undefined;
}

async function templateText(client: CloudFormationClient, StackName: string, TemplateStage: 'Original' | 'Processed') {
  const { TemplateBody } = await called(
    client.send(new GetTemplateCommand({ StackName, TemplateStage })),
    'GetTemplate',
  );
  if (TemplateBody === undefined) throw notAws('GetTemplate', 200, 'an answer without a template');
  return TemplateBody;
}
