import { z } from 'zod';
import { HoldshortError } from '../../../src/kernel/errors.ts';
import type { Readers } from '../../define.ts';
import type { ElasticIp, Instance, InstanceTypeFacts, SpotRequest } from '../../ports/ec2-instances.ts';

type Protection = Awaited<ReturnType<Readers['ec2']['protection']>>;

/** The IAM actions that `examine` uses. */
export const EXAMINE_READS = [
  'ec2:DescribeInstances',
  'ec2:DescribeInstanceAttribute',
  'ec2:DescribeInstanceTypes',
  'ec2:DescribeAddresses',
  'ec2:DescribeSpotInstanceRequests',
] as const;

/** An instance with what keeps it from being stopped or terminated, and what hangs on it. */
export interface Examined {
  readonly instance: Instance;
  readonly protection: Protection;
  /** Absent where AWS doesn't know the type any more. */
  readonly type?: InstanceTypeFacts;
  readonly elastic_ips: readonly ElasticIp[];
  readonly spot?: SpotRequest;
}

/**
 * All the named instances, in the order of their ids.
 * @throws not_found
 * @param refuse looks at an instance before its attributes are asked for, which EC2 doesn't give in every state
 */
export async function examine(
  ids: readonly string[],
  readers: Readers,
  refuse: (instance: Instance) => void,
): Promise<readonly Examined[]> {
  return await examineThese(await instancesFor(ids, readers, refuse), readers);
}

/** The first half of it: what else is asked about these instances can be asked beside the second. */
export async function instancesFor(
  ids: readonly string[],
  { ec2 }: Readers,
  refuse: (instance: Instance) => void,
): Promise<readonly Instance[]> {
  const instances = await ec2.instancesById([...ids].sort());
  for (const instance of instances) refuse(instance);
  return instances;
}

export async function examineThese(instances: readonly Instance[], { ec2 }: Readers): Promise<readonly Examined[]> {
  const spotIds = instances.flatMap(({ spot_request_id }) => spot_request_id ?? []);
  const [types, addresses, requests, protections] = await Promise.all([
    ec2.instanceTypes(instances.map(({ instance_type }) => instance_type)),
    ec2.elasticIpsOf(instances.map(({ instance_id }) => instance_id)),
    ec2.spotRequests(spotIds),
    protectionsOf(instances, ec2),
  ]);
  return instances.map((instance, at) => {
    const { instance_id, instance_type, spot_request_id } = instance;
    const protection = protections[at];
    if (!protection)
      throw new HoldshortError('internal', `what protects ${instance_id} was not read`, 'report this as a bug');
    const type = types.find((one) => one.instance_type === instance_type);
    const spot = requests.find((one) => one.spot_request_id === spot_request_id);
    const elastic_ips = addresses.filter((address) => address.instance_id === instance_id);
    return { instance, protection, ...(type ? { type } : {}), elastic_ips, ...(spot ? { spot } : {}) };
  });
}

/** One after the other: fifty at once would run into EC2's request limits. */
async function protectionsOf(instances: readonly Instance[], ec2: Readers['ec2']): Promise<readonly Protection[]> {
  const found: Protection[] = [];
  for (const { instance_id } of instances) found.push(await ec2.protection(instance_id));
  return found;
}

export const InstanceGuard = z.strictObject({
  state: z.string(),
  instance_type: z.string(),
  launch_time: z.string().nullable(),
  disable_api_termination: z.boolean(),
  disable_api_stop: z.boolean(),
  block_devices: z.array(z.string()),
  more_interfaces: z.array(z.string()),
  public_ip_address: z.string().nullable(),
  elastic_ips: z.array(z.string()),
  spot_request: z.string().nullable(),
  tags: z.record(z.string(), z.string()),
});
export type InstanceGuard = z.output<typeof InstanceGuard>;

/** By the instances' ids. */
export const InstancesGuard = z.record(z.string(), InstanceGuard);
export type InstancesGuard = z.output<typeof InstancesGuard>;

/** What a plan about instances rests on: state, last launch, protection, attachments, addresses and tags of each. */
export function guardOf(examined: readonly Examined[]): InstancesGuard {
  return Object.fromEntries(
    examined.map(({ instance, protection, elastic_ips, spot }) => [
      instance.instance_id,
      {
        state: instance.state,
        instance_type: instance.instance_type,
        launch_time: instance.launch_time ?? null,
        ...protection,
        block_devices: instance.block_devices
          .map(
            (device) =>
              `${device.device_name} ${device.volume_id} ${device.delete_on_termination ? 'deleted' : 'kept'}`,
          )
          .sort(),
        more_interfaces: instance.more_interfaces
          .map(({ id, delete_on_termination }) => `${id} ${delete_on_termination ? 'deleted' : 'kept'}`)
          .sort(),
        public_ip_address: instance.public_ip_address ?? null,
        elastic_ips: elastic_ips.map(({ allocation_id, public_ip }) => `${allocation_id} ${public_ip}`),
        spot_request: spot ? `${spot.spot_request_id} ${spot.type} ${spot.state}` : null,
        tags: { ...instance.tags },
      },
    ]),
  );
}
