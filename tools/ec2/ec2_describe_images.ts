import { z } from 'zod';
import { defineReadTool } from '../define.ts';
import { Cursor, FilterValue, ImageIds, Region, ruled } from '../fields.ts';
import { PAGE_ITEMS, pageOf, placeOf } from '../page.ts';
import { filtersOf, Owners, refuseBoth, TagFilter } from './storage/filters.ts';

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
  async read({ image_ids, name, state, tags, owners, cursor }, { ec2, caller }) {
    const filters = filtersOf({ name, state }, tags);
    refuseBoth(image_ids, { filters, owners }, 'image_ids');
    const place = placeOf(cursor);
    const from = place.token === undefined ? {} : { cursor: place.token };
    const page = image_ids
      ? { items: await ec2.imagesById(image_ids) }
      : await ec2.images({ filters, owners: owners ?? ['self'], limit: PAGE_ITEMS, ...from });
    const plain = page.items.map(({ snapshot_ids, ...image }) => ({ ...image, snapshot_ids: [...snapshot_ids] }));
    const { items, ...rest } = pageOf(place, plain, 'cursor' in page ? page.cursor : undefined);
    return { region: caller.region, images: items, ...rest };
  },
});
