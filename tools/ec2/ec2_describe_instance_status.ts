import { z } from 'zod';
import { defineReadTool } from '../define.ts';
import { Cursor, FilterValue, InstanceIds, Region } from '../fields.ts';
import { pageOf, placeOf } from '../page.ts';
import { byIdsOrFilters, filtersOf } from './asking.ts';

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
  log: {
    instance_ids: 'shown',
    state: 'shown',
    instance_status: 'shown',
    system_status: 'shown',
    event_code: 'shown',
    cursor: 'shown',
    region: 'shown',
  },
  async read({ instance_ids, cursor, ...given }, { ec2, caller }) {
    // https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeInstanceStatus.html, `Filters`
    const names = {
      'instance-state-name': given.state,
      'instance-status.status': given.instance_status,
      'system-status.status': given.system_status,
      'event.code': given.event_code,
    };
    const asked = {
      argument: 'instance_ids',
      ids: instance_ids,
      filters: filtersOf(names),
      named: ec2.statusesById,
      page: ec2.statuses,
    };
    const place = placeOf(cursor);
    const page = await byIdsOrFilters(asked, place.token);
    const { items, ...rest } = pageOf(place, page.items, page.cursor);
    return { region: caller.region, statuses: items, ...rest };
  },
});
