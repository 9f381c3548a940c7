/** https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/Using_Tags.html */

import type {
  CreateTagsRequest,
  DeleteTagsRequest,
  DescribeTagsRequest,
  DescribeTagsResult,
} from '@aws-sdk/client-ec2';
import type { Region } from '../cloud.ts';
import { taggedResources } from '../cloudformation/tagged.ts';
import { ApiFailure } from '../wire/failure.ts';
import type { Context } from '../wire/service.ts';
import { applyFilters } from './filters.ts';
import { imagesById } from './images.ts';
import { interfacesOf } from './interfaces.ts';
import { instancesById, stopAtDryRun, volumesById } from './lookup.ts';
import type { Tags } from './model.ts';
import { TAG_FILTERS, type TagEntry } from './network-filters.ts';
import { addressesById, interfacesById, networkPage, subnetsById, vpcsById } from './network-lookup.ts';
import { securityGroupsById } from './security-groups.ts';
import { snapshotsById } from './snapshots.ts';
import { imagesIn, instancesIn, networkIn, snapshotsIn, volumesIn } from './state.ts';

interface Taggable {
  readonly id: string;
  readonly tags: Tags;
}

interface Family {
  readonly prefix: string;
  readonly type: string;
  readonly all: (region: Region) => Iterable<Taggable>;
  readonly byId: (region: Region, ids: readonly string[]) => readonly Taggable[];
}

/** Everything that has tags. A new family of resources is one more entry. */
const FAMILIES: readonly Family[] = [
  { prefix: 'i', type: 'instance', all: (region) => instancesIn(region).values(), byId: instancesById },
  { prefix: 'vol', type: 'volume', all: (region) => volumesIn(region).values(), byId: volumesById },
  { prefix: 'snap', type: 'snapshot', all: (region) => snapshotsIn(region).values(), byId: snapshotsById },
  { prefix: 'ami', type: 'image', all: (region) => imagesIn(region).values(), byId: imagesById },
  {
    prefix: 'sg',
    type: 'security-group',
    all: (region) => networkIn(region).securityGroups.values(),
    byId: securityGroupsById,
  },
  { prefix: 'vpc', type: 'vpc', all: (region) => networkIn(region).vpcs.values(), byId: vpcsById },
  { prefix: 'subnet', type: 'subnet', all: (region) => networkIn(region).subnets.values(), byId: subnetsById },
  { prefix: 'eni', type: 'network-interface', all: interfacesOf, byId: interfacesById },
  {
    prefix: 'eipalloc',
    type: 'elastic-ip',
    all: (region) => networkIn(region).addresses.values(),
    byId: addressesById,
  },
];

const MOST_TAGS = 50;

function resourcesOf(region: Region, ids: readonly string[] | undefined): readonly Taggable[] {
  if (!ids || ids.length === 0)
    throw new ApiFailure('MissingParameter', 'The request must contain the parameter resourceIdSet');
  return ids.flatMap((id) => {
    const family = FAMILIES.find(({ prefix }) => id.startsWith(`${prefix}-`));
    if (!family) throw new ApiFailure('InvalidID', `The ID '${id}' is not valid`);
    return family.byId(region, [id]);
  });
}

function refuseReserved(keys: readonly string[]): void {
  if (!keys.some((key) => /^aws:/i.test(key))) return;
  throw new ApiFailure('InvalidParameterValue', "Tag keys starting with 'aws:' are reserved for internal use");
}

export function createTags(input: CreateTagsRequest, { region }: Context): undefined {
  const targets = resourcesOf(region, input.Resources);
  const given = (input.Tags ?? []).map(({ Key = '', Value = '' }) => [Key, Value] as const);
  if (given.length === 0) throw new ApiFailure('MissingParameter', 'The request must contain the parameter tagSet');
  refuseReserved(given.map(([key]) => key));
  for (const { tags } of targets) {
    const own = [...tags.keys()].filter((key) => !/^aws:/i.test(key));
    if (new Set([...own, ...given.map(([key]) => key)]).size <= MOST_TAGS) continue;
    throw new ApiFailure('TagLimitExceeded', 'The maximum number of Tags for a resource has been reached.');
  }
  stopAtDryRun(input);
  for (const { tags } of targets) for (const [key, value] of given) tags.set(key, value);
}

/**
 * Without tags, all go but those of AWS; with a value, only where it is that; an absent tag is no error.
 * https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DeleteTags.html
 */
export function deleteTags(input: DeleteTagsRequest, { region }: Context): undefined {
  const targets = resourcesOf(region, input.Resources);
  refuseReserved((input.Tags ?? []).map(({ Key = '' }) => Key));
  stopAtDryRun(input);
  for (const { tags } of targets) {
    const going = input.Tags ?? [...tags.keys()].filter((key) => !/^aws:/i.test(key)).map((Key) => ({ Key }));
    for (const tag of going) {
      const value = 'Value' in tag ? tag.Value : undefined;
      if (value === undefined || tags.get(tag.Key ?? '') === value) tags.delete(tag.Key ?? '');
    }
  }
}

/** What stacks made up, of kinds that aren't kept here: groups, subnets, gateways. */
function madeUp({ cloud, region }: Context): readonly TagEntry[] {
  return taggedResources(cloud, region)
    .filter(
      ({ type, physicalId }) =>
        type.startsWith('AWS::EC2::') &&
        !FAMILIES.some(({ all }) => [...all(region)].some(({ id }) => id === physicalId)),
    )
    .flatMap(({ physicalId: id, tags }) => {
      const kept: Tags = new Map(tags.map(({ Key = '', Value = '' }) => [Key, Value]));
      return [...kept].map(([key, value]): TagEntry => ({ id, type: 'other', key, value, tags: kept }));
    });
}

export function describeTags(input: DescribeTagsRequest, context: Context): DescribeTagsResult {
  const { region } = context;
  const kept = FAMILIES.flatMap(({ type, all: everyOne }) =>
    [...everyOne(region)].flatMap(({ id, tags }) =>
      [...tags].map(([key, value]): TagEntry => ({ id, type, key, value, tags })),
    ),
  );
  const all = [...kept, ...madeUp(context)];
  const found = applyFilters(all, input.Filters, TAG_FILTERS.values, TAG_FILTERS.known);
  const { items, NextToken } = networkPage(found, input, []);
  stopAtDryRun(input);
  const Tags = items.map(({ id, type, key, value }) => ({
    ResourceId: id,
    ResourceType: type as NonNullable<NonNullable<DescribeTagsResult['Tags']>[number]['ResourceType']>,
    Key: key,
    Value: value,
  }));
  return { Tags, NextToken };
}
