/** https://docs.aws.amazon.com/ebs/latest/userguide/ebs-snapshots.html */

import type {
  CreateSnapshotRequest,
  CreateSnapshotsRequest,
  CreateSnapshotsResult,
  DeleteSnapshotRequest,
  DescribeSnapshotAttributeRequest,
  DescribeSnapshotAttributeResult,
  DescribeSnapshotsRequest,
  DescribeSnapshotsResult,
  InstanceSpecification,
  ModifySnapshotAttributeRequest,
  Snapshot as SnapshotShape,
} from '@aws-sdk/client-ec2';
import type { Cloud, Region } from '../cloud.ts';
import { ec2Id } from '../ids.ts';
import { ApiFailure } from '../wire/failure.ts';
import { page } from '../wire/paging.ts';
import type { Context } from '../wire/service.ts';
import { applyFilters, tagValues, type Values } from './filters.ts';
import { find, instancesById, stopAtDryRun, volumesById } from './lookup.ts';
import { tagsFor } from './manage.ts';
import { ROOT_DEVICE, tagMap, tagShapes, type Volume } from './model.ts';
import { changeSharing, permissionShapes } from './sharing.ts';
import { imagesIn, snapshotsIn } from './state.ts';
import type { Snapshot } from './storage-model.ts';

/** @throws ApiFailure InvalidSnapshotID.Malformed, InvalidSnapshot.NotFound */
export function snapshotsById(region: Region, ids: readonly string[]): Snapshot[] {
  return find(snapshotsIn(region), ids, {
    prefix: 'snap',
    code: 'InvalidSnapshot',
    malformed: 'InvalidSnapshotID',
    noun: 'snapshot',
  });
}

export function takeSnapshot(
  cloud: Cloud,
  region: Region,
  volume: Volume,
  more: { description: string; tags: readonly { Key?: string | undefined; Value?: string | undefined }[] },
): Snapshot {
  const snapshot: Snapshot = {
    id: ec2Id('snap'),
    volumeId: volume.id,
    size: volume.size,
    startedAt: new Date(cloud.time()),
    description: more.description,
    encrypted: volume.encrypted,
    tags: tagMap(more.tags),
    sharedWith: new Set(),
    state: 'pending',
  };
  snapshotsIn(region).set(snapshot.id, snapshot);
  cloud.after(cloud.latencyMs, () => {
    snapshot.state = 'completed';
  });
  return snapshot;
}

function snapshotShape(cloud: Cloud, snapshot: Snapshot): SnapshotShape {
  return {
    SnapshotId: snapshot.id,
    VolumeId: snapshot.volumeId,
    VolumeSize: snapshot.size,
    State: snapshot.state,
    Progress: snapshot.state === 'completed' ? '100%' : '0%',
    StartTime: snapshot.startedAt,
    OwnerId: cloud.accountId,
    Encrypted: snapshot.encrypted,
    StorageTier: 'standard',
    Description: snapshot.description,
    Tags: tagShapes(snapshot.tags),
  };
}

export function createSnapshot(input: CreateSnapshotRequest, { cloud, region }: Context): SnapshotShape {
  const [volume] = volumesById(region, [input.VolumeId ?? '']);
  if (!volume) return {};
  if (volume.state !== 'available' && volume.state !== 'in-use') {
    throw new ApiFailure('IncorrectState', `Volume '${volume.id}' is in the '${volume.state}' state.`);
  }
  stopAtDryRun(input);
  const tags = tagsFor(input.TagSpecifications, 'snapshot');
  return snapshotShape(cloud, takeSnapshot(cloud, region, volume, { description: input.Description ?? '', tags }));
}

/**
 * The volumes of an instance of which one request takes snapshots.
 * https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateSnapshots.html
 * @throws ApiFailure
 */
export function volumesTaken(
  region: Region,
  { InstanceSpecification = {} as InstanceSpecification }: Partial<CreateSnapshotsRequest>,
): readonly Volume[] {
  const { InstanceId = '', ExcludeBootVolume, ExcludeDataVolumeIds = [] } = InstanceSpecification;
  const [instance] = instancesById(region, [InstanceId]);
  const attached = instance?.attachments ?? [];
  const root = attached.find(({ device }) => device === ROOT_DEVICE)?.volumeId;
  if (root !== undefined && ExcludeDataVolumeIds.includes(root))
    throw new ApiFailure('InvalidParameterValue', `${root} is the root volume: use ExcludeBootVolume`);
  const ids = attached.map(({ volumeId }) => volumeId).filter((id) => !ExcludeDataVolumeIds.includes(id));
  return volumesById(
    region,
    ids.filter((id) => !(ExcludeBootVolume && id === root)),
  );
}

export function createSnapshots(input: CreateSnapshotsRequest, { cloud, region }: Context): CreateSnapshotsResult {
  const volumes = volumesTaken(region, input);
  if (volumes.length === 0)
    throw new ApiFailure('InvalidParameterCombination', 'No volume is left to take a snapshot of');
  stopAtDryRun(input);
  const tags = tagsFor(input.TagSpecifications, 'snapshot');
  const more = { description: input.Description ?? '', tags };
  return { Snapshots: volumes.map((volume) => snapshotShape(cloud, takeSnapshot(cloud, region, volume, more))) };
}

export function describeSnapshots(
  input: DescribeSnapshotsRequest,
  { cloud, region }: Context,
): DescribeSnapshotsResult {
  const ids = input.SnapshotIds;
  const named = ids && ids.length > 0 ? snapshotsById(region, ids) : [...snapshotsIn(region).values()];
  const owners = input.OwnerIds ?? [];
  const owned = owners.length === 0 || owners.includes('self') || owners.includes(cloud.accountId) ? named : [];
  const chosen = applyFilters(owned, input.Filters, values(cloud));
  const { items, NextToken } = page(chosen, input.NextToken, input.MaxResults ?? 1000);
  stopAtDryRun(input);
  return { Snapshots: items.map((snapshot) => snapshotShape(cloud, snapshot)), NextToken };
}

/** https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeSnapshots.html, Filter.N */
function values(cloud: Cloud): Values<Snapshot> {
  return (snapshot, name) => {
    const plain: Record<string, readonly string[]> = {
      'owner-id': [cloud.accountId],
      'snapshot-id': [snapshot.id],
      status: [snapshot.state],
      'volume-id': [snapshot.volumeId],
    };
    return (Object.hasOwn(plain, name) ? plain[name] : undefined) ?? tagValues(snapshot.tags, name);
  };
}

/**
 * https://docs.aws.amazon.com/ebs/latest/userguide/ebs-deleting-snapshot.html: not while an image is made of it, a
 * disabled one neither
 */
export function deleteSnapshot(input: DeleteSnapshotRequest, { region }: Context): undefined {
  const [snapshot] = snapshotsById(region, [input.SnapshotId ?? '']);
  if (!snapshot) return;
  const image = [...imagesIn(region).values()].find(
    ({ devices, state }) => state !== 'deregistered' && devices.some(({ snapshotId }) => snapshotId === snapshot.id),
  );
  if (image) {
    throw new ApiFailure('InvalidSnapshot.InUse', `The snapshot ${snapshot.id} is currently in use by ${image.id}`);
  }
  stopAtDryRun(input);
  snapshotsIn(region).delete(snapshot.id);
}

export function modifySnapshotAttribute(input: ModifySnapshotAttributeRequest, { region }: Context): undefined {
  const [snapshot] = snapshotsById(region, [input.SnapshotId ?? '']);
  stopAtDryRun(input);
  if (!snapshot) return;
  const { OperationType, UserIds = [], GroupNames = [], CreateVolumePermission: change } = input;
  const byName = [...UserIds.map((UserId) => ({ UserId })), ...GroupNames.map((Group) => ({ Group }))];
  changeSharing(snapshot.sharedWith, {
    add: [...(change?.Add ?? []), ...(OperationType === 'add' ? byName : [])],
    remove: [...(change?.Remove ?? []), ...(OperationType === 'remove' ? byName : [])],
  });
}

export function describeSnapshotAttribute(
  input: DescribeSnapshotAttributeRequest,
  { region }: Context,
): DescribeSnapshotAttributeResult {
  const [snapshot] = snapshotsById(region, [input.SnapshotId ?? '']);
  if (input.Attribute !== 'createVolumePermission') {
    throw new ApiFailure('InvalidParameterValue', `Value (${input.Attribute}) for parameter attribute is invalid.`);
  }
  stopAtDryRun(input);
  return { SnapshotId: snapshot?.id, CreateVolumePermissions: permissionShapes(snapshot?.sharedWith ?? []) };
}
