import { z } from 'zod';
import { defineReadTool } from '../define.ts';
import { Cursor, FilterValue, InstanceId, Region, SnapshotId, VolumeIds } from '../fields.ts';
import { pageOf, placeOf } from '../page.ts';
import type { Volume } from '../ports/ec2-storage.ts';
import { byIdsOrFilters, filtersOf, TagFilter } from './asking.ts';
import { agedPage, OlderThanDays } from './storage/by-age.ts';

export default defineReadTool({
  name: 'ec2_describe_volumes',
  title: 'Describe volumes',
  description:
    'Show EBS volumes: size, type, state, attachments, source snapshot and tags. By id, or by filters; by age too.',
  toolset: 'ec2',
  actions: ['ec2:DescribeVolumes'],
  input: z.strictObject({
    volume_ids: VolumeIds.optional(),
    instance_id: InstanceId.optional().describe('Attached to it'),
    snapshot_id: SnapshotId.optional().describe('Made from it'),
    state: FilterValue.optional().describe('available, in-use…'),
    tags: TagFilter,
    older_than_days: OlderThanDays,
    cursor: Cursor.optional(),
    region: Region.optional(),
  }),
  log: {
    volume_ids: 'shown',
    instance_id: 'shown',
    snapshot_id: 'shown',
    state: 'shown',
    tags: 'shown',
    older_than_days: 'shown',
    cursor: 'shown',
    region: 'shown',
  },
  async read({ volume_ids, instance_id, snapshot_id, state, tags, older_than_days, cursor }, { ec2, caller }) {
    const filters = filtersOf(
      { 'attachment.instance-id': instance_id, 'snapshot-id': snapshot_id, status: state },
      tags,
    );
    const asked = { argument: 'volume_ids', ids: volume_ids, filters, named: ec2.volumesById, page: ec2.volumes };
    const place = placeOf(cursor);
    const { token, ...page } = await agedPage(
      older_than_days,
      ({ create_time }: Volume) => create_time,
      place.token,
      (token) => byIdsOrFilters(asked, token),
    );
    const plain = page.items.map(({ attachments, others: _others, ...volume }) => ({
      ...volume,
      attachments: attachments.map((one) => ({ ...one })),
    }));
    const { items, ...rest } = pageOf(token === place.token ? place : { token, skip: 0 }, plain, page.cursor);
    return { region: caller.region, volumes: items, ...rest };
  },
});
