import { z } from 'zod';
import { defineReadTool } from '../define.ts';
import { Cursor, FilterValue, ImageIds, Region, ruled } from '../fields.ts';
import { pageOf, placeOf } from '../page.ts';
import type { Query } from '../ports/ec2-query.ts';
import { byIdsOrFilters, filtersOf, Owners, TagFilter } from './asking.ts';

/** The one place where `*` is of use: published images have a date in their names. */
const NamePattern = ruled((value) => (value === '' ? 'is empty; leave it out or give a name' : undefined), 128);

export default defineReadTool({
  name: 'ec2_describe_images',
  title: 'Describe images',
  description:
    'Show machine images (AMIs): name, state, owner, age, snapshots and tags. By id, or by filters; with owners amazon give a name.',
  toolset: 'ec2',
  actions: ['ec2:DescribeImages'],
  input: z.strictObject({
    image_ids: ImageIds.optional(),
    name: NamePattern.optional().describe('* stands for any text'),
    state: FilterValue.optional(),
    tags: TagFilter,
    owners: Owners.optional().describe('self (default), amazon, account ids'),
    cursor: Cursor.optional(),
    region: Region.optional(),
  }),
  log: {
    image_ids: 'shown',
    name: 'shown',
    state: 'shown',
    tags: 'shown',
    owners: 'shown',
    cursor: 'shown',
    region: 'shown',
  },
  async read({ image_ids, name, state, tags, owners, cursor }, { ec2, caller }) {
    const place = placeOf(cursor);
    const asked = {
      argument: 'image_ids',
      ids: image_ids,
      filters: filtersOf({ name, state }, tags),
      owners,
      named: ec2.imagesById,
      page: (query: Query) => ec2.images({ ...query, owners: owners ?? ['self'] }),
    };
    const page = await byIdsOrFilters(asked, place.token);
    const plain = page.items.map(({ snapshot_ids, ...image }) => ({ ...image, snapshot_ids: [...snapshot_ids] }));
    const { items, ...rest } = pageOf(place, plain, page.cursor);
    return { region: caller.region, images: items, ...rest };
  },
});
