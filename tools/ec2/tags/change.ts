import { z } from 'zod';
import { HoldshortError } from '../../../src/kernel/errors.ts';
import type { Impact } from '../../../src/kernel/plan.ts';
import { isWithoutEffect, settling, type TagRules } from '../../../src/kernel/tag-effect.ts';
import type { Observation, Planned, Readers, ResourceOutcome } from '../../define.ts';
import type { Tagged } from '../../ports/ec2-network.ts';
import { propertyDifferences } from '../../property-differences.ts';
import { ec2Arn, ec2Target, quoted, stackNote, typeOf } from '../network/target.ts';

/** What planning and observing need to look at a resource and its tags. */
export const TAG_READS = [
  'ec2:DescribeTags',
  'ec2:DescribeInstances',
  'ec2:DescribeVolumes',
  'ec2:DescribeSnapshots',
  'ec2:DescribeImages',
  'ec2:DescribeSecurityGroups',
  'ec2:DescribeVpcs',
  'ec2:DescribeSubnets',
  'ec2:DescribeAddresses',
  'ec2:DescribeNetworkInterfaces',
] as const;

/** The tags before, by the resources' ids. */
export const TagsGuard = z.record(z.string(), z.record(z.string(), z.string()));
export type TagsGuard = z.output<typeof TagsGuard>;

/** What one tag of a resource is to become; null: gone. */
export interface TagChange {
  readonly key: string;
  readonly value: string | null;
}

/** The plan of a change of tags: `weaken` where something may rest on one. */
export async function planTags(
  ids: readonly string[],
  changes: readonly TagChange[],
  readers: Readers,
  tagRules: TagRules,
): Promise<Omit<Planned, 'summary'> & { readonly touched: number }> {
  const resources = await readers.ec2.tagged(ids);
  const impact = resources.flatMap((resource) =>
    changes.flatMap((change) => lineOf(resource, change, readers, tagRules) ?? []),
  );
  if (impact.length === 0) {
    const what = changes.some(({ value }) => value === null) ? 'has any of these tags' : 'would be tagged otherwise';
    throw new HoldshortError(
      'no_changes',
      `none of these resources ${what}`,
      'the tags are as asked: go on without this call',
    );
  }
  return {
    touched: new Set(impact.map(({ resource }) => resource)).size,
    targets: resources.map(({ id, tags }) => ec2Target(id, tags, readers.caller)),
    impact: [...impact].sort((a, b) => Number(a.effect !== 'weaken') - Number(b.effect !== 'weaken')),
    guard: Object.fromEntries(resources.map(({ id, tags }) => [id, { ...tags }])),
  };
}

function tagValue({ tags }: Tagged, key: string): string | undefined {
  return Object.hasOwn(tags, key) ? tags[key] : undefined;
}

function lineOf(
  resource: Tagged,
  { key, value }: TagChange,
  { caller }: Readers,
  tagRules: TagRules,
): Impact | undefined {
  const before = tagValue(resource, key);
  if (before === (value ?? undefined)) return undefined;
  const change = value === null ? 'goes' : before === undefined ? 'is new' : 'gets another value';
  const difference = {
    name: `Tags.${key}`,
    ...(before === undefined ? {} : { before }),
    ...(value === null ? {} : { after: value }),
  };
  const isHarmless = isWithoutEffect(key, tagRules);
  return {
    resource: ec2Arn(resource.id, caller),
    type: typeOf(resource.id),
    effect: isHarmless ? 'modify' : 'weaken',
    detail: `tag ${quoted(key)} of ${resource.id} ${change}${stackNote(resource.tags)}${isHarmless ? '' : settling([key], tagRules)}`,
    recoverable: true,
    ...propertyDifferences([difference]),
  };
}

/**
 * How far the tags are: EC2 keeps no token for them, so that they are as asked, and were not by the guard, is all there
 * is.
 */
export async function observeTags(
  before: TagsGuard,
  changes: readonly TagChange[],
  { ec2, caller }: Readers,
): Promise<Observation> {
  const ids = Object.keys(before);
  const now = new Map((await tagsNow(ids, ec2)).map((one) => [one.id, one]));
  const resources = ids.map((id): ResourceOutcome => {
    const resource = ec2Arn(id, caller);
    const [seen, was] = [now.get(id), { id, tags: before[id] ?? {} }];
    if (!seen) return { resource, outcome: 'unknown', detail: 'no longer there' };
    const asked = changes.filter(({ key, value }) => tagValue(was, key) !== (value ?? undefined));
    const done = asked.filter(({ key, value }) => tagValue(seen, key) === (value ?? undefined)).length;
    if (done === asked.length)
      return { resource, outcome: 'succeeded', detail: asked.length === 0 ? 'as it was' : 'tagged as asked' };
    return { resource, outcome: 'unknown', detail: `${done} of ${asked.length} tags are as asked` };
  });
  const done = resources.filter(({ outcome }) => outcome === 'succeeded').length;
  if (done === resources.length)
    return {
      state: 'succeeded',
      evidence: 'state',
      detail: `tagged as asked: ${done} of ${done} resources`,
      resources,
    };
  return {
    state: 'unknown',
    evidence: 'state',
    detail: `tagged as asked: ${done} of ${resources.length} resources; the others show no trace of the request`,
    resources,
  };
}

/** A resource that has gone meanwhile is left out: the others still tell what they have to. */
async function tagsNow(ids: readonly string[], ec2: Readers['ec2']): Promise<readonly Tagged[]> {
  try {
    return await ec2.tagged(ids);
  } catch (error) {
    if (!(error instanceof HoldshortError) || error.code !== 'not_found') throw error;
    const left: Tagged[] = [];
    for (const id of ids.length > 1 ? ids : []) left.push(...(await tagsNow([id], ec2)));
    return left;
  }
}
