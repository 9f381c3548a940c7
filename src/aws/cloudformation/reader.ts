import {
  type ChangeSetSummary,
  type CloudFormationClient,
  DescribeStackEventsCommand,
  DescribeStacksCommand,
  GetTemplateSummaryCommand,
  ListChangeSetsCommand,
  ListStackResourcesCommand,
  ListStacksCommand,
  type StackStatus,
} from '@aws-sdk/client-cloudformation';
import type { CloudFormationReader, StackEvent } from '../../../tools/ports/cloudformation.ts';
import { hideCredentials } from '../../../tools/ports/credentials.ts';
import { every, nextToken, pages } from '../../../tools/ports/pages.ts';
import { HoldshortError } from '../../kernel/errors.ts';
import { called, unlessMissing } from '../request/call.ts';
import { awsCodeOf, isUnanswerable, notAws } from '../request/errors.ts';
import { listed } from '../request/listed.ts';
import { summaryOf } from '../template/summary.ts';
import { readStoredTemplate, readTemplate } from '../template/template.ts';
import { united } from '../template/united.ts';
import { readChangeSet } from './change-set.ts';
import { completed } from './completed-template.ts';
import { stackEvent } from './events.ts';
import { readLiveComparison } from './live-comparison.ts';
import { type SecretsCache, withOthers } from './masked-values.ts';
import { newTest } from './new-tests.ts';
import { secondOpinion } from './second-opinion.ts';
import { iso, presentStack, stackOf } from './stack.ts';
import { templateText } from './template-text.ts';

/** Reads CloudFormation. Every text in a result is stripped of credentials; NoEcho values are masked. */
export function cloudFormationReader(client: CloudFormationClient, secrets: SecretsCache): CloudFormationReader {
  return {
    async stack(nameOrArn) {
      const answer = await unlessMissing(
        client.send(new DescribeStacksCommand({ StackName: nameOrArn })),
        'DescribeStacks',
      );
      const stack = answer?.Stacks?.[0];
      if (answer && !answer.Stacks) throw notAws('DescribeStacks', 200, 'an answer without stacks');
      if (stack && nameOrArn !== stack.StackId && (nameOrArn !== stack.StackName || nameOrArn.startsWith('arn:')))
        throw notAws('DescribeStacks', 200, 'a stack other than the one that was asked for');
      return stack && (await presentStack(client, stack, secrets));
    },

    async stacks({ statuses, cursor }) {
      const answer = await called(
        client.send(
          new ListStacksCommand({
            ...(statuses ? { StackStatusFilter: statuses.map((status) => status as StackStatus) } : {}),
            ...nextToken(cursor),
          }),
        ),
        'ListStacks',
      );
      return listed('ListStacks', answer.StackSummaries, answer.NextToken, (summary) => stackOf(summary));
    },

    async resources(nameOrArn, cursor) {
      const answer = await called(
        client.send(
          new ListStackResourcesCommand({
            StackName: nameOrArn,
            ...nextToken(cursor),
          }),
        ),
        'ListStackResources',
      );
      return listed('ListStackResources', answer.StackResourceSummaries ?? [], answer.NextToken, (resource) => ({
        logical_id: resource.LogicalResourceId ?? '',
        ...(resource.PhysicalResourceId ? { physical_id: resource.PhysicalResourceId } : {}),
        type: resource.ResourceType ?? 'unknown',
        status: resource.ResourceStatus ?? 'unknown',
        ...(resource.ResourceStatusReason ? { status_reason: hideCredentials(resource.ResourceStatusReason) } : {}),
        ...driftOf(resource.DriftInformation?.StackResourceDriftStatus),
        ...(resource.LastUpdatedTimestamp ? { last_updated: iso(resource.LastUpdatedTimestamp) } : {}),
      }));
    },

    async events(nameOrArn, since) {
      const found: StackEvent[] = [];
      const newestFirst = pages('DescribeStackEvents', async (cursor) => {
        const sent = client.send(new DescribeStackEventsCommand({ StackName: nameOrArn, ...nextToken(cursor) }));
        const answer = await unlessMissing(sent, 'DescribeStackEvents');
        return listed('DescribeStackEvents', answer?.StackEvents ?? [], answer?.NextToken, stackEvent);
      });
      for await (const events of newestFirst)
        for (const event of events) {
          if (Date.parse(event.at) < Date.parse(since)) return found;
          found.push(event);
        }
      return found;
    },

    changeSet: (stack, changeSet) => readChangeSet(client, stack, changeSet, secrets),

    liveComparison: (stackId, changeSetId) => readLiveComparison(client, stackId, changeSetId, secrets),

    async changeSets(nameOrArn) {
      return await every('ListChangeSets', async (cursor) => {
        const sent = client.send(new ListChangeSetsCommand({ StackName: nameOrArn, ...nextToken(cursor) }));
        const answer = await unlessMissing(sent, 'ListChangeSets');
        return listed('ListChangeSets', answer?.Summaries ?? [], answer?.NextToken, changeSetNamed);
      });
    },

    async template(stack, changeSet, given) {
      const read = async (stage: 'Original' | 'Processed') => {
        const text = await templateText(client, stack, changeSet, stage);
        return readStoredTemplate(text, given && (await withOthers(text, given, changeSet, secrets)));
      };
      const original = await read('Original');
      const modules = Object.values(original.resources).some(({ type }) => type.endsWith('::MODULE'));
      if (original.transforms.length === 0 && !modules) return original;
      return united(original, await read('Processed'));
    },

    readTemplate,

    async declaredTransforms(template) {
      const sent = client.send(
        new GetTemplateSummaryCommand(
          'text' in template ? { TemplateBody: template.text } : { StackName: template.stack_id },
        ),
      );
      const answer = await called(sent, 'GetTemplateSummary').catch((error: unknown) => {
        throw 'text' in template && awsCodeOf(error) === 'ValidationError' ? noTemplate(error) : error;
      });
      return answer.DeclaredTransforms ?? [];
    },

    async templateAt(TemplateURL) {
      try {
        const sent = client.send(new GetTemplateSummaryCommand({ TemplateURL }));
        return summaryOf(await called(sent, 'GetTemplateSummary'));
      } catch (error) {
        if (awsCodeOf(error) === 'ValidationError' || isUnanswerable(error)) return undefined;
        throw error;
      }
    },

    completed: (text, stackId) =>
      completed(
        text,
        async () => (stackId === undefined ? undefined : await templateText(client, stackId, undefined, 'Original')),
        stackId ?? '',
      ),

    newTest: (question) => newTest(client, question, secrets),

    async secondOpinion({ stack_id, change_set_id, creating, logical_ids, in_place }) {
      if (logical_ids.length === 0) return [];
      const before = creating ? undefined : await templateText(client, stack_id, undefined, 'Processed');
      const after = await templateText(client, stack_id, change_set_id, 'Processed');
      return await secondOpinion(before, after, logical_ids, in_place);
    },
  };
}

function changeSetNamed({ ChangeSetId = '', ChangeSetName = '' }: ChangeSetSummary) {
  return { change_set_id: ChangeSetId, change_set_name: ChangeSetName };
}

/** `NOT_CHECKED` says nothing. */
function driftOf(status: string | undefined): { readonly drift?: string } {
  return status === undefined || status === 'NOT_CHECKED' ? {} : { drift: status };
}

/** The text that was given is none to AWS: it is for the caller to write another. */
function noTemplate(error: unknown): HoldshortError {
  const what = error instanceof Error ? error.message : String(error);
  return new HoldshortError('invalid_input', what, 'correct the template, then call again', error);
}
