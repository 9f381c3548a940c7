/** Which properties differ between two deployments of a resource, and whether that makes a new physical resource. */

import type { ResourceType } from '../spec/resources.ts';
import { isObject, type Json, type JsonObject } from '../template/json.ts';
import { sameValue } from '../template/resolve.ts';

/**
 * Ordered by impact.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_ResourceTargetDefinition.html
 */
export type Recreation = 'Never' | 'Conditionally' | 'Always';
const ORDER: readonly Recreation[] = ['Never', 'Conditionally', 'Always'];

export function worse(left: Recreation, right: Recreation): Recreation {
  return ORDER.indexOf(left) >= ORDER.indexOf(right) ? left : right;
}

export interface PropertyChange {
  /** From the top-level property down: `['Tags', '0', 'Value']`. */
  readonly path: readonly string[];
  readonly before: Json | undefined;
  readonly after: Json | undefined;
  readonly recreation: Recreation;
}

/** By the specification: the path itself, or any part of it, named with `*` for the elements of arrays and maps. */
function recreationOf(type: ResourceType | undefined, path: readonly string[]): Recreation {
  if (!type) return 'Never';
  let worst: Recreation = 'Never';
  for (const [set, recreation] of [
    [type.maybe, 'Conditionally'],
    [type.replace, 'Always'],
  ] as const) {
    for (const pattern of set) {
      const parts = pattern.split('.');
      if (parts.length <= path.length && parts.every((part, at) => part === '*' || part === path[at])) {
        worst = worse(worst, recreation);
      }
    }
  }
  return worst;
}

/** Paths of the plain values within a value: what appears or goes when the whole does. */
function leaves(value: Json | undefined, path: readonly string[]): (readonly string[])[] {
  if (Array.isArray(value)) return value.flatMap((item, index) => leaves(item, [...path, String(index)]));
  if (isObject(value)) return Object.entries(value).flatMap(([key, item]) => leaves(item, [...path, key]));
  return [path];
}

function compare(
  before: Json | undefined,
  after: Json | undefined,
  path: readonly string[],
  type: ResourceType | undefined,
): PropertyChange[] {
  if (sameValue(before, after)) return [];
  const inner = (keys: Iterable<string>, at: (value: Json | undefined, key: string) => Json | undefined) =>
    [...keys].flatMap((key) => compare(at(before, key), at(after, key), [...path, key], type));
  if (isObject(before) && isObject(after)) {
    const keys = new Set([...Object.keys(before), ...Object.keys(after)]);
    return inner(keys, (value, key) => (isObject(value) ? value[key] : undefined));
  }
  if (Array.isArray(before) && Array.isArray(after)) {
    const length = Math.max(before.length, after.length);
    const keys = Array.from({ length }, (_, index) => String(index));
    return inner(keys, (value, key) => (Array.isArray(value) ? value[Number(key)] : undefined));
  }
  const touched = [path, ...leaves(before, path), ...leaves(after, path)];
  const recreation = touched.map((leaf) => recreationOf(type, leaf)).reduce(worse, 'Never');
  return [{ path, before, after, recreation }];
}

export function propertyChanges(
  before: JsonObject,
  after: JsonObject,
  type: ResourceType | undefined,
): PropertyChange[] {
  return compare(before, after, [], type);
}

/**
 * Conditional properties whose change does make a new resource in the ordinary case. The rest of the specification's
 * "maybe" (an EBS-backed instance's type, a DB instance's MultiAZ) is changed in place.
 */
const REPLACES_IN_PRACTICE: Record<string, readonly string[]> = {
  'AWS::EC2::Instance': ['Tenancy'],
  'AWS::RDS::DBInstance': [
    'AvailabilityZone',
    'DBClusterSnapshotIdentifier',
    'DBSnapshotIdentifier',
    'Engine',
    'RestoreTime',
    'SourceDBClusterIdentifier',
    'SourceDBInstanceIdentifier',
  ],
};

/** What executing the changes does, as opposed to what can be said before. */
export function executionReplaces(type: string, changes: readonly PropertyChange[]): boolean {
  return changes.some(({ recreation, path }) => {
    if (recreation !== 'Conditionally') return recreation === 'Always';
    return REPLACES_IN_PRACTICE[type]?.includes(path[0] ?? '') ?? false;
  });
}
