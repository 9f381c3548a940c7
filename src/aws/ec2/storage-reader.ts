import {
  type Filter as AwsFilter,
  DescribeImageAttributeCommand,
  DescribeImagesCommand,
  DescribeInstancesCommand,
  DescribeLaunchTemplateVersionsCommand,
  DescribeSnapshotAttributeCommand,
  DescribeSnapshotsCommand,
  DescribeVolumesCommand,
  type EC2Client,
} from '@aws-sdk/client-ec2';
import type { Filter } from '../../../tools/ports/ec2-instances.ts';
import type { Image, Snapshot, StorageReader, Volume } from '../../../tools/ports/ec2-storage.ts';
import { every, nextToken, type Page } from '../../../tools/ports/pages.ts';
import { HoldshortError } from '../../kernel/errors.ts';
import { called } from '../request/call.ts';
import { awsCodeOf, notAws } from '../request/errors.ts';
import { filtersOf } from './listing.ts';
import { imageOf, launchTemplateVersionOf, snapshotOf, volumeOf } from './storage-shapes.ts';

export function storageReader(client: EC2Client): StorageReader {
  const volumePage = async (input: Input) => {
    const answer = await called(client.send(new DescribeVolumesCommand(input)), 'DescribeVolumes');
    return pageOf('DescribeVolumes', answer.Volumes?.map(volumeOf), answer.NextToken);
  };
  const snapshotPage = async ({ Owners, ...input }: Input) => {
    const request = { ...input, ...(Owners ? { OwnerIds: Owners } : {}) };
    const answer = await called(client.send(new DescribeSnapshotsCommand(request)), 'DescribeSnapshots');
    return pageOf('DescribeSnapshots', answer.Snapshots?.map(snapshotOf), answer.NextToken);
  };
  const imagePage = async (input: Input) => {
    const sent = client.send(new DescribeImagesCommand({ ...input, IncludeDisabled: true }));
    const answer = await called(sent, 'DescribeImages');
    return pageOf('DescribeImages', answer.Images?.map(imageOf), answer.NextToken);
  };
  const templatePage = async (input: Input) => {
    const sent = client.send(
      new DescribeLaunchTemplateVersionsCommand({ ...input, Versions: ['$Latest', '$Default'] }),
    );
    const answer = await called(sent, 'DescribeLaunchTemplateVersions');
    const versions = answer.LaunchTemplateVersions?.map(launchTemplateVersionOf);
    return pageOf('DescribeLaunchTemplateVersions', versions, answer.NextToken);
  };
  return {
    volumesById: (ids) =>
      byId<Volume>(ids, (some) => volumePage({ VolumeIds: some }), {
        idOf: ({ volume_id }) => volume_id,
        code: /^InvalidVolume\.NotFound$/,
        noun: 'volume',
      }),
    snapshotsById: (ids) =>
      byId<Snapshot>(ids, (some) => snapshotPage({ SnapshotIds: some }), {
        idOf: ({ snapshot_id }) => snapshot_id,
        code: /^InvalidSnapshot\.NotFound$/,
        noun: 'snapshot',
      }),
    imagesById: (ids) =>
      byId<Image>(ids, (some) => imagePage({ ImageIds: some }), {
        idOf: ({ image_id }) => image_id,
        code: /^InvalidAMIID\.(NotFound|Unavailable)$/,
        noun: 'image',
      }),

    volumes: (query) => volumePage(inputOf(query)),
    snapshots: (query) => snapshotPage(inputOf(query)),
    images: (query) => imagePage(inputOf(query)),

    everyVolume: (filters) =>
      every('DescribeVolumes', (cursor) =>
        volumePage({ Filters: filtersOf(filters), MaxResults: 500, ...nextToken(cursor) }),
      ),
    everyOwnSnapshot: (filters) =>
      every('DescribeSnapshots', (cursor) => snapshotPage({ ...own(filters), ...nextToken(cursor) })),
    everyOwnImage: (filters) =>
      every('DescribeImages', (cursor) => imagePage({ ...own(filters), ...nextToken(cursor) })),
    launchTemplateVersions: () =>
      every('DescribeLaunchTemplateVersions', (cursor) => templatePage({ MaxResults: 200, ...nextToken(cursor) })),

    async snapshotSharedWith(id) {
      const input = { SnapshotId: id, Attribute: 'createVolumePermission' } as const;
      const answer = await called(
        client.send(new DescribeSnapshotAttributeCommand(input)),
        'DescribeSnapshotAttribute',
      );
      return sharedWith('DescribeSnapshotAttribute', answer.CreateVolumePermissions);
    },
    async imageSharedWith(id) {
      const input = { ImageId: id, Attribute: 'launchPermission' } as const;
      const answer = await called(client.send(new DescribeImageAttributeCommand(input)), 'DescribeImageAttribute');
      return sharedWith('DescribeImageAttribute', answer.LaunchPermissions);
    },
    async rootDeviceOf(instanceId) {
      const sent = client.send(new DescribeInstancesCommand({ InstanceIds: [instanceId] }));
      const answer = await called(sent, 'DescribeInstances');
      if (!answer.Reservations) throw notAws('DescribeInstances', 200, 'an answer without reservations');
      return answer.Reservations[0]?.Instances?.[0]?.RootDeviceName || undefined;
    },
  };
}

interface Input {
  readonly Filters?: AwsFilter[];
  readonly MaxResults?: number;
  readonly NextToken?: string;
  readonly Owners?: string[];
  readonly VolumeIds?: string[];
  readonly SnapshotIds?: string[];
  readonly ImageIds?: string[];
}

function pageOf<T>(operation: string, items: readonly T[] | undefined, next: string | undefined): Page<T> {
  if (!items) throw notAws(operation, 200, 'an answer without a list');
  return { items, ...(next ? { cursor: next } : {}) };
}

function own(filters: readonly Filter[]): Input {
  return { Filters: filtersOf(filters), Owners: ['self'], MaxResults: 1000 };
}

function inputOf(query: {
  filters: readonly Filter[];
  cursor?: string;
  limit: number;
  owners?: readonly string[];
}): Input {
  return {
    Filters: filtersOf(query.filters),
    MaxResults: Math.max(5, Math.min(query.limit, 500)),
    ...nextToken(query.cursor),
    ...(query.owners === undefined ? {} : { Owners: [...query.owners] }),
  };
}

async function byId<T>(
  ids: readonly string[],
  fetch: (ids: string[]) => Promise<Page<T>>,
  { idOf, code, noun }: { idOf: (item: T) => string; code: RegExp; noun: string },
): Promise<readonly T[]> {
  // Without ids these operations list all there is.
  if (ids.length === 0) return [];
  const missing = (id: string) =>
    new HoldshortError(
      'not_found',
      `there is no ${noun} ${id} here`,
      `list ${noun}s with ec2_describe_${noun}s; check \`region\``,
    );
  const found = new Map<string, T>();
  try {
    for (const item of (await fetch([...ids])).items) found.set(idOf(item), item);
  } catch (error) {
    if (!code.test(awsCodeOf(error) ?? '')) throw error;
    const said = error instanceof Error ? error.message : '';
    throw missing(ids.find((id) => said.includes(id)) ?? ids[0] ?? '');
  }
  return ids.map((id) => {
    const item = found.get(id);
    if (!item) throw missing(id);
    return item;
  });
}

/** An answer without the list is AWS's way to say "nobody": the query protocol leaves empty lists out. */
function sharedWith(
  operation: string,
  permissions:
    | readonly {
        UserId?: string | undefined;
        Group?: string | undefined;
        OrganizationArn?: string | undefined;
        OrganizationalUnitArn?: string | undefined;
      }[]
    | undefined,
): readonly string[] {
  return (permissions ?? [])
    .map(({ UserId, Group, OrganizationArn, OrganizationalUnitArn }) => {
      const who = Group ?? UserId ?? OrganizationArn ?? OrganizationalUnitArn;
      if (!who) throw notAws(operation, 200, 'a permission for nobody');
      return who;
    })
    .sort();
}
