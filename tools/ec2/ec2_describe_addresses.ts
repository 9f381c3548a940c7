import { z } from 'zod';
import { defineReadTool } from '../define.ts';
import { AllocationId, Cursor, ec2Id, FilterValue, Region, uniqueList } from '../fields.ts';
import { pageOf, placeOf } from '../page.ts';
import { byIdsOrFilters, filtersFor, TagValues } from './network/filters.ts';

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
    tags: TagValues,
    cursor: Cursor.optional(),
    region: Region.optional(),
  }),
  async read({ allocation_ids, public_ip, instance_id, tags, cursor }, { ec2, caller }) {
    const place = placeOf(cursor);
    const filters = filtersFor({ 'public-ip': public_ip, 'instance-id': instance_id }, tags);
    const page = await byIdsOrFilters(allocation_ids, filters, place.token, {
      ids: ec2.addressesById,
      page: async (asked) => ({ items: await ec2.addresses(asked.filters) }),
    });
    const plain = page.items.map((address) => ({ ...address }));
    const { items, ...rest } = pageOf(place, plain, undefined);
    return { region: caller.region, addresses: items, ...rest };
  },
});
