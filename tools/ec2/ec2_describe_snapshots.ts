import { z } from 'zod';
import { defineReadTool } from '../define.ts';
import { Cursor, FilterValue, Region, SnapshotIds, VolumeId } from '../fields.ts';
import { pageOf, placeOf } from '../page.ts';
import type { Query } from '../ports/ec2-query.ts';
import type { Snapshot } from '../ports/ec2-storage.ts';
import { byIdsOrFilters, filtersOf, Owners, TagFilter } from './asking.ts';
import { agedPage, OlderThanDays } from './storage/by-age.ts';

export default defineReadTool({
  name: 'ec2_describe_snapshots',
  title: 'Describe snapshots',
  description:
    'Show EBS snapshots: volume, size, state, progress, when taken, and tags. By id, or by filters; by age too.',
  toolset: 'ec2',
  actions: ['ec2:DescribeSnapshots'],
  input: z.strictObject({
    snapshot_ids: SnapshotIds.optional(),
    volume_id: VolumeId.optional(),
    state: FilterValue.optional().describe('pending, completed, error'),
    tags: TagFilter,
    older_than_days: OlderThanDays,
    owners: Owners.optional().describe('Default: self'),
    cursor: Cursor.optional(),
    region: Region.optional(),
  }),
  log: {
    snapshot_ids: 'shown',
    volume_id: 'shown',
    state: 'shown',
    tags: 'shown',
    older_than_days: 'shown',
    owners: 'shown',
    cursor: 'shown',
    region: 'shown',
  },
  async read({ snapshot_ids, volume_id, state, tags, older_than_days, owners, cursor }, { ec2, caller }) {
    const place = placeOf(cursor);
    const asked = {
      argument: 'snapshot_ids',
      ids: snapshot_ids,
      filters: filtersOf({ 'volume-id': volume_id, status: state }, tags),
      owners,
      named: ec2.snapshotsById,
      page: (query: Query) => ec2.snapshots({ ...query, owners: owners ?? ['self'] }),
    };
    const { token, ...page } = await agedPage(
      older_than_days,
      ({ start_time }: Snapshot) => start_time,
      place.token,
      (token) => byIdsOrFilters(asked, token),
    );
    const { items, ...rest } = pageOf(
      token === place.token ? place : { token, skip: 0 },
      page.items.map((snapshot) => ({ ...snapshot })),
      page.cursor,
    );
    return { region: caller.region, snapshots: items, ...rest };
  },
});
