/** https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/AMIs.html */

import type {
  CreateImageRequest,
  CreateImageResult,
  DeregisterImageRequest,
  DeregisterImageResult,
  DescribeImageAttributeRequest,
  DescribeImagesRequest,
  DescribeImagesResult,
  DisableImageRequest,
  DisableImageResult,
  EnableImageDeregistrationProtectionRequest,
  EnableImageDeregistrationProtectionResult,
  ImageAttribute,
  Image as ImageShape,
  ModifyImageAttributeRequest,
} from '@aws-sdk/client-ec2';
import type { Region } from '../cloud.ts';
import { ec2Id } from '../ids.ts';
import { ApiFailure } from '../wire/failure.ts';
import { page } from '../wire/paging.ts';
import type { Context } from '../wire/service.ts';
import { applyFilters, tagValues, type Values } from './filters.ts';
import { find, instancesById, stopAtDryRun } from './lookup.ts';
import { tagsFor } from './manage.ts';
import { tagMap, tagShapes } from './model.ts';
import { changeSharing, permissionShapes } from './sharing.ts';
import { takeSnapshot } from './snapshots.ts';
import { imagesIn, volumesIn } from './state.ts';
import type { Image } from './storage-model.ts';

/** What everyone can launch: the image that seeds use when they name none. */
const AMAZON: Image = {
  id: 'ami-0abcdef1234567890',
  ownerId: '137112412989',
  name: 'al2023-ami-2023.9.20251105.0-kernel-6.1-x86_64',
  description: 'Amazon Linux 2023 AMI 2023.9.20251105.0 x86_64 HVM kernel-6.1',
  createdAt: new Date('2025-11-05T00:00:00Z'),
  sourceInstanceId: undefined,
  devices: [{ device: '/dev/xvda', size: 8, snapshotId: 'snap-0abcdef1234567890' }],
  tags: new Map(),
  sharedWith: new Set(['all']),
  state: 'available',
  deregistrationProtection: false,
};

/** @throws ApiFailure InvalidAMIID.Malformed, InvalidAMIID.NotFound */
export function imagesById(region: Region, ids: readonly string[]): Image[] {
  const all = new Map([[AMAZON.id, AMAZON], ...imagesIn(region)]);
  return find(all, ids, { prefix: 'ami', code: 'InvalidAMIID', noun: 'image' });
}

/** Seeds and stacks name images that nobody described. */
export function knownImage(region: Region, id: string): Image | undefined {
  return id === AMAZON.id ? AMAZON : imagesIn(region).get(id);
}

function imageShape(image: Image): ImageShape {
  return {
    ImageId: image.id,
    Name: image.name,
    Description: image.description,
    State: image.state,
    OwnerId: image.ownerId,
    ImageOwnerAlias: image.ownerId === AMAZON.ownerId ? 'amazon' : undefined,
    Public: image.sharedWith.has('all'),
    CreationDate: image.createdAt.toISOString(),
    Architecture: 'x86_64',
    PlatformDetails: 'Linux/UNIX',
    ImageType: 'machine',
    RootDeviceType: 'ebs',
    RootDeviceName: '/dev/xvda',
    VirtualizationType: 'hvm',
    SourceInstanceId: image.sourceInstanceId,
    DeregistrationProtection: image.deregistrationProtection ? 'enabled-without-cooldown' : 'disabled',
    BlockDeviceMappings: image.devices.map(({ device, size, snapshotId }) => ({
      DeviceName: device,
      Ebs: { SnapshotId: snapshotId, VolumeSize: size, VolumeType: 'gp3', DeleteOnTermination: true },
    })),
    Tags: tagShapes(image.tags),
  };
}

/** https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateImage.html. A reboot leaves no trace here. */
export function createImage(input: CreateImageRequest, { cloud, region }: Context): CreateImageResult {
  const [instance] = instancesById(region, [input.InstanceId ?? '']);
  const { Name: name = '', Description: description = '', TagSpecifications } = input;
  if (!/^[A-Za-z0-9()[\] ./'@_-]{3,128}$/.test(name)) {
    throw new ApiFailure(
      'InvalidAMIName.Malformed',
      "AMI names must be between 3 and 128 characters long, and may contain letters, numbers, '(', ')', '.', '-', '/' and '_'",
    );
  }
  const twin = [...imagesIn(region).values()].find((image) => image.name === name && image.state !== 'deregistered');
  if (twin) {
    throw new ApiFailure('InvalidAMIName.Duplicate', `AMI name ${name} is already in use by AMI ${twin.id}`);
  }
  if (!instance) return {};
  if (instance.state !== 'running' && instance.state !== 'stopped') {
    throw new ApiFailure('IncorrectInstanceState', `The instance '${instance.id}' is not in the 'running' state.`);
  }
  stopAtDryRun(input);
  const id = ec2Id('ami');
  const devices = instance.attachments.flatMap(({ volumeId, device }) => {
    const volume = volumesIn(region).get(volumeId);
    if (!volume) return [];
    const snapshot = takeSnapshot(cloud, region, volume, {
      description: `Created by CreateImage(${instance.id}) for ${id}`,
      tags: tagsFor(TagSpecifications, 'snapshot'),
    });
    return [{ device, size: volume.size, snapshotId: snapshot.id }];
  });
  const image: Image = {
    id,
    ownerId: cloud.accountId,
    name,
    description,
    createdAt: new Date(cloud.time()),
    sourceInstanceId: instance.id,
    devices,
    tags: tagMap(tagsFor(TagSpecifications, 'image')),
    sharedWith: new Set(),
    state: 'pending',
    deregistrationProtection: false,
  };
  imagesIn(region).set(id, image);
  cloud.after(cloud.latencyMs, () => {
    if (image.state === 'pending') image.state = 'available';
  });
  return { ImageId: id };
}

export function describeImages(input: DescribeImagesRequest, { cloud, region }: Context): DescribeImagesResult {
  const ids = input.ImageIds;
  const named = ids && ids.length > 0 ? imagesById(region, ids) : [AMAZON, ...imagesIn(region).values()];
  const owners = (input.Owners ?? []).map(
    (owner) => ({ self: cloud.accountId, amazon: AMAZON.ownerId })[owner] ?? owner,
  );
  const owned = named.filter(({ ownerId }) => owners.length === 0 || owners.includes(ownerId));
  const listed = owned.filter(({ state }) => input.IncludeDisabled || state !== 'disabled');
  const chosen = applyFilters(listed, input.Filters, imageValues);
  const { items, NextToken } = page(chosen, input.NextToken, input.MaxResults ?? 1000);
  stopAtDryRun(input);
  return { Images: items.map(imageShape), NextToken };
}

/** https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeImages.html, Filter.N */
const imageValues: Values<Image> = (image, name) => {
  const plain: Record<string, readonly string[]> = {
    'block-device-mapping.snapshot-id': image.devices.map(({ snapshotId }) => snapshotId),
    'image-id': [image.id],
    name: [image.name],
    'owner-id': [image.ownerId],
    state: [image.state],
  };
  return (Object.hasOwn(plain, name) ? plain[name] : undefined) ?? tagValues(image.tags, name);
};

/**
 * "Recently deregistered images appear in the returned results for a short interval", API_DescribeImages.html. Its
 * snapshots stay.
 */
export function deregisterImage(input: DeregisterImageRequest, context: Context): DeregisterImageResult {
  const image = ownImage(input.ImageId, context);
  const { cloud, region } = context;
  if (image.state === 'deregistered') {
    throw new ApiFailure('InvalidAMIID.Unavailable', `The AMI ID '${image.id}' is no longer available`);
  }
  if (image.deregistrationProtection) {
    throw new ApiFailure(
      'OperationNotPermitted',
      `Deregistration protection is enabled for ${image.id}. Disable it and try again.`,
    );
  }
  stopAtDryRun(input);
  image.state = 'deregistered';
  cloud.after(cloud.latencyMs, () => imagesIn(region).delete(image.id));
  return { Return: true };
}

/** https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ami-deregistration-protection.html */
export function enableImageDeregistrationProtection(
  input: EnableImageDeregistrationProtectionRequest,
  context: Context,
): EnableImageDeregistrationProtectionResult {
  const image = ownImage(input.ImageId, context);
  stopAtDryRun(input);
  image.deregistrationProtection = true;
  return { Return: 'enabled-without-cooldown' };
}

/** https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/disable-an-ami.html */
export function disableImage(input: DisableImageRequest, context: Context): DisableImageResult {
  const image = ownImage(input.ImageId, context);
  stopAtDryRun(input);
  image.state = 'disabled';
  return { Return: true };
}

export function modifyImageAttribute(input: ModifyImageAttributeRequest, context: Context): undefined {
  const image = ownImage(input.ImageId, context);
  stopAtDryRun(input);
  const { Add: add = [], Remove: remove = [] } = input.LaunchPermission ?? {};
  changeSharing(image.sharedWith, { add, remove });
}

export function describeImageAttribute(input: DescribeImageAttributeRequest, context: Context): ImageAttribute {
  const image = ownImage(input.ImageId, context);
  if (input.Attribute !== 'launchPermission') {
    throw new ApiFailure('InvalidParameterValue', `Value (${input.Attribute}) for parameter attribute is invalid.`);
  }
  stopAtDryRun(input);
  return { ImageId: image.id, LaunchPermissions: permissionShapes(image.sharedWith) };
}

/** @throws ApiFailure also AuthFailure for an image of others */
function ownImage(id: string | undefined, { cloud, region }: Context): Image {
  const [image] = imagesById(region, [id ?? '']);
  if (image?.ownerId === cloud.accountId) return image;
  throw new ApiFailure('AuthFailure', `Not authorized for image:${id}`, 403);
}
