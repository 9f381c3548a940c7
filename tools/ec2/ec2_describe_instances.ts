import { z } from 'zod';
import { defineReadTool } from '../define.ts';
import { Cursor, FilterValue, InstanceIds, Region } from '../fields.ts';
import { pageOf, placeOf } from '../page.ts';
import { byIdsOrFilters, filtersOf, TagFilter } from './asking.ts';

export default defineReadTool({
  name: 'ec2_describe_instances',
  title: 'Describe instances',
  description: 'Show EC2 instances: state, type, addresses, volumes, security groups and tags. By id, or by filters.',
  toolset: 'ec2',
  actions: ['ec2:DescribeInstances'],
  input: z.strictObject({
    instance_ids: InstanceIds.optional(),
    state: FilterValue.optional(),
    instance_type: FilterValue.optional(),
    availability_zone: FilterValue.optional(),
    vpc_id: FilterValue.optional(),
    subnet_id: FilterValue.optional(),
    stack_name: FilterValue.optional(),
    tags: TagFilter,
    cursor: Cursor.optional(),
    region: Region.optional(),
  }),
  log: {
    instance_ids: 'shown',
    state: 'shown',
    instance_type: 'shown',
    availability_zone: 'shown',
    vpc_id: 'shown',
    subnet_id: 'shown',
    stack_name: 'shown',
    tags: 'shown',
    cursor: 'shown',
    region: 'shown',
  },
  async read({ instance_ids, cursor, tags, ...given }, { ec2, caller }) {
    // https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeInstances.html, `Filters`
    const names = {
      'instance-state-name': given.state,
      'instance-type': given.instance_type,
      'availability-zone': given.availability_zone,
      'vpc-id': given.vpc_id,
      'subnet-id': given.subnet_id,
      'tag:aws:cloudformation:stack-name': given.stack_name,
    };
    const asked = {
      argument: 'instance_ids',
      ids: instance_ids,
      filters: filtersOf(names, tags),
      named: ec2.instancesById,
      page: ec2.instances,
    };
    const place = placeOf(cursor);
    const page = await byIdsOrFilters(asked, place.token);
    const plain = page.items.map(
      ({ security_groups, block_devices, hardware, client_token: _token, more_interfaces: _more, ...instance }) => ({
        ...instance,
        ...(hardware.architecture === undefined ? {} : { architecture: hardware.architecture }),
        security_groups: security_groups.map((group) => ({ ...group })),
        block_devices: block_devices.map((device) => ({ ...device })),
      }),
    );
    const { items, ...rest } = pageOf(place, plain, page.cursor);
    return { region: caller.region, instances: items, ...rest };
  },
});
