import { z } from 'zod';
import type { Impact } from '../../src/kernel/plan.ts';
import { type Caller, defineChangeTool, type Readers } from '../define.ts';
import { CreationTags, InstanceId, Reason, Region, ruled } from '../fields.ts';
import type { Instance } from '../ports/ec2-instances.ts';
import { wrongState } from '../refusing.ts';
import { placeOf } from '../session/permits.ts';
import { instanceArn, instanceTarget, ownersOf } from './instances/target.ts';
import { ec2Arn } from './network/target.ts';
import { anyOf, taggingIn } from './permits.ts';
import { waitOr } from './storage/guard.ts';
import { observeMade } from './storage/observe.ts';
import { imageArn } from './storage/target.ts';
import { attachingInstance, attachingInstanceGuard } from './storage/volume-instance.ts';
import { madeBy, StoredTags, TAG_NOTE, tagsWithTicket } from './tags/ticket-tag.ts';

/** https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateImage.html, `Name` */
const ImageName = ruled((value) =>
  /^[A-Za-z0-9()[\] ./'@_-]{3,128}$/.test(value)
    ? undefined
    : "is not an image name (3 to 128 letters, digits, spaces and ( ) [ ] . / - ' @ _)",
);

export default defineChangeTool({
  name: 'ec2_create_image',
  title: 'Create an image',
  description: 'Make a machine image (AMI) of an instance; reboots it unless no_reboot. May need approval (ticket).',
  toolset: 'ec2',
  // With a tag in the request, ec2:CreateTags is needed too.
  action: 'ec2:CreateImage',
  reads: ['ec2:DescribeInstances', 'ec2:DescribeImages'],
  evidence: 'a tag with its token',
  effects: ['create', 'disrupt'],
  refusals: {
    not_found: 'there is no such instance',
    wrong_state: 'the instance is neither running nor stopped, its root is on an instance store, or the name is taken',
  },
  input: z.strictObject({
    instance_id: InstanceId,
    name: ImageName,
    no_reboot: z.boolean().default(false).describe('Files may be inconsistent'),
    tags: CreationTags.optional(),
    region: Region.optional(),
    reason: Reason,
  }),
  log: { instance_id: 'shown', name: 'shown', no_reboot: 'shown', tags: 'shown', region: 'shown', reason: 'shown' },

  stored: z.strictObject({
    instance_id: z.string(),
    name: z.string(),
    no_reboot: z.boolean(),
    tags: StoredTags.exactOptional(),
  }),
  record: ({ instance_id, name, no_reboot, tags }) => ({
    instance_id,
    name,
    no_reboot,
    ...(tags === undefined ? {} : { tags }),
  }),

  async plan({ instance_id, name, no_reboot }, readers) {
    const instance = await attachingInstance(instance_id, readers);
    refuseInstance(instance);
    await refuseTakenName(name, readers);
    const reboots = instance.state === 'running' && !no_reboot;
    return {
      summary: `make image "${name}" of ${instance_id}${reboots ? ', which reboots' : ''}`,
      targets: [instanceTarget(instance, readers.caller)],
      impact: [
        ...(reboots ? [rebootLine(instance, readers.caller)] : []),
        imageLine(instance, name, no_reboot),
        ...[...instance.block_devices].sort((a, b) => (a.device_name < b.device_name ? -1 : 1)).map(snapshotLine),
      ],
      guard: { [instance_id]: attachingInstanceGuard(instance) },
    };
  },

  permits(plan) {
    const place = placeOf(plan);
    const made = ['image', 'snapshot'];
    const resources = [
      ...[plan.arguments.instance_id].map((id) => ec2Arn(id, place)),
      ...made.map((kind) => anyOf(kind, place)),
    ];
    return {
      permissions: [{ actions: ['ec2:CreateImage'], resources }, taggingIn('CreateImage', made, place)],
    };
  },

  async execute({ ticket, arguments: { instance_id, name, no_reboot, tags } }, { ec2 }, attempt) {
    await ec2.createImage({
      instance_id,
      name,
      no_reboot,
      tags: tagsWithTicket(tags, ticket, attempt),
    });
  },

  async observe({ arguments: { name } }, { ec2, caller }, attempt) {
    const tagged = await ec2.everyOwnImage(madeBy(attempt));
    // Copies made with their tags carry it too; a name is unique in a region.
    const ours = tagged.filter((image) => image.name === name);
    return observeMade(
      ours.map(({ image_id, state, creation_date, state_reason }) => ({
        resource: imageArn(image_id, caller),
        id: image_id,
        state,
        made_at: creation_date,
        note: state_reason,
      })),
      { noun: 'image', under_way: ['pending', 'transient'], done: ['available'] },
      attempt,
    );
  },
});

function refuseInstance({ instance_id, state, root_device_type }: Instance): void {
  if (state !== 'running' && state !== 'stopped')
    throw wrongState(`${instance_id} is ${state}`, waitOr(state, 'running or stopped', 'name another instance'));
  if (root_device_type === 'instance-store')
    throw wrongState(
      `the root of ${instance_id} is on an instance store: AWS makes no image of it so`,
      'name an instance whose root is an EBS volume',
    );
}

async function refuseTakenName(name: string, { ec2 }: Readers): Promise<void> {
  // The characters of a name are none that a filter reads as a pattern.
  const [taken] = await ec2.everyOwnImage([{ name: 'name', values: [name] }]);
  if (taken)
    throw wrongState(`image ${taken.image_id} has the name "${name}" already`, 'give another name, or use that image');
}

function rebootLine(instance: Instance, caller: Caller): Impact {
  return {
    resource: instanceArn(instance.instance_id, caller),
    type: 'AWS::EC2::Instance',
    effect: 'disrupt',
    detail: `${instance.instance_type}: reboots first, so that everything on it is interrupted${ownersOf(instance)}`,
    recoverable: true,
  };
}

function imageLine({ instance_id, state }: Instance, name: string, noReboot: boolean): Impact {
  const unclean =
    state === 'running' && noReboot
      ? '; without a reboot: what the instance has not written yet is missing, and the file systems in it may be inconsistent'
      : '';
  return {
    resource: `new image of ${instance_id}`,
    type: 'AWS::EC2::Image',
    effect: 'create',
    detail: `image "${name}"${unclean}; holds whatever is on the disks, credentials too${TAG_NOTE}`,
    recoverable: true,
  };
}

function snapshotLine({ volume_id, device_name }: Instance['block_devices'][number]): Impact {
  return {
    resource: `new snapshot of ${volume_id}`,
    type: 'AWS::EC2::Snapshot',
    effect: 'create',
    detail: `of ${device_name}; stays when the image is deregistered, and costs storage until it is deleted`,
    recoverable: true,
  };
}
