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
import type { Filter } from '../../../tools/ports/ec2-query.ts';
import type { StorageReader } from '../../../tools/ports/ec2-storage.ts';
import { every, nextToken } from '../../../tools/ports/pages.ts';
import { called } from '../request/call.ts';
import { notAws } from '../request/errors.ts';
import { listed } from '../request/listed.ts';
import { KINDS } from './kinds.ts';
import { byId, FULL_PAGE, paged } from './reading.ts';
import { imageOf, launchTemplateVersionOf, snapshotOf, volumeOf } from './storage-shapes.ts';

const SMALL_PAGE = 500;

export function storageReader(client: EC2Client): StorageReader {
  const volumePage = async (input: Input) => {
    const answer = await called(client.send(new DescribeVolumesCommand(input)), 'DescribeVolumes');
    return listed('DescribeVolumes', answer.Volumes, answer.NextToken, volumeOf);
  };
  const snapshotPage = async ({ Owners, ...input }: Input) => {
    const request = { ...input, ...(Owners ? { OwnerIds: Owners } : {}) };
    const answer = await called(client.send(new DescribeSnapshotsCommand(request)), 'DescribeSnapshots');
    return listed('DescribeSnapshots', answer.Snapshots, answer.NextToken, snapshotOf);
  };
  const imagePage = async (input: Input) => {
    const sent = client.send(new DescribeImagesCommand({ ...input, IncludeDisabled: true }));
    const answer = await called(sent, 'DescribeImages');
    return listed('DescribeImages', answer.Images, answer.NextToken, imageOf);
  };
  const templatePage = async (input: Input) => {
    const sent = client.send(
      new DescribeLaunchTemplateVersionsCommand({ ...input, Versions: ['$Latest', '$Default'] }),
    );
    const answer = await called(sent, 'DescribeLaunchTemplateVersions');
    const { LaunchTemplateVersions, NextToken } = answer;
    return listed('DescribeLaunchTemplateVersions', LaunchTemplateVersions, NextToken, launchTemplateVersionOf);
  };
  return {
    volumesById: (ids) => byId(KINDS.vol, ids, 'volume_id', (VolumeIds) => volumePage({ VolumeIds })),
    snapshotsById: (ids) => byId(KINDS.snap, ids, 'snapshot_id', (SnapshotIds) => snapshotPage({ SnapshotIds })),
    imagesById: (ids) => byId(KINDS.ami, ids, 'image_id', (ImageIds) => imagePage({ ImageIds })),

    volumes: (query) => volumePage(paged(query, SMALL_PAGE)),
    snapshots: ({ owners, ...query }) => snapshotPage({ ...paged(query, SMALL_PAGE), ...ownedBy(owners) }),
    images: ({ owners, ...query }) => imagePage({ ...paged(query, SMALL_PAGE), ...ownedBy(owners) }),

    everyVolume: (filters) =>
      every('DescribeVolumes', (cursor) => volumePage(paged({ filters, cursor, limit: SMALL_PAGE }))),
    everyOwnSnapshot: (filters) => every('DescribeSnapshots', (cursor) => snapshotPage(own(filters, cursor))),
    everyOwnImage: (filters) => every('DescribeImages', (cursor) => imagePage(own(filters, cursor))),
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
      const { Reservations } = await called(sent, 'DescribeInstances');
      const { items } = listed('DescribeInstances', Reservations, undefined, ({ Instances = [] }) => Instances);
      return items.flat()[0]?.RootDeviceName || undefined;
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

function ownedBy(owners: readonly string[] | undefined): Input {
  return owners === undefined ? {} : { Owners: [...owners] };
}

function own(filters: readonly Filter[], cursor: string | undefined): Input {
  return { ...paged({ filters, cursor, limit: FULL_PAGE }), ...ownedBy(['self']) };
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
