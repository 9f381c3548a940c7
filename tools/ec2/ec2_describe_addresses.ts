import { z } from 'zod';
import { defineReadTool } from '../define.ts';
import { AllocationId, Cursor, ec2Id, FilterValue, Region, uniqueList } from '../fields.ts';
import { pageOf, placeOf } from '../page.ts';
import type { Query } from '../ports/ec2-query.ts';
import { byIdsOrFilters, filtersOf, TagFilter } from './asking.ts';

export default defineReadTool({
  name: 'ec2_describe_addresses',
  title: 'Describe Elastic IP addresses',
  description: 'Show Elastic IP addresses, what each is associated with, and tags. By id, or by filters.',
  toolset: 'ec2',
  actions: ['ec2:DescribeAddresses'],
  input: z.strictObject({
    allocation_ids: uniqueList(AllocationId, 50).optional(),
    public_ip: FilterValue.optional(),
    instance_id: ec2Id('i', 'an instance', 'ec2_describe_instances').optional(),
    tags: TagFilter,
    cursor: Cursor.optional(),
    region: Region.optional(),
  }),
  log: {
    allocation_ids: 'shown',
    public_ip: 'shown',
    instance_id: 'shown',
    tags: 'shown',
    cursor: 'shown',
    region: 'shown',
  },
  async read({ allocation_ids, public_ip, instance_id, tags, cursor }, { ec2, caller }) {
    const place = placeOf(cursor);
    const asked = {
      argument: 'allocation_ids',
      ids: allocation_ids,
      filters: filtersOf({ 'public-ip': public_ip, 'instance-id': instance_id }, tags),
      named: ec2.addressesById,
      page: async ({ filters }: Query) => ({ items: await ec2.addresses(filters) }),
    };
    const page = await byIdsOrFilters(asked, place.token);
    const plain = page.items.map((address) => ({ ...address }));
    const { items, ...rest } = pageOf(place, plain, undefined);
    return { region: caller.region, addresses: items, ...rest };
  },
});
