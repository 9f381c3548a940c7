import { z } from 'zod';
import { defineReadTool } from '../define.ts';
import { Cursor, Region, uniqueList, VpcId } from '../fields.ts';
import { pageOf, placeOf } from '../page.ts';
import { byIdsOrFilters, filtersFor, TagValues } from './network/filters.ts';

export default defineReadTool({
  name: 'ec2_describe_vpcs',
  title: 'Describe VPCs',
  description: 'Show VPCs: address ranges, whether one is the default, and tags. By id, or by tags.',
  toolset: 'ec2',
  actions: ['ec2:DescribeVpcs'],
  input: z.strictObject({
    vpc_ids: uniqueList(VpcId, 50).optional(),
    tags: TagValues,
    cursor: Cursor.optional(),
    region: Region.optional(),
  }),
  async read({ vpc_ids, tags, cursor }, { ec2, caller }) {
    const place = placeOf(cursor);
    const page = await byIdsOrFilters(vpc_ids, filtersFor({}, tags), place.token, {
      ids: ec2.vpcsById,
      page: ec2.vpcs,
    });
    const plain = page.items.map((vpc) => ({ ...vpc }));
    const { items, ...rest } = pageOf(place, plain, page.cursor);
    return { region: caller.region, vpcs: items, ...rest };
  },
});
