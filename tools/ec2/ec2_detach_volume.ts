import { z } from 'zod';
import type { Impact } from '../../src/kernel/plan.ts';
import { type Caller, defineChangeTool, type Readers } from '../define.ts';
import { InstanceId, Reason, Region, VolumeId } from '../fields.ts';
import type { Instance } from '../ports/ec2-instances.ts';
import type { Volume, VolumeAttachment } from '../ports/ec2-storage.ts';
import { wrongState } from '../refusing.ts';
import { placeOf } from '../session/permits.ts';
import { instanceArn, instanceTarget } from './instances/target.ts';
import { onThings } from './permits.ts';
import { theVolume, volumeGuard } from './storage/guard.ts';
import { attachmentText, driftOf, listText, volumeArn, volumeTarget, volumeText } from './storage/target.ts';
import { attachingInstance, attachingInstanceGuard } from './storage/volume-instance.ts';
import { AttachedAt, attachAgain, detachedLost } from './undo/disks-back.ts';
import { undoOf } from './undo/way-back.ts';

export default defineChangeTool({
  name: 'ec2_detach_volume',
  title: 'Detach a volume',
  description: 'Propose detaching an EBS volume from its instance; unmount it there first. May need approval (ticket).',
  toolset: 'ec2',
  action: 'ec2:DetachVolume',
  reads: ['ec2:DescribeVolumes', 'ec2:DescribeInstances'],
  effects: ['disrupt'],
  refusals: {
    not_found: 'there is no such volume, or its instance is gone',
    wrong_state:
      'the volume is not attached, is attached to another instance than the one named, to several or to none of ours, or is the root volume of an instance that is not stopped',
  },
  input: z.strictObject({
    volume_id: VolumeId,
    instance_id: InstanceId.optional().describe('Only from this one'),
    region: Region.optional(),
    reason: Reason,
  }),
  log: { volume_id: 'shown', instance_id: 'shown', region: 'shown', reason: 'shown' },

  stored: z.strictObject({ volume_id: z.string(), instance_id: z.string().exactOptional() }),
  guard: z.looseObject({ attached: AttachedAt }),
  record: ({ volume_id, instance_id }) => ({ volume_id, ...(instance_id === undefined ? {} : { instance_id }) }),

  async plan({ volume_id, instance_id }, readers) {
    const volume = await theVolume(volume_id, readers);
    const attachment = theAttachment(volume, instance_id);
    const instance = await attachingInstance(attachment.instance_id, readers);
    const root = await isRoot(attachment, instance, readers);
    if (root && instance.state !== 'stopped') {
      throw wrongState(
        `${volume_id} is the root volume of ${instance.instance_id}, which is ${instance.state}`,
        'stop the instance first with ec2_stop_instances, if it may stand still',
      );
    }
    const impact = linesOf({ volume, attachment, instance, root }, readers.caller);
    const attached = { volume_id, instance_id: instance.instance_id, device: attachment.device };
    return {
      summary: `detach ${volumeText(volume)} from ${attachmentText(attachment)}${root ? ', its root volume' : ''}`,
      targets: [volumeTarget(volume, readers.caller), instanceTarget(instance, readers.caller)],
      impact,
      ...undoOf(impact, { calls: attachAgain(attached), lost: detachedLost(volume_id, attachment, instance) }),
      guard: {
        [volume_id]: volumeGuard(volume),
        [instance.instance_id]: attachingInstanceGuard(instance),
        root_volume: root,
        attached,
      },
    };
  },

  async keep({ arguments: { volume_id }, guard }, { ec2 }) {
    return { calls: attachAgain(guard.attached), as_it_was: await ec2.volumes([volume_id]) };
  },

  permits(plan) {
    const instances = plan.targets.filter(({ type }) => type === 'AWS::EC2::Instance').map(({ name }) => name);
    return onThings('ec2:DetachVolume', [plan.arguments.volume_id, ...instances], placeOf(plan));
  },

  async execute({ arguments: { volume_id }, targets }, { ec2 }) {
    // The instance that people saw: without it AWS would take the volume from whichever has it by then.
    const instance = targets.find(({ type }) => type === 'AWS::EC2::Instance');
    await ec2.detachVolume({ volume_id, instance_id: instance?.name ?? '' });
  },

  async observe({ arguments: { volume_id } }, { ec2, caller }) {
    const resource = volumeArn(volume_id, caller);
    const [volume] = await ec2.everyVolume([{ name: 'volume-id', values: [volume_id] }]);
    const unknown = (detail: string) =>
      ({ state: 'unknown', evidence: 'state', detail, resources: [{ resource, outcome: 'unknown', detail }] }) as const;
    if (!volume) return unknown('the volume is no longer listed: whether it was detached before can not be told');
    const [attachment] = volume.attachments;
    if (!attachment) {
      const resources = [{ resource, outcome: 'succeeded' as const, detail: 'detached' }];
      return { state: 'succeeded', evidence: 'state', detail: `detached, ${volume.state}`, resources };
    }
    if (attachment.state === 'detaching')
      return { state: 'pending', detail: `it is being detached from ${attachmentText(attachment)}` };
    // https://docs.aws.amazon.com/ebs/latest/userguide/ebs-detaching-volume.html
    if (attachment.state === 'busy')
      return unknown(`AWS has the request, but ${attachment.instance_id} still uses the volume: unmount it there`);
    return unknown(`no trace that the request arrived: it is ${attachment.state} to ${attachmentText(attachment)}`);
  },
});

function theAttachment({ volume_id, state, attachments }: Volume, from: string | undefined): VolumeAttachment {
  const [attachment, second] = attachments;
  if (!attachment)
    throw wrongState(`${volume_id} is ${state}, attached to nothing`, 'it is free already: go on without this call');
  if (second) {
    throw wrongState(
      `${volume_id} is attached to ${listText(attachments.map(attachmentText))}`,
      'a volume with several instances is not detached here; ask a person',
    );
  }
  if (attachment.instance_id === '')
    throw wrongState(`${volume_id} is attached to ${attachmentText(attachment)}`, 'what attached it must detach it');
  if (from !== undefined && attachment.instance_id !== from) {
    throw wrongState(
      `${volume_id} is attached to ${attachmentText(attachment)}, not to ${from}`,
      'leave it there, or name that one',
    );
  }
  if (attachment.state !== 'attached') {
    throw wrongState(
      `${volume_id} is ${attachment.state} at ${attachmentText(attachment)}`,
      'wait; if it stays busy, unmount it in the instance',
    );
  }
  return attachment;
}

/**
 * Where AWS doesn't say which device is the root, the usual names count:
 * https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/device_naming.html
 */
async function isRoot({ device }: VolumeAttachment, { instance_id }: Instance, { ec2 }: Readers): Promise<boolean> {
  const root = await ec2.rootDeviceOf(instance_id);
  return root === undefined ? /^(\/dev\/)?(sda1?|xvda)$/.test(device) : root === device;
}

interface Detaching {
  readonly volume: Volume;
  readonly attachment: VolumeAttachment;
  readonly instance: Instance;
  readonly root: boolean;
}

function linesOf({ volume, attachment, instance, root }: Detaching, caller: Caller): Impact[] {
  const cut =
    instance.state === 'stopped'
      ? ''
      : ': what is mounted from it is cut off, and what was not written yet is lost unless it is unmounted first';
  const { instance_id, instance_type, state } = instance;
  return [
    {
      resource: volumeArn(volume.volume_id, caller),
      type: 'AWS::EC2::Volume',
      effect: 'disrupt',
      detail: `${volumeText(volume)} is taken from ${attachmentText(attachment)}${cut}; the volume stays${driftOf(volume.tags)}`,
      recoverable: true,
    },
    {
      resource: instanceArn(instance_id, caller),
      type: 'AWS::EC2::Instance',
      effect: 'disrupt',
      detail: `${instance_type}, ${state}: loses ${attachment.device}${root ? ', its root, and can not start without it' : ''}${driftOf(instance.tags)}`,
      recoverable: true,
    },
  ];
}
