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
import type { HiddenInChanges } from '../template/hidden-places.ts';
import { ALL_HIDDEN, hiddenInChanges, placeOf, stepsOf } from './hidden-changes.ts';
import type { SecretsCache } from './masked-values.ts';
import { valueAt } from './resource-change.ts';

/**
 * What a change set that compares with the actual state says of each resource; undefined where there is none.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/drift-aware-change-sets.html
 */
export async function readLiveComparison(
  client: CloudFormationClient,
  stack: string,
  changeSet: string,
  secrets: SecretsCache,
): Promise<LiveComparison | undefined> {
  let answer: DescribeChangeSetCommandOutput | undefined;
  const entries = await every('DescribeChangeSet', async (cursor) => {
    const input = { StackName: stack, ChangeSetName: changeSet, IncludePropertyValues: true, ...nextToken(cursor) };
    answer = await unlessMissing(client.send(new DescribeChangeSetCommand(input)), 'DescribeChangeSet');
    return listed('DescribeChangeSet', answer?.Changes ?? [], answer?.NextToken, (one) => one);
  });
  if (!answer) return undefined;
  const hidden =
    entries.length > 0 && answer.Status === 'CREATE_COMPLETE'
      ? await hiddenInChanges(
          client,
          {
            stack_id: stack,
            change_set_id: changeSet,
            parameters: answer.Parameters ?? [],
            parent: undefined,
            is_over: false,
          },
          secrets,
        )
      : ALL_HIDDEN;
  return {
    status: answer.Status ?? 'unknown',
    ...(answer.StatusReason ? { status_reason: hideCredentials(answer.StatusReason) } : {}),
    // An endpoint that doesn't know the mode makes an ordinary change set, which says nothing of the actual state.
    compares: answer.DeploymentMode === 'REVERT_DRIFT' && answer.ChangeSetId === changeSet && answer.StackId === stack,
    resources: entries.map((entry) => liveResource(entry, hidden)),
  };
}

function liveResource({ ResourceChange: change = {} }: Change, { before, after }: HiddenInChanges): LiveResource {
  const { LogicalResourceId = '', ResourceDriftStatus = 'unknown', Details = [] } = change;
  const contexts = [change.AfterContext, change.PreviousDeploymentContext];
  // What is there may stand otherwise than the template writes it: where a property takes a hidden value, all of it.
  const places = [before, after].map((one) => one.place(LogicalResourceId));
  const isHidden = (detail: ResourceChangeDetail) =>
    places.some((place) => placeOf(place, stepsOf(detail.Target ?? {}).slice(0, 2)) !== undefined);
  const told = Details.some(({ Target }) => Target?.Drift !== undefined);
  return {
    logical_id: LogicalResourceId,
    drift: ResourceDriftStatus,
    // One that was changed, of which AWS doesn't say in what, is written over somewhere.
    differences: told ? Details.flatMap((detail) => differenceIn(detail, contexts, isHidden(detail))) : [{ path: '' }],
  };
}

/** Where the template already says what is there, nothing is written over. */
function differenceIn(
  { Target = {}, ChangeSource }: ResourceChangeDetail,
  contexts: readonly (string | undefined)[],
  isHidden: boolean,
): LiveResource['differences'] {
  const { Path, Name, Attribute, Drift, AfterValue, AttributeChangeType } = Target;
  if (!Drift || AttributeChangeType === 'SyncWithActual' || ChangeSource === 'NoModification') return [];
  const path = Path ?? [Attribute, Name].filter((step) => step !== undefined).join('/');
  // The actual state is read from the service, which masks nothing: what is secret is known by the templates alone.
  const secret =
    isHidden ||
    contexts.some((context) => {
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
