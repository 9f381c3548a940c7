import type { Guard } from '../../src/kernel/plan.ts';
import type { Readers } from '../define.ts';
import type { Instance } from '../ports/ec2-instances.ts';

type Protection = Awaited<ReturnType<Readers['ec2']['protection']>>;

/** An instance with what keeps it from being stopped or terminated. */
export interface Examined {
  readonly instance: Instance;
  readonly protection: Protection;
}

/**
 * All the named instances, in the order of their ids. Throws `not_found`.
 * @param refuse looks at an instance before its attributes are asked for, which EC2 doesn't give in every state
 */
export async function examine(
  ids: readonly string[],
  { ec2 }: Readers,
  refuse: (instance: Instance) => void,
): Promise<readonly Examined[]> {
  const instances = await ec2.instancesById([...ids].sort());
  for (const instance of instances) refuse(instance);
  const examined: Examined[] = [];
  // One after the other: fifty at once would run into EC2's request limits.
  for (const instance of instances) examined.push({ instance, protection: await ec2.protection(instance.instance_id) });
  return examined;
}

/** What a plan about instances rests on: state, last launch, protection, attachments and tags of each. */
export function guardOf(examined: readonly Examined[]): Guard {
  return Object.fromEntries(
    examined.map(({ instance, protection }) => [
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
        tags: { ...instance.tags },
      },
    ]),
  );
}
