/** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/drift-aware-change-sets.html */

import type {
  Change,
  PropertyDifference,
  ResourceChange,
  ResourceChangeDetail,
  StackResourceDrift,
} from '@aws-sdk/client-cloudformation';
import type { Region } from '../cloud.ts';
import { driftOf } from './drift.ts';
import type { Stack, StackResource } from './model.ts';

/** The changes, with what differs from how each resource really is; and those that only revert that. */
export function comparedWithActual(region: Region, stack: Stack, changes: readonly Change[], at: number): Change[] {
  const drifts = new Map(
    [...stack.resources.values()]
      .filter(({ physicalId }) => physicalId !== '')
      .map((resource) => [resource.logicalId, driftOf(region, stack, resource, new Date(at))]),
  );
  const listed = changes.map(({ ResourceChange: change = {}, ...entry }): Change => {
    const drift = drifts.get(change.LogicalResourceId ?? '');
    return { ...entry, ResourceChange: change.Action === 'Modify' && drift ? withDrift(change, drift) : change };
  });
  const ids = new Set(changes.map(({ ResourceChange }) => ResourceChange?.LogicalResourceId));
  const reverted = [...stack.resources.values()].flatMap((resource): Change[] => {
    const drift = drifts.get(resource.logicalId);
    if (!drift || drift.StackResourceDriftStatus === 'IN_SYNC' || ids.has(resource.logicalId)) return [];
    return [{ Type: 'Resource', ResourceChange: withDrift(unchanged(resource), drift) }];
  });
  return [...listed, ...reverted];
}

function unchanged({ logicalId, physicalId, type, shown }: StackResource): ResourceChange {
  const context = JSON.stringify({ Properties: shown });
  return {
    Action: 'Modify',
    LogicalResourceId: logicalId,
    PhysicalResourceId: physicalId,
    ResourceType: type,
    Replacement: 'False',
    Scope: [],
    Details: [],
    BeforeContext: context,
    AfterContext: context,
  };
}

function withDrift(change: ResourceChange, drift: StackResourceDrift): ResourceChange {
  const { Details = [], AfterContext = '{}' } = change;
  const { Properties = {} } = JSON.parse(AfterContext) as { Properties?: Record<string, unknown> };
  const found = (drift.PropertyDifferences ?? []).map((one) => detailOf(one, Properties, drift.Timestamp));
  const paths = new Set(found.map(({ Target }) => Target?.Path));
  const all = [...Details.filter(({ Target }) => !paths.has(Target?.Path)), ...found];
  return {
    ...change,
    ResourceDriftStatus: drift.StackResourceDriftStatus,
    PreviousDeploymentContext: JSON.stringify({ Properties: JSON.parse(drift.ExpectedProperties ?? '{}') }),
    Details: all,
    Scope: [...new Set(all.flatMap(({ Target }) => Target?.Attribute ?? []))],
  };
}

function detailOf(
  { PropertyPath = '', ExpectedValue, ActualValue }: PropertyDifference,
  after: Readonly<Record<string, unknown>>,
  at: Date | undefined,
): ResourceChangeDetail {
  const name = PropertyPath.split('/')[1] ?? '';
  const value = after[name];
  const AfterValue = value === undefined ? undefined : typeof value === 'string' ? value : JSON.stringify(value);
  const same = AfterValue === ActualValue;
  return {
    Target: {
      Attribute: 'Properties',
      Name: name,
      Path: `/Properties${PropertyPath}`,
      RequiresRecreation: 'Never',
      BeforeValue: ActualValue,
      AfterValue,
      BeforeValueFrom: 'ACTUAL_STATE',
      AfterValueFrom: 'TEMPLATE',
      AttributeChangeType: same ? 'SyncWithActual' : 'Modify',
      Drift: { PreviousValue: ExpectedValue, ActualValue, DriftDetectionTimestamp: at },
    },
    Evaluation: 'Static',
    ChangeSource: same ? 'NoModification' : 'DirectModification',
  };
}
