import type { Json } from '../../../src/kernel/digest.ts';
import type { Readers } from '../../define.ts';
import type { Instance } from '../../ports/ec2-instances.ts';
import { theOne } from '../asking.ts';

/** The instance that a volume is, or is to be, attached to. @throws not_found */
export async function attachingInstance(id: string, { ec2 }: Readers): Promise<Instance> {
  return theOne(await ec2.instancesById([id]), id);
}

/** What a plan about its disks rests on. */
export function attachingInstanceGuard({ state, launch_time, block_devices, tags }: Instance): Json {
  return {
    state,
    launch_time: launch_time ?? null,
    block_devices: block_devices.map(({ device_name, volume_id }) => `${device_name} ${volume_id}`).sort(),
    tags: { ...tags },
  };
}
