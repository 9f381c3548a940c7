import { z } from 'zod';
import { defineReadTool } from '../define.ts';
import { Cursor, FilterValue, Region, SnapshotIds, VolumeId } from '../fields.ts';
import { PAGE_ITEMS, pageOf, placeOf } from '../page.ts';
import { filtersOf, Owners, refuseBoth, TagFilter } from './storage-filters.ts';

export default defineReadTool({
  name: 'ec2_describe_snapshots',
  title: 'Describe snapshots',
  description: 'Show EBS snapshots: volume, size, state, progress, when taken, and tags. By id, or by filters.',
  toolset: 'ec2',
  actions: ['ec2:DescribeSnapshots'],
  input: z.strictObject({
    snapshot_ids: SnapshotIds.optional(),
    volume_id: VolumeId.optional(),
    state: FilterValue.optional().describe('pending, completed, error'),
    tags: TagFilter,
    owners: Owners.optional().describe('Default: self'),
    cursor: Cursor.optional(),
    region: Region.optional(),
  }),
  async read({ snapshot_ids, volume_id, state, tags, owners, cursor }, { ec2, caller }) {
    const filters = filtersOf({ 'volume-id': volume_id, status: state }, tags);
    refuseBoth(snapshot_ids, { filters, owners }, 'snapshot_ids');
    const place = placeOf(cursor);
    const from = place.token === undefined ? {} : { cursor: place.token };
    const page = snapshot_ids
      ? { items: await ec2.snapshotsById(snapshot_ids) }
      : await ec2.snapshots({ filters, owners: owners ?? ['self'], limit: PAGE_ITEMS, ...from });
    const next = 'cursor' in page ? page.cursor : undefined;
    const { items, ...rest } = pageOf(
      place,
      page.items.map((snapshot) => ({ ...snapshot })),
      next,
    );
    return { region: caller.region, snapshots: items, ...rest };
  },
});
