import {
  DescribeAddressesCommand,
  DescribeImagesCommand,
  DescribeInstancesCommand,
  DescribeNetworkInterfacesCommand,
  DescribeSecurityGroupsCommand,
  DescribeSnapshotsCommand,
  DescribeSubnetsCommand,
  DescribeTagsCommand,
  DescribeVolumesCommand,
  DescribeVpcsCommand,
  type EC2Client,
} from '@aws-sdk/client-ec2';
import type { NetworkReader } from '../../../tools/ports/ec2-network.ts';
import { every, nextToken } from '../../../tools/ports/pages.ts';
import { called } from '../request/call.ts';
import { notAws } from '../request/errors.ts';
import { tagsOf } from '../tags.ts';
import { filtersOf, listed, named } from './listing.ts';

type Ids = (string | undefined)[] | undefined;

interface Kind {
  readonly what: string;
  readonly tool: string;
  readonly operation: string;
  readonly ids: (client: EC2Client, ids: string[]) => Promise<Ids>;
}

/** How the resources of each kind are looked for: DescribeTags knows only those that have tags. */
const KINDS: Readonly<Record<string, Kind>> = {
  i: {
    what: 'instance',
    tool: 'ec2_describe_instances',
    operation: 'DescribeInstances',
    ids: async (client, InstanceIds) =>
      (await client.send(new DescribeInstancesCommand({ InstanceIds }))).Reservations?.flatMap(({ Instances = [] }) =>
        Instances.map(({ InstanceId }) => InstanceId),
      ),
  },
  vol: {
    what: 'volume',
    tool: 'ec2_describe_volumes',
    operation: 'DescribeVolumes',
    ids: async (client, VolumeIds) =>
      (await client.send(new DescribeVolumesCommand({ VolumeIds }))).Volumes?.map(({ VolumeId }) => VolumeId),
  },
  snap: {
    what: 'snapshot',
    tool: 'ec2_describe_snapshots',
    operation: 'DescribeSnapshots',
    ids: async (client, SnapshotIds) =>
      (await client.send(new DescribeSnapshotsCommand({ SnapshotIds }))).Snapshots?.map(({ SnapshotId }) => SnapshotId),
  },
  ami: {
    what: 'image',
    tool: 'ec2_describe_images',
    operation: 'DescribeImages',
    ids: async (client, ImageIds) =>
      (await client.send(new DescribeImagesCommand({ ImageIds }))).Images?.map(({ ImageId }) => ImageId),
  },
  sg: {
    what: 'security group',
    tool: 'ec2_describe_security_groups',
    operation: 'DescribeSecurityGroups',
    ids: async (client, GroupIds) =>
      (await client.send(new DescribeSecurityGroupsCommand({ GroupIds }))).SecurityGroups?.map(
        ({ GroupId }) => GroupId,
      ),
  },
  vpc: {
    what: 'VPC',
    tool: 'ec2_describe_vpcs',
    operation: 'DescribeVpcs',
    ids: async (client, VpcIds) =>
      (await client.send(new DescribeVpcsCommand({ VpcIds }))).Vpcs?.map(({ VpcId }) => VpcId),
  },
  subnet: {
    what: 'subnet',
    tool: 'ec2_describe_subnets',
    operation: 'DescribeSubnets',
    ids: async (client, SubnetIds) =>
      (await client.send(new DescribeSubnetsCommand({ SubnetIds }))).Subnets?.map(({ SubnetId }) => SubnetId),
  },
  eipalloc: {
    what: 'address',
    tool: 'ec2_describe_addresses',
    operation: 'DescribeAddresses',
    ids: async (client, AllocationIds) =>
      (await client.send(new DescribeAddressesCommand({ AllocationIds }))).Addresses?.map(
        ({ AllocationId }) => AllocationId,
      ),
  },
  eni: {
    what: 'network interface',
    tool: 'ec2_describe_security_groups',
    operation: 'DescribeNetworkInterfaces',
    ids: async (client, NetworkInterfaceIds) =>
      (await client.send(new DescribeNetworkInterfacesCommand({ NetworkInterfaceIds }))).NetworkInterfaces?.map(
        ({ NetworkInterfaceId }) => NetworkInterfaceId,
      ),
  },
};

export function taggedReader(client: EC2Client): Pick<NetworkReader, 'tagged'> {
  const demandAll = async (prefix: string, ids: string[]) => {
    const kind = Object.hasOwn(KINDS, prefix) ? KINDS[prefix] : undefined;
    if (!kind) throw new Error(`resources whose id begins with ${prefix}- are not known`);
    const describe = async () =>
      listed(kind.operation, await called(kind.ids(client, ids), kind.operation), undefined, (id) => id ?? '');
    await named(ids, kind, (id) => id, describe);
  };
  return {
    async tagged(ids) {
      for (const prefix of new Set(ids.map(prefixOf)))
        await demandAll(
          prefix,
          ids.filter((id) => prefixOf(id) === prefix),
        );
      if (ids.length === 0) return [];
      const Filters = filtersOf([{ name: 'resource-id', values: ids }]);
      const all = await every('DescribeTags', async (cursor) => {
        const page = { MaxResults: 1_000, ...nextToken(cursor) };
        const { Tags, NextToken } = await called(
          client.send(new DescribeTagsCommand({ Filters, ...page })),
          'DescribeTags',
        );
        return listed('DescribeTags', Tags, NextToken, (tag) => tag);
      });
      if (all.some(({ Key, ResourceId }) => !Key || !ResourceId)) throw notAws('DescribeTags', 200, 'a tag of nothing');
      return ids.map((id) => ({ id, tags: tagsOf(all.filter(({ ResourceId }) => ResourceId === id)) }));
    },
  };
}

function prefixOf(id: string): string {
  return id.slice(0, id.lastIndexOf('-'));
}
