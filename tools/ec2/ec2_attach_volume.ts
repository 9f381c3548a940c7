import { z } from 'zod';
import type { Impact } from '../../src/kernel/plan.ts';
import { type Caller, defineChangeTool } from '../define.ts';
import { InstanceId, Reason, Region, VolumeId } from '../fields.ts';
import type { Instance } from '../ports/ec2-instances.ts';
import type { Volume } from '../ports/ec2-storage.ts';
import { inUse, wrongState } from '../refusing.ts';
import { placeOf } from '../session/permits.ts';
import { instanceArn, instanceTarget } from './instances/target.ts';
import { keysOfDisks, onThings } from './permits.ts';
import { Device } from './storage/device.ts';
import { theVolume, volumeGuard, waitOr } from './storage/guard.ts';
import { datesFrom } from './storage/observe.ts';
import {
  areOfOneStack,
  attachmentText,
  driftOf,
  listText,
  stackOf,
  volumeArn,
  volumeTarget,
  volumeText,
} from './storage/target.ts';
import { attachingInstance, attachingInstanceGuard } from './storage/volume-instance.ts';
import { detachAgain } from './undo/disks-back.ts';
import { undoOf } from './undo/way-back.ts';

export default defineChangeTool({
  name: 'ec2_attach_volume',
  title: 'Attach a volume',
  description: 'Attach an available EBS volume to an instance in the same zone. May need approval (ticket).',
  toolset: 'ec2',
  action: 'ec2:AttachVolume',
  reads: ['ec2:DescribeVolumes', 'ec2:DescribeInstances'],
  effects: ['expose', 'modify'],
  refusals: {
    not_found: 'the volume or the instance does not exist',
    in_use: 'the volume is attached already, or the device name is taken',
    wrong_state:
      'the volume is not available, the instance neither running nor stopped, or they are in different zones',
  },
  input: z.strictObject({
    volume_id: VolumeId,
    instance_id: InstanceId,
    device: Device,
    region: Region.optional(),
    reason: Reason,
  }),
  log: { volume_id: 'shown', instance_id: 'shown', device: 'shown', region: 'shown', reason: 'shown' },

  stored: z.strictObject({ volume_id: z.string(), instance_id: z.string(), device: z.string() }),

  async plan({ volume_id, instance_id, device }, readers) {
    const volume = await theVolume(volume_id, readers);
    refuseVolume(volume);
    const instance = await attachingInstance(instance_id, readers);
    refuseInstance(instance, volume, device);
    const impact = linesOf(volume, instance, device, readers.caller);
    return {
      summary: `attach ${volumeText(volume)} to ${instance_id} as ${device}`,
      targets: [volumeTarget(volume, readers.caller), instanceTarget(instance, readers.caller)],
      impact,
      ...undoOf(impact, { calls: detachAgain(volume_id, instance_id), lost: [] }),
      guard: { [volume_id]: volumeGuard(volume), [instance_id]: attachingInstanceGuard(instance) },
    };
  },

  async keep({ arguments: { volume_id, instance_id } }, { ec2 }) {
    return { calls: detachAgain(volume_id, instance_id), as_it_was: await ec2.volumes([volume_id]) };
  },

  permits(plan) {
    const { volume_id, instance_id } = plan.arguments;
    const place = placeOf(plan);
    const { permissions } = onThings('ec2:AttachVolume', [volume_id, instance_id], place);
    return { permissions: [...permissions, ...keysOfDisks(place)] };
  },

  async execute({ arguments: { volume_id, instance_id, device } }, { ec2 }) {
    await ec2.attachVolume({ volume_id, instance_id, device });
  },

  async observe({ arguments: { volume_id, instance_id, device } }, { ec2, caller }, attempt) {
    const resource = volumeArn(volume_id, caller);
    const [volume] = await ec2.everyVolume([{ name: 'volume-id', values: [volume_id] }]);
    const attachment = volume?.attachments.find((one) => one.instance_id === instance_id && one.device === device);
    if (!attachment) {
      const elsewhere = volume?.attachments.length
        ? `attached to ${listText(volume.attachments.map(attachmentText))}`
        : '';
      const detail = elsewhere || volume?.state || 'no longer listed';
      return {
        state: 'unknown',
        evidence: 'state',
        detail: `no trace that the request arrived: the volume is ${detail}`,
        resources: [{ resource, outcome: 'unknown', detail }],
      };
    }
    const since = attachment.attach_time ? ` since ${attachment.attach_time}` : '';
    const detail = `${attachment.state} to ${attachmentText(attachment)}${since}`;
    if (!datesFrom(attachment.attach_time, attempt)) {
      const other = `${detail}, which is not the time of this request`;
      const resources = [{ resource, outcome: 'unknown' as const, detail: other }];
      return { state: 'unknown', evidence: 'state', detail: other, resources };
    }
    if (attachment.state === 'attaching') return { state: 'pending', detail };
    const state = attachment.state === 'attached' ? 'succeeded' : 'unknown';
    return { state, evidence: 'state', detail, resources: [{ resource, outcome: state, detail }] };
  },
});

function refuseVolume({ volume_id, state, attachments }: Volume): void {
  if (attachments.length > 0) {
    // Multi-Attach isn't offered: ordinary file systems are destroyed by it.
    throw inUse(
      `${volume_id} is attached to ${listText(attachments.map(attachmentText))}`,
      'detach it first with ec2_detach_volume, if it is not needed there',
    );
  }
  if (state !== 'available')
    throw wrongState(`${volume_id} is ${state}, not available`, waitOr(state, 'available', 'name another volume'));
}

function refuseInstance(instance: Instance, volume: Volume, device: string): void {
  const { instance_id, state, availability_zone = 'unknown' } = instance;
  if (state !== 'running' && state !== 'stopped')
    throw wrongState(`${instance_id} is ${state}`, 'attach to a running or stopped instance');
  if (availability_zone !== volume.availability_zone) {
    throw wrongState(
      `${volume.volume_id} is in ${volume.availability_zone}, ${instance_id} in ${availability_zone}`,
      'take a snapshot of the volume (ec2_create_snapshot) and make a volume of it in the zone of the instance',
    );
  }
  const taken = instance.block_devices.find((one) => bare(one.device_name) === bare(device));
  if (taken)
    throw inUse(`${device} of ${instance_id} is ${taken.volume_id}`, 'give another device name, like /dev/sdg');
}

function bare(device: string): string {
  return device.replace(/^\/dev\//, '');
}

/**
 * What is on a volume, of whatever origin, is the instance's from then on. Only of one stack are they known to belong
 * together; a template says the same of what it doesn't make itself.
 */
function linesOf(volume: Volume, instance: Instance, device: string, caller: Caller): Impact[] {
  const [own, others] = [stackOf(volume.tags), stackOf(instance.tags)];
  const together = areOfOneStack(volume.tags, instance.tags);
  const named = others === own ? 'what may be another one of that name' : `stack ${others}`;
  const foreign =
    own !== undefined && !together
      ? `; the volume is of stack ${own}, the instance of ${others === undefined ? 'none' : named}`
      : '';
  return [
    {
      resource: volumeArn(volume.volume_id, caller),
      type: 'AWS::EC2::Volume',
      effect: together ? 'modify' : 'expose',
      detail: `${volumeText(volume)} becomes ${device} of ${instance.instance_id}, which can then read and write all of it${foreign}${driftOf(volume.tags)}`,
      recoverable: true,
    },
    {
      resource: instanceArn(instance.instance_id, caller),
      type: 'AWS::EC2::Instance',
      effect: 'modify',
      detail: `${instance.instance_type}, ${instance.state}: has one more disk${driftOf(instance.tags)}`,
      recoverable: true,
    },
  ];
}
