import { z } from 'zod';
import { defineReadTool } from '../define.ts';
import { Cursor, ec2Id, FilterValue, Region, uniqueList, VpcId } from '../fields.ts';
import { pageOf, placeOf } from '../page.ts';
import { byIdsOrFilters, filtersOf, TagFilter } from './asking.ts';

const SubnetId = ec2Id('subnet', 'a subnet', 'ec2_describe_subnets');

export default defineReadTool({
  name: 'ec2_describe_subnets',
  title: 'Describe subnets',
  description: 'Show subnets: VPC, zone, address range, free addresses and tags. By id, or by filters.',
  toolset: 'ec2',
  actions: ['ec2:DescribeSubnets'],
  input: z.strictObject({
    subnet_ids: uniqueList(SubnetId, 50).optional(),
    vpc_id: VpcId.optional(),
    availability_zone: FilterValue.optional(),
    tags: TagFilter,
    cursor: Cursor.optional(),
    region: Region.optional(),
  }),
  log: {
    subnet_ids: 'shown',
    vpc_id: 'shown',
    availability_zone: 'shown',
    tags: 'shown',
    cursor: 'shown',
    region: 'shown',
  },
  async read({ subnet_ids, vpc_id, availability_zone, tags, cursor }, { ec2, caller }) {
    const place = placeOf(cursor);
    const filters = filtersOf({ 'vpc-id': vpc_id, 'availability-zone': availability_zone }, tags);
    const asked = { argument: 'subnet_ids', ids: subnet_ids, filters, named: ec2.subnetsById, page: ec2.subnets };
    const page = await byIdsOrFilters(asked, place.token);
    const plain = page.items.map((subnet) => ({ ...subnet }));
    const { items, ...rest } = pageOf(place, plain, page.cursor);
    return { region: caller.region, subnets: items, ...rest };
  },
});
