import { z } from 'zod';
import { defineReadTool } from '../define.ts';
import { Cursor, FilterValue, InstanceIds, Region } from '../fields.ts';
import { PAGE_ITEMS, pageOf, placeOf } from '../page.ts';
import { filtersOf, refuseBoth } from './instances/filters.ts';

/** https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeInstances.html, `Filters` */
const FILTERS = {
  state: 'instance-state-name',
  instance_type: 'instance-type',
  availability_zone: 'availability-zone',
  vpc_id: 'vpc-id',
  subnet_id: 'subnet-id',
  stack_name: 'tag:aws:cloudformation:stack-name',
} as const;

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
    tags: z.record(FilterValue, FilterValue).optional(),
    cursor: Cursor.optional(),
    region: Region.optional(),
  }),
  async read({ instance_ids, cursor, tags, ...given }, { ec2, caller }) {
    const filters = [
      ...filtersOf(FILTERS, given),
      ...Object.entries(tags ?? {}).map(([key, value]) => ({ name: `tag:${key}`, values: [value] })),
    ];
    refuseBoth(instance_ids, filters);
    const place = placeOf(cursor);
    const page = instance_ids
      ? { items: await ec2.instancesById(instance_ids) }
      : await ec2.instances({
          filters,
          limit: PAGE_ITEMS,
          ...(place.token === undefined ? {} : { cursor: place.token }),
        });
    const next = 'cursor' in page ? page.cursor : undefined;
    const plain = page.items.map(
      ({ security_groups, block_devices, hardware, client_token: _token, more_interfaces: _more, ...instance }) => ({
        ...instance,
        ...(hardware.architecture === undefined ? {} : { architecture: hardware.architecture }),
        security_groups: security_groups.map((group) => ({ ...group })),
        block_devices: block_devices.map((device) => ({ ...device })),
      }),
    );
    const { items, ...rest } = pageOf(place, plain, next);
    return { region: caller.region, instances: items, ...rest };
  },
});
