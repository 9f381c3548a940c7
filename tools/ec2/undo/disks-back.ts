import { z } from 'zod';
import type { KitCall } from '../../../src/kernel/kit.ts';
import type { Lost } from '../../../src/kernel/undo.ts';
import type { Instance } from '../../ports/ec2-instances.ts';
import type { VolumeAttachment } from '../../ports/ec2-storage.ts';
import { Device } from '../storage/device.ts';

/** Where a volume is, in a guard. */
export const AttachedAt = z.strictObject({ volume_id: z.string(), instance_id: z.string(), device: z.string() });

/** At the same place of the same instance. A name of a device that no call takes has no way back. */
export function attachAgain(at: z.output<typeof AttachedAt>): readonly KitCall[] {
  return Device.safeParse(at.device).success ? [{ tool: 'ec2_attach_volume', arguments: { ...at } }] : [];
}

/** From that instance alone: by then the volume may be another's. */
export function detachAgain(volume_id: string, instance_id: string): readonly KitCall[] {
  return [{ tool: 'ec2_detach_volume', arguments: { volume_id, instance_id } }];
}

/**
 * What a detachment ends that attaching it again doesn't bring back.
 * https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/preserving-volumes-on-termination.html
 */
export function detachedLost(
  volume_id: string,
  { delete_on_termination }: VolumeAttachment,
  { instance_id, state }: Pick<Instance, 'instance_id' | 'state'>,
): readonly Lost[] {
  const line = (why: string): Lost => ({ resource: volume_id, type: 'AWS::EC2::Volume', why });
  return [
    ...(state === 'stopped' ? [] : [line('what was not written to it yet, unless it is unmounted before')]),
    ...(delete_on_termination
      ? [line(`that it is deleted with ${instance_id}: attached again, it stays when that is terminated`)]
      : []),
  ];
}
