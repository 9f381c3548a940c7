/** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-stack-drift.html */

import type {
  DescribeStackDriftDetectionStatusInput,
  DescribeStackDriftDetectionStatusOutput,
  DescribeStackResourceDriftsInput,
  DescribeStackResourceDriftsOutput,
  DetectStackDriftInput,
  DetectStackDriftOutput,
  PropertyDifference,
  StackResourceDrift,
} from '@aws-sdk/client-cloudformation';
import type { Region } from '../cloud.ts';
import type { Tags } from '../ec2/model.ts';
import { instancesIn, volumesIn } from '../ec2/state.ts';
import { uuid } from '../ids.ts';
import { isObject, type Json, type JsonObject } from '../template/json.ts';
import { sameValue } from '../template/resolve.ts';
import { required, validationError } from '../wire/failure.ts';
import { page } from '../wire/paging.ts';
import type { Context } from '../wire/service.ts';
import type { DriftDetection, Stack, StackResource } from './model.ts';
import type { OrderedDrift } from './orders.ts';
import { knownStack } from './stack.ts';
import { driftDetectionsIn, driftsIn } from './state.ts';

const CHECKABLE = /^(CREATE_COMPLETE|UPDATE_COMPLETE|UPDATE_ROLLBACK_COMPLETE|UPDATE_ROLLBACK_FAILED|IMPORT_COMPLETE)$/;

function text(value: Json | undefined): string {
  return typeof value === 'string' ? value : JSON.stringify(value ?? null);
}

function plainTags(tags: Tags): Json {
  return [...tags].filter(([key]) => !key.startsWith('aws:')).map(([Key, Value]) => ({ Key, Value }));
}

/**
 * What is really there of what the template says; undefined when the resource is gone. Other types are as they were
 * made.
 */
function liveProperties(region: Region, stack: Stack, resource: StackResource): JsonObject | undefined {
  const { type, physicalId, properties } = resource;
  const own = (tags: Tags) => new Map([...tags].filter(([key]) => !stack.tags.some(({ Key }) => Key === key)));
  if (type === 'AWS::EC2::Instance') {
    const instance = instancesIn(region).get(physicalId);
    if (!instance || /^(shutting-down|terminated)$/.test(instance.state)) return undefined;
    const { type: InstanceType, disableApiTermination: DisableApiTermination, tags } = instance;
    return only(properties, { InstanceType, DisableApiTermination, Tags: plainTags(own(tags)) });
  }
  if (type === 'AWS::EC2::Volume') {
    const volume = volumesIn(region).get(physicalId);
    if (!volume || volume.state === 'deleting') return undefined;
    return only(properties, { Size: volume.size, VolumeType: volume.type, Tags: plainTags(own(volume.tags)) });
  }
  return properties;
}

/** Only what the template sets explicitly is compared. */
function only(properties: JsonObject, live: JsonObject): JsonObject {
  const compared = Object.entries(live).filter(([name]) => properties[name] !== undefined);
  return { ...properties, ...Object.fromEntries(compared) };
}

function sameText(a: Json | undefined, b: Json | undefined): boolean {
  return sameValue(a, b) || (!isObject(a) && !Array.isArray(a) && String(a) === String(b));
}

function differences(expected: JsonObject, actual: JsonObject, ordered: readonly OrderedDrift[]): PropertyDifference[] {
  const live = Object.keys(expected)
    .filter((name) => !sameText(expected[name], actual[name]))
    .map((name) => ({
      PropertyPath: `/${name}`,
      ExpectedValue: text(expected[name]),
      ActualValue: text(actual[name]),
      DifferenceType: 'NOT_EQUAL' as const,
    }));
  const asked = ordered.map(({ path = '', actual: now }) => ({
    PropertyPath: path,
    ExpectedValue: text(expected[path.split('/')[1] ?? '']),
    ActualValue: now ?? 'null',
    DifferenceType: now === undefined ? ('REMOVE' as const) : ('NOT_EQUAL' as const),
  }));
  return [...live, ...asked];
}

export function driftOf(region: Region, stack: Stack, resource: StackResource, at: Date): StackResourceDrift {
  const { logicalId, physicalId, type, shown } = resource;
  const ordered = driftsIn(region).filter((one) => one.stack === stack.name && one.logicalId === logicalId);
  const live = liveProperties(region, stack, resource);
  const about = {
    StackId: stack.id,
    LogicalResourceId: logicalId,
    PhysicalResourceId: physicalId,
    ResourceType: type,
    ExpectedProperties: JSON.stringify(shown),
    Timestamp: at,
  };
  if (!live || ordered.some(({ path }) => path === undefined))
    return { ...about, PropertyDifferences: [], StackResourceDriftStatus: 'DELETED' };
  const found = differences(resource.properties, live, ordered);
  return {
    ...about,
    ActualProperties: JSON.stringify(found.length === 0 ? shown : live),
    PropertyDifferences: found,
    StackResourceDriftStatus: found.length > 0 ? 'MODIFIED' : 'IN_SYNC',
  };
}

export function detectStackDrift(input: DetectStackDriftInput, { cloud, region }: Context): DetectStackDriftOutput {
  const stack = knownStack(region, required(input.StackName, 'stackName'));
  if (!CHECKABLE.test(stack.status))
    throw validationError(`Stack: ${stack.name} cannot be checked for drift in status ${stack.status}`);
  const id = uuid();
  const detection: DriftDetection = { stackId: stack.id, at: new Date(cloud.time()), found: undefined };
  driftDetectionsIn(region).set(id, detection);
  cloud.after(cloud.latencyMs, () => {
    const present = [...stack.resources.values()].filter(({ physicalId }) => physicalId !== '');
    const resources = present.map((resource) => driftOf(region, stack, resource, new Date(cloud.time())));
    const drifted = resources.some(({ StackResourceDriftStatus }) => StackResourceDriftStatus !== 'IN_SYNC');
    detection.found = { status: drifted ? 'DRIFTED' : 'IN_SYNC', at: new Date(cloud.time()), resources };
    stack.drift = detection.found;
  });
  return { StackDriftDetectionId: id };
}

export function describeDetection(
  input: DescribeStackDriftDetectionStatusInput,
  { region }: Context,
): DescribeStackDriftDetectionStatusOutput {
  const id = required(input.StackDriftDetectionId, 'stackDriftDetectionId');
  const detection = driftDetectionsIn(region).get(id);
  if (!detection) throw validationError(`Drift detection [${id}] does not exist`);
  const { stackId, at, found } = detection;
  return {
    StackId: stackId,
    StackDriftDetectionId: id,
    DetectionStatus: found ? 'DETECTION_COMPLETE' : 'DETECTION_IN_PROGRESS',
    StackDriftStatus: found?.status,
    DriftedStackResourceCount: found?.resources.filter((one) => one.StackResourceDriftStatus !== 'IN_SYNC').length,
    Timestamp: at,
  };
}

export function describeResourceDrifts(
  input: DescribeStackResourceDriftsInput,
  { region }: Context,
): DescribeStackResourceDriftsOutput {
  const stack = knownStack(region, required(input.StackName, 'stackName'));
  const wanted = input.StackResourceDriftStatusFilters ?? [];
  const found = (stack.drift?.resources ?? []).filter(
    ({ StackResourceDriftStatus: status }) => wanted.length === 0 || (status !== undefined && wanted.includes(status)),
  );
  const { items, NextToken } = page(found, input.NextToken, 100);
  return { StackResourceDrifts: items, NextToken };
}
