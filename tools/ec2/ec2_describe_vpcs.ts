import { z } from 'zod';
import { defineReadTool } from '../define.ts';
import { Cursor, Region, uniqueList, VpcId } from '../fields.ts';
import { pageOf, placeOf } from '../page.ts';
import { byIdsOrFilters, filtersOf, TagFilter } from './asking.ts';

export default defineReadTool({
  name: 'ec2_describe_vpcs',
  title: 'Describe VPCs',
  description: 'Show VPCs: address ranges, whether one is the default, and tags. By id, or by tags.',
  toolset: 'ec2',
  actions: ['ec2:DescribeVpcs'],
  input: z.strictObject({
    vpc_ids: uniqueList(VpcId, 50).optional(),
    tags: TagFilter,
    cursor: Cursor.optional(),
    region: Region.optional(),
  }),
  log: { vpc_ids: 'shown', tags: 'shown', cursor: 'shown', region: 'shown' },
  async read({ vpc_ids, tags, cursor }, { ec2, caller }) {
    const place = placeOf(cursor);
    const filters = filtersOf({}, tags);
    const asked = { argument: 'vpc_ids', ids: vpc_ids, filters, named: ec2.vpcsById, page: ec2.vpcs };
    const page = await byIdsOrFilters(asked, place.token);
    const plain = page.items.map((vpc) => ({ ...vpc }));
    const { items, ...rest } = pageOf(place, plain, page.cursor);
    return { region: caller.region, vpcs: items, ...rest };
  },
});
