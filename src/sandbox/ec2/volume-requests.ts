import type {
  AttachVolumeRequest,
  CreateVolumeRequest,
  DeleteVolumeRequest,
  DescribeVolumesRequest,
  DescribeVolumesResult,
  DetachVolumeRequest,
  VolumeAttachment,
  Volume as VolumeShape,
} from '@aws-sdk/client-ec2';
import type { Region } from '../cloud.ts';
import { ApiFailure } from '../wire/failure.ts';
import { page } from '../wire/paging.ts';
import type { Context } from '../wire/service.ts';
import { madeBefore } from './client-token.ts';
import { applyFilters, volumeValues } from './filters.ts';
import { instancesById, stopAtDryRun, volumesById } from './lookup.ts';
import { tagsFor } from './manage.ts';
import { type Attachment, type Instance, ROOT_DEVICE, tagShapes, type Volume } from './model.ts';
import { snapshotsById } from './snapshots.ts';
import { instancesIn, volumesIn, volumeTokensIn } from './state.ts';
import { createVolume, removeVolume } from './volumes.ts';

function attachmentOf(region: Region, volume: Volume): { instance: Instance; attachment: Attachment } | undefined {
  const instance = volume.attachedTo === undefined ? undefined : instancesIn(region).get(volume.attachedTo);
  const attachment = instance?.attachments.find(({ volumeId }) => volumeId === volume.id);
  return instance && attachment && { instance, attachment };
}

function attachmentShape(instance: Instance, attachment: Attachment): VolumeAttachment {
  return {
    InstanceId: instance.id,
    VolumeId: attachment.volumeId,
    Device: attachment.device,
    State: attachment.state,
    AttachTime: attachment.attachedAt,
    DeleteOnTermination: attachment.deleteOnTermination,
  };
}

function volumeShape(region: Region, volume: Volume): VolumeShape {
  const attached = attachmentOf(region, volume);
  return {
    VolumeId: volume.id,
    Size: volume.size,
    AvailabilityZone: volume.zone,
    State: volume.state,
    VolumeType: volume.type as NonNullable<VolumeShape['VolumeType']>,
    Iops: volume.iops,
    Throughput: volume.throughput,
    KmsKeyId: volume.kmsKeyId,
    CreateTime: volume.createdAt,
    Encrypted: volume.encrypted,
    SnapshotId: volume.snapshotId ?? '',
    Attachments: attached ? [attachmentShape(attached.instance, attached.attachment)] : [],
    Tags: tagShapes(volume.tags),
  };
}

export function describeVolumes(input: DescribeVolumesRequest, { region }: Context): DescribeVolumesResult {
  const ids = input.VolumeIds;
  const named = ids && ids.length > 0 ? volumesById(region, ids) : [...volumesIn(region).values()];
  const chosen = applyFilters(named, input.Filters, volumeValues);
  const { items, NextToken } = page(chosen, input.NextToken, input.MaxResults ?? 500);
  stopAtDryRun(input);
  return { Volumes: items.map((volume) => volumeShape(region, volume)), NextToken };
}

/** Volumes are made once per client token. */
export function createVolumeOperation(input: CreateVolumeRequest, { cloud, region }: Context): VolumeShape {
  const { AvailabilityZone: zone, Size, SnapshotId, ClientToken } = input;
  if (!zone) throw new ApiFailure('MissingParameter', 'The request must contain the parameter AvailabilityZone');
  if (!zone.startsWith(region.name)) {
    throw new ApiFailure('InvalidZone.NotFound', `The zone '${zone}' does not exist.`);
  }
  const { request, before } = madeBefore(volumeTokensIn(region), input);
  const [snapshot] = SnapshotId ? snapshotsById(region, [SnapshotId]) : [];
  if (snapshot && snapshot.state !== 'completed') {
    throw new ApiFailure('IncorrectState', `Snapshot '${snapshot.id}' is not 'completed'.`);
  }
  const size = Size ?? snapshot?.size;
  if (size === undefined) {
    throw new ApiFailure('MissingParameter', 'The request must contain the parameter size/snapshot');
  }
  if (snapshot && size < snapshot.size) {
    throw new ApiFailure(
      'InvalidParameterValue',
      `The size ${size}GiB for the volume is smaller than the size ${snapshot.size}GiB of the snapshot.`,
    );
  }
  const type = input.VolumeType ?? 'gp2';
  if (/^io[12]$/.test(type) && input.Iops === undefined) {
    throw new ApiFailure('InvalidParameterDependency', `The parameter iops must be specified for ${type} volumes.`);
  }
  stopAtDryRun(input);
  const known = before && volumesIn(region).get(before.volumeId);
  if (known) return volumeShape(region, known);
  const wanted = {
    size,
    zone,
    type,
    iops: input.Iops,
    throughput: input.Throughput,
    kmsKeyId: input.KmsKeyId,
    snapshotId: snapshot?.id,
    encrypted: input.Encrypted === true || snapshot?.encrypted === true,
  };
  const volume = createVolume(cloud, region, wanted, tagsFor(input.TagSpecifications, 'volume'));
  if (ClientToken !== undefined) volumeTokensIn(region).set(ClientToken, { request, volumeId: volume.id });
  return volumeShape(region, volume);
}

/** https://docs.aws.amazon.com/ebs/latest/userguide/ebs-attaching-volume.html */
export function attachVolume(input: AttachVolumeRequest, { cloud, region }: Context): VolumeAttachment {
  const [volume] = volumesById(region, [input.VolumeId ?? '']);
  const [instance] = instancesById(region, [input.InstanceId ?? '']);
  const { Device } = input;
  if (!Device) throw new ApiFailure('MissingParameter', 'The request must contain the parameter device');
  if (!volume || !instance) return {};
  if (volume.state === 'in-use') {
    throw new ApiFailure('VolumeInUse', `${volume.id} is already attached to an instance`);
  }
  if (volume.state !== 'available') {
    throw new ApiFailure('IncorrectState', `Volume '${volume.id}' is in the '${volume.state}' state.`);
  }
  if (instance.state !== 'running' && instance.state !== 'stopped') {
    throw new ApiFailure('IncorrectState', `Instance '${instance.id}' is not 'running'.`);
  }
  if (volume.zone !== instance.zone) {
    throw new ApiFailure(
      'InvalidVolume.ZoneMismatch',
      `The volume '${volume.id}' is not in the same availability zone as instance '${instance.id}'`,
    );
  }
  if (instance.attachments.some(({ device }) => device === Device)) {
    throw new ApiFailure(
      'InvalidParameterValue',
      `Invalid value '${Device}' for unixDevice. Attachment point ${Device} is already in use`,
    );
  }
  stopAtDryRun(input);
  const attachment: Attachment = {
    volumeId: volume.id,
    device: Device,
    deleteOnTermination: false,
    attachedAt: new Date(cloud.time()),
    state: 'attaching',
  };
  instance.attachments.push(attachment);
  volume.state = 'in-use';
  volume.attachedTo = instance.id;
  cloud.after(cloud.latencyMs, () => {
    if (attachment.state === 'attaching') attachment.state = 'attached';
  });
  return attachmentShape(instance, attachment);
}

/** https://docs.aws.amazon.com/ebs/latest/userguide/ebs-detaching-volume.html */
export function detachVolume(input: DetachVolumeRequest, { cloud, region }: Context): VolumeAttachment {
  const [volume] = volumesById(region, [input.VolumeId ?? '']);
  if (input.InstanceId) instancesById(region, [input.InstanceId]);
  if (!volume) return {};
  const attached = attachmentOf(region, volume);
  if (!attached) {
    throw new ApiFailure('IncorrectState', `Volume '${volume.id}' is in the '${volume.state}' state.`);
  }
  const { instance, attachment } = attached;
  if (input.InstanceId && input.InstanceId !== instance.id) {
    throw new ApiFailure(
      'InvalidAttachment.NotFound',
      `The volume '${volume.id}' is not attached to instance '${input.InstanceId}'.`,
    );
  }
  if (attachment.device === ROOT_DEVICE && instance.state !== 'stopped') {
    throw new ApiFailure(
      'OperationNotPermitted',
      `Unable to detach root volume '${volume.id}' from instance '${instance.id}'`,
    );
  }
  stopAtDryRun(input);
  attachment.state = 'detaching';
  cloud.after(cloud.latencyMs, () => {
    const at = instance.attachments.indexOf(attachment);
    // It may have gone with its instance meanwhile.
    if (at === -1) return;
    instance.attachments.splice(at, 1);
    volume.state = 'available';
    volume.attachedTo = undefined;
  });
  return attachmentShape(instance, attachment);
}

/** https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DeleteVolume.html */
export function deleteVolume(input: DeleteVolumeRequest, { cloud, region }: Context): undefined {
  const [volume] = volumesById(region, [input.VolumeId ?? '']);
  if (!volume) return;
  if (volume.attachedTo !== undefined) {
    throw new ApiFailure('VolumeInUse', `Volume ${volume.id} is currently attached to ${volume.attachedTo}`);
  }
  if (volume.state !== 'available' && volume.state !== 'error') {
    throw new ApiFailure('IncorrectState', `Volume '${volume.id}' is in the '${volume.state}' state.`);
  }
  stopAtDryRun(input);
  removeVolume(cloud, region, volume.id);
}
