import { z } from 'zod';
import { HoldshortError } from '../../src/kernel/errors.ts';
import { defineReadTool } from '../define.ts';
import { Cursor, FilterValue, InstanceIds, Region, uniqueList } from '../fields.ts';
import { PAGE_ITEMS, pageOf, placeOf } from '../page.ts';
import type { Filter } from '../ports/ec2-instances.ts';

const Values = uniqueList(FilterValue, 50).optional();

/** https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeInstances.html, `Filters` */
const FILTERS = {
  state: 'instance-state-name',
  instance_type: 'instance-type',
  availability_zone: 'availability-zone',
  vpc_id: 'vpc-id',
  subnet_id: 'subnet-id',
  stack_name: 'tag:aws:cloudformation:stack-name',
} as const;

const Filters = z.strictObject({
  state: Values,
  instance_type: Values,
  availability_zone: Values,
  vpc_id: Values,
  subnet_id: Values,
  stack_name: Values,
  tags: z.record(FilterValue, FilterValue).optional(),
});

export default defineReadTool({
  name: 'ec2_describe_instances',
  title: 'Describe instances',
  description: 'Show EC2 instances: state, type, addresses, volumes, security groups and tags. By id, or by filters.',
  toolset: 'ec2',
  actions: ['ec2:DescribeInstances'],
  input: z.strictObject({
    instance_ids: InstanceIds.optional(),
    filters: Filters.optional().describe('All must match; of several values any may'),
    cursor: Cursor.optional(),
    region: Region.optional(),
  }),
  async read({ instance_ids, filters, cursor }, { ec2, caller }) {
    if (instance_ids && filters) {
      throw new HoldshortError('invalid_input', 'instance_ids and filters are both given', 'give one of them');
    }
    const place = placeOf(cursor);
    const page = instance_ids
      ? { items: await ec2.instancesById(instance_ids) }
      : await ec2.instances({
          filters: filtersOf(filters ?? {}),
          limit: PAGE_ITEMS,
          ...(place.token === undefined ? {} : { cursor: place.token }),
        });
    const next = 'cursor' in page ? page.cursor : undefined;
    const plain = page.items.map(({ security_groups, block_devices, hardware, client_token: _token, ...instance }) => ({
      ...instance,
      ...(hardware.architecture === undefined ? {} : { architecture: hardware.architecture }),
      security_groups: security_groups.map((group) => ({ ...group })),
      block_devices: block_devices.map((device) => ({ ...device })),
    }));
    const { items, ...rest } = pageOf(place, plain, next);
    return { region: caller.region, instances: items, ...rest };
  },
});

function filtersOf({ tags, ...named }: z.output<typeof Filters>): Filter[] {
  const byTag = Object.entries(tags ?? {}).map(([key, value]) => ({ name: `tag:${key}`, values: [value] }));
  const byName = Object.entries(named).flatMap(([name, values]) =>
    values ? [{ name: FILTERS[name as keyof typeof FILTERS], values }] : [],
  );
  return [...byName, ...byTag];
}
