import { z } from 'zod';
import { defineReadTool } from '../define.ts';
import { Cursor, FilterValue, InstanceIds, Region } from '../fields.ts';
import { PAGE_ITEMS, pageOf, placeOf } from '../page.ts';
import { filtersOf, refuseBoth } from './instances/filters.ts';

/** https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeInstanceStatus.html, `Filters` */
const FILTERS = {
  state: 'instance-state-name',
  instance_status: 'instance-status.status',
  system_status: 'system-status.status',
  event_code: 'event.code',
} as const;

export default defineReadTool({
  name: 'ec2_describe_instance_status',
  title: 'Describe instance status',
  description:
    'Show whether instances are healthy: state, status checks (ok, impaired, …), and events that AWS has scheduled.',
  toolset: 'ec2',
  actions: ['ec2:DescribeInstanceStatus'],
  input: z.strictObject({
    instance_ids: InstanceIds.optional(),
    state: FilterValue.optional(),
    instance_status: FilterValue.optional(),
    system_status: FilterValue.optional(),
    event_code: FilterValue.optional(),
    cursor: Cursor.optional(),
    region: Region.optional(),
  }),
  async read({ instance_ids, cursor, ...given }, { ec2, caller }) {
    const filters = filtersOf(FILTERS, given);
    refuseBoth(instance_ids, filters);
    const place = placeOf(cursor);
    const page = await ec2.statuses({
      ...(instance_ids ? { ids: instance_ids } : {}),
      filters,
      limit: PAGE_ITEMS,
      ...(place.token === undefined ? {} : { cursor: place.token }),
    });
    const { items, ...rest } = pageOf(place, page.items, page.cursor);
    return { region: caller.region, statuses: items, ...rest };
  },
});
