import {
  type Change,
  type CloudFormationClient,
  DescribeChangeSetCommand,
  type DescribeChangeSetCommandOutput,
  type ResourceChangeDetail,
} from '@aws-sdk/client-cloudformation';
import { hideCredentials } from '../../../tools/ports/credentials.ts';
import type { LiveComparison, LiveResource } from '../../../tools/ports/live-comparison.ts';
import { isMasked } from '../../../tools/ports/masks.ts';
import { every, nextToken } from '../../../tools/ports/pages.ts';
import { hideValue } from '../../../tools/ports/redaction.ts';
import { unlessMissing } from '../request/call.ts';
import { listed } from '../request/listed.ts';
import { valueAt } from './resource-change.ts';

/**
 * What a change set that compares with the actual state says of each resource; undefined where there is none.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/drift-aware-change-sets.html
 */
export async function readLiveComparison(
  client: CloudFormationClient,
  stack: string,
  changeSet: string,
): Promise<LiveComparison | undefined> {
  let answer: DescribeChangeSetCommandOutput | undefined;
  const resources = await every('DescribeChangeSet', async (cursor) => {
    const input = { StackName: stack, ChangeSetName: changeSet, IncludePropertyValues: true, ...nextToken(cursor) };
    answer = await unlessMissing(client.send(new DescribeChangeSetCommand(input)), 'DescribeChangeSet');
    return listed('DescribeChangeSet', answer?.Changes ?? [], answer?.NextToken, liveResource);
  });
  if (!answer) return undefined;
  return {
    status: answer.Status ?? 'unknown',
    ...(answer.StatusReason ? { status_reason: hideCredentials(answer.StatusReason) } : {}),
    // An endpoint that doesn't know the mode makes an ordinary change set, which says nothing of the actual state.
    compares: answer.DeploymentMode === 'REVERT_DRIFT' && answer.ChangeSetId === changeSet && answer.StackId === stack,
    resources,
  };
}

function liveResource({ ResourceChange: change = {} }: Change): LiveResource {
  const { LogicalResourceId = '', ResourceDriftStatus = 'unknown', Details = [] } = change;
  const contexts = [change.AfterContext, change.PreviousDeploymentContext];
  const told = Details.some(({ Target }) => Target?.Drift !== undefined);
  return {
    logical_id: LogicalResourceId,
    drift: ResourceDriftStatus,
    // One that was changed, of which AWS doesn't say in what, is written over somewhere.
    differences: told ? Details.flatMap((detail) => differenceIn(detail, contexts)) : [{ path: '' }],
  };
}

/** Where the template already says what is there, nothing is written over. */
function differenceIn(
  { Target = {}, ChangeSource }: ResourceChangeDetail,
  contexts: readonly (string | undefined)[],
): LiveResource['differences'] {
  const { Path, Name, Attribute, Drift, AfterValue, AttributeChangeType } = Target;
  if (!Drift || AttributeChangeType === 'SyncWithActual' || ChangeSource === 'NoModification') return [];
  const path = Path ?? [Attribute, Name].filter((step) => step !== undefined).join('/');
  // The actual state is read from the service, which masks nothing: what is secret is known by the templates alone.
  const secret = contexts.some((context) => {
    const at = valueAt(path, context);
    return typeof at === 'string' && isMasked(at);
  });
  const shown = (value: string | undefined) =>
    secret || value === undefined ? undefined : hideValue(`${Name ?? ''} ${path}`, value);
  const [actual, template] = [shown(Drift.ActualValue), shown(AfterValue)];
  return [
    {
      path,
      ...(actual === undefined || isMasked(actual) ? {} : { actual }),
      ...(template === undefined || isMasked(template) ? {} : { template }),
    },
  ];
}
