import { z } from 'zod';
import { HoldshortError } from '../../src/kernel/errors.ts';
import type { Impact } from '../../src/kernel/plan.ts';
import { defineChangeTool, type Readers } from '../define.ts';
import { ImageId, Reason, Region } from '../fields.ts';
import type { Image } from '../ports/ec2-storage.ts';
import { wrongState } from '../refusing.ts';
import { placeOf } from '../session/permits.ts';
import { observeGone } from './observe-gone.ts';
import { onThings } from './permits.ts';
import { ownImage } from './storage/guard.ts';
import { templateLines, templatesUnseen, templateUsers, usersGuard } from './storage/launch-template-users.ts';
import { sharingText } from './storage/snapshot-data.ts';
import { driftOf, imageArn, imageTarget, lifecycleOf, listText, refuseAwsBackups } from './storage/target.ts';

export default defineChangeTool({
  name: 'ec2_deregister_image',
  title: 'Deregister an image',
  description: 'Propose deregistering a machine image (AMI) for good; its snapshots stay. May need approval (ticket).',
  toolset: 'ec2',
  action: 'ec2:DeregisterImage',
  reads: [
    'ec2:DescribeImages',
    'ec2:DescribeImageAttribute',
    'ec2:DescribeInstances',
    'ec2:DescribeLaunchTemplateVersions',
  ],
  effects: ['delete', 'disrupt'],
  refusals: {
    not_found: 'there is no such image, or it belongs to another account',
    protected: 'deregistration protection is on, or it is a recovery point of AWS Backup',
    wrong_state: 'it is deregistered already',
  },
  input: z.strictObject({ image_id: ImageId, region: Region.optional(), reason: Reason }),
  log: { image_id: 'shown', region: 'shown', reason: 'shown' },

  stored: z.strictObject({ image_id: z.string() }),

  async plan({ image_id }, readers) {
    const image = await ownImage(image_id, readers);
    refuseImage(image);
    const instances = await launchedFrom(image_id, readers);
    const users = await templateUsers(readers, (version) => version.image_id === image_id);
    const shared = await readers.ec2.imageSharedWith(image_id);
    const count = users.using.length;
    const templates = `${count} launch template${count === 1 ? '' : 's'}`;
    const line: Impact = {
      resource: imageArn(image_id, readers.caller),
      type: 'AWS::EC2::Image',
      effect: 'delete',
      detail: `nothing can be launched from it any more; named by ${templates}${runningText(instances)}${sharingText(shared, 'launch from it')}${snapshotsText(image)}${lifecycleOf(image.tags)}${driftOf(image.tags)}; gone for good unless a Recycle Bin rule, which can't be read here, keeps it; ${templatesUnseen(users)}`,
      recoverable: false,
    };
    return {
      summary: `deregister image ${image_id}, named by ${templates}, run by ${instances.length} instance${instances.length === 1 ? '' : 's'}`,
      targets: [imageTarget(image, readers.caller)],
      impact: [line, ...templateLines(users, image_id)],
      guard: {
        [image_id]: {
          state: image.state,
          snapshots: [...image.snapshot_ids].sort(),
          deregistration_protection: image.deregistration_protection ?? null,
          tags: { ...image.tags },
        },
        instances: [...instances],
        shared_with: [...shared],
        launch_templates: usersGuard(users),
      },
    };
  },

  permits: (plan) => onThings('ec2:DeregisterImage', [plan.arguments.image_id], placeOf(plan)),

  async execute({ arguments: { image_id } }, { ec2 }) {
    await ec2.deregisterImage(image_id);
  },

  async observe({ arguments: { image_id } }, { ec2, caller }) {
    const [found] = await ec2.everyOwnImage([{ name: 'image-id', values: [image_id] }]);
    return observeGone(imageArn(image_id, caller), found, { verb: 'deregistered', done: ['deregistered'] });
  },
});

function refuseImage({ image_id, state, deregistration_protection: protection, tags }: Image): void {
  if (state === 'deregistered')
    throw wrongState(`${image_id} is deregistered already`, 'go on without this call: AWS still lists it for a while');
  refuseAwsBackups(image_id, tags);
  // `enabled-with-cooldown`, also for a day after it was turned off, or `enabled-without-cooldown`:
  // https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ami-deregistration-protection.html
  if (protection === undefined || protection === 'disabled') return;
  throw new HoldshortError(
    'protected',
    `deregistration protection of ${image_id} is ${protection}`,
    'a person turns it off outside this server, if the image is really to go; then ask again',
  );
}

/** The ids of instances, not terminated, that were launched from the image. */
async function launchedFrom(imageId: string, { ec2 }: Readers): Promise<readonly string[]> {
  const launched = await ec2.everyInstance([{ name: 'image-id', values: [imageId] }]);
  const live = launched.filter(({ state }) => state !== 'terminated' && state !== 'shutting-down');
  return live.map(({ instance_id }) => instance_id).sort();
}

function runningText(instances: readonly string[]): string {
  if (instances.length === 0) return '';
  return `; ${instances.length} instance${instances.length === 1 ? ' was' : 's were'} launched from it (${listText(instances)}): they go on, but can't be launched anew`;
}

function snapshotsText({ snapshot_ids }: Image): string {
  if (snapshot_ids.length === 0) return '';
  return `; stays: ${listText([...snapshot_ids].sort())}, from which a new image with another id could be registered`;
}
