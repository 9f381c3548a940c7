/** https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/preserving-volumes-on-termination.html */

import type { Cloud, Region } from '../cloud.ts';
import { ec2Id } from '../ids.ts';
import { type Instance, tagMap, type Volume } from './model.ts';
import { volumesIn } from './state.ts';

type TagShapes = readonly { Key?: string | undefined; Value?: string | undefined }[];

export interface VolumeRequest {
  readonly size: number;
  readonly zone: string;
  readonly type: string;
  readonly encrypted?: boolean | undefined;
  readonly snapshotId?: string | undefined;
  readonly iops?: number | undefined;
  readonly throughput?: number | undefined;
  readonly kmsKeyId?: string | undefined;
}

export function createVolume(cloud: Cloud, region: Region, request: VolumeRequest, tags: TagShapes): Volume {
  const volume: Volume = {
    id: ec2Id('vol'),
    zone: request.zone || `${region.name}a`,
    createdAt: new Date(cloud.time()),
    tags: tagMap(tags),
    size: request.size,
    type: request.type,
    state: 'creating',
    attachedTo: undefined,
    encrypted: request.encrypted ?? false,
    snapshotId: request.snapshotId,
    iops: request.iops,
    throughput: request.throughput,
    kmsKeyId: request.kmsKeyId,
  };
  volumesIn(region).set(volume.id, volume);
  cloud.after(cloud.latencyMs, () => {
    if (volume.state === 'creating') volume.state = 'available';
  });
  return volume;
}

/** A disk that an instance begins with. */
export interface NewDisk extends Omit<VolumeRequest, 'zone' | 'size' | 'type'> {
  readonly size?: number | undefined;
  readonly type?: string | undefined;
  readonly device: string;
  readonly deleteOnTermination?: boolean | undefined;
  readonly tags?: TagShapes | undefined;
}

export function attachNewVolume(
  cloud: Cloud,
  region: Region,
  instance: Instance,
  { device, deleteOnTermination = true, tags = [], size = 8, type = 'gp3', ...more }: NewDisk,
): void {
  const volume = createVolume(cloud, region, { ...more, size, type, zone: instance.zone }, tags);
  volume.state = 'in-use';
  volume.attachedTo = instance.id;
  instance.attachments.push({
    volumeId: volume.id,
    device,
    deleteOnTermination,
    attachedAt: volume.createdAt,
    state: 'attached',
  });
}

/** On termination: volumes marked DeleteOnTermination go, the others are free. */
export function releaseVolumes(region: Region, instance: Instance): void {
  for (const { volumeId, deleteOnTermination } of instance.attachments) {
    const volume = volumesIn(region).get(volumeId);
    if (!volume) continue;
    if (deleteOnTermination) volumesIn(region).delete(volumeId);
    else {
      volume.state = 'available';
      volume.attachedTo = undefined;
    }
  }
  instance.attachments.length = 0;
}

export function resizeVolume(region: Region, id: string, request: VolumeRequest, tags: TagShapes): void {
  const volume = volumesIn(region).get(id);
  if (!volume) return;
  volume.size = request.size;
  volume.type = request.type;
  volume.tags.clear();
  for (const [key, value] of tagMap(tags)) volume.tags.set(key, value);
}

export function removeVolume(cloud: Cloud, region: Region, id: string): void {
  const volume = volumesIn(region).get(id);
  if (!volume) return;
  volume.state = 'deleting';
  cloud.after(cloud.latencyMs, () => volumesIn(region).delete(id));
}
