import {
  DescribeImagesCommand,
  DescribeInstanceAttributeCommand,
  DescribeInstancesCommand,
  DescribeSecurityGroupRulesCommand,
  DescribeSecurityGroupsCommand,
  DescribeSnapshotsCommand,
  DescribeTagsCommand,
  DescribeVolumesCommand,
  type EC2Client,
} from '@aws-sdk/client-ec2';
import type { Ec2Keeper } from '../../../tools/ports/ec2-keeper.ts';
import type { Query } from '../../../tools/ports/ec2-query.ts';
import { every, type Page } from '../../../tools/ports/pages.ts';
import type { Json } from '../../kernel/digest.ts';
import { called } from '../request/call.ts';
import { listed } from '../request/listed.ts';
import { KINDS, type Kind } from './kinds.ts';
import { demandKnown, FULL_PAGE, notFound, paged } from './reading.ts';

/** Reads EC2's things as they are, secrets included: for recovery kits. */
export function ec2Keeper(client: EC2Client): Ec2Keeper {
  return {
    tags: async (ids) =>
      json(
        await every('DescribeTags', async (cursor) => {
          const input = paged({ filters: [{ name: 'resource-id', values: ids }], cursor, limit: FULL_PAGE });
          const { Tags, NextToken } = await called(client.send(new DescribeTagsCommand(input)), 'DescribeTags');
          return listed('DescribeTags', Tags, NextToken, (tag) => tag);
        }),
      ),

    async instances(ids) {
      const sent = called(client.send(new DescribeInstancesCommand({ InstanceIds: [...ids] })), 'DescribeInstances');
      const { Reservations = [] } = await demandKnown(KINDS.i, ids, sent);
      const found = Reservations.flatMap(({ Instances = [] }) => Instances);
      return json(demandAll(KINDS.i, ids, found, ({ InstanceId }) => InstanceId));
    },

    async userData(ids) {
      const found: Record<string, string | null> = {};
      for (const InstanceId of ids) {
        const input = { InstanceId, Attribute: 'userData' } as const;
        const sent = called(client.send(new DescribeInstanceAttributeCommand(input)), 'DescribeInstanceAttribute');
        found[InstanceId] = (await demandKnown(KINDS.i, [InstanceId], sent)).UserData?.Value ?? null;
      }
      return found;
    },

    async volumes(ids) {
      const sent = called(client.send(new DescribeVolumesCommand({ VolumeIds: [...ids] })), 'DescribeVolumes');
      const { Volumes = [] } = await demandKnown(KINDS.vol, ids, sent);
      return json(demandAll(KINDS.vol, ids, Volumes, ({ VolumeId }) => VolumeId));
    },

    imagesOfBackup: async (ids) =>
      await ofBackup(ids, 'DescribeImages', async (query) => {
        const input = { ...paged(query), Owners: ['self'] };
        const { Images, NextToken } = await called(client.send(new DescribeImagesCommand(input)), 'DescribeImages');
        return listed('DescribeImages', Images, NextToken, (image) => image);
      }),

    snapshotsOfBackup: async (ids) =>
      await ofBackup(ids, 'DescribeSnapshots', async (query) => {
        const sent = client.send(new DescribeSnapshotsCommand({ ...paged(query), OwnerIds: ['self'] }));
        const { Snapshots, NextToken } = await called(sent, 'DescribeSnapshots');
        return listed('DescribeSnapshots', Snapshots, NextToken, (snapshot) => snapshot);
      }),

    async group(id) {
      const sent = called(client.send(new DescribeSecurityGroupsCommand({ GroupIds: [id] })), 'DescribeSecurityGroups');
      const { SecurityGroups = [] } = await demandKnown(KINDS.sg, [id], sent);
      return json(demandAll(KINDS.sg, [id], SecurityGroups, ({ GroupId }) => GroupId)[0]);
    },

    rules: async (groupId) =>
      json(
        await every('DescribeSecurityGroupRules', async (cursor) => {
          const input = paged({ filters: [{ name: 'group-id', values: [groupId] }], cursor, limit: FULL_PAGE });
          const sent = client.send(new DescribeSecurityGroupRulesCommand(input));
          const { SecurityGroupRules, NextToken } = await called(sent, 'DescribeSecurityGroupRules');
          return listed('DescribeSecurityGroupRules', SecurityGroupRules, NextToken, (rule) => rule);
        }),
      ),
  };
}

/** EC2 takes at most 200 values in a filter. */
const AT_ONCE = 200;

/** What AWS Backup tags with what it is of: an ARN, or the id alone. */
async function ofBackup(
  ids: readonly string[],
  operation: string,
  page: (query: Query) => Promise<Page<unknown>>,
): Promise<Json> {
  const found: unknown[] = [];
  for (let at = 0; at < ids.length; at += AT_ONCE) {
    const values = ids.slice(at, at + AT_ONCE).map((id) => `*${id}`);
    const filters = [{ name: 'tag:aws:backup:source-resource', values }];
    found.push(...(await every(operation, (cursor) => page({ filters, cursor, limit: FULL_PAGE }))));
  }
  return json(found);
}

/** A kit without one of them would be none. @throws not_found */
function demandAll<T>(
  kind: Kind,
  ids: readonly string[],
  found: readonly T[],
  idOf: (one: T) => string | undefined,
): readonly T[] {
  const missing = ids.find((id) => !found.some((one) => idOf(one) === id));
  if (missing !== undefined) throw notFound(kind, missing);
  return found;
}

function json(value: unknown): Json {
  return JSON.parse(JSON.stringify(value)) as Json;
}
