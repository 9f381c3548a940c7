import {
  AttachVolumeCommand,
  CreateImageCommand,
  CreateSnapshotCommand,
  CreateSnapshotsCommand,
  CreateVolumeCommand,
  DeleteSnapshotCommand,
  DeleteVolumeCommand,
  DeregisterImageCommand,
  DetachVolumeCommand,
  type EC2Client,
  type ResourceType,
  type VolumeType,
} from '@aws-sdk/client-ec2';
import type { StorageWriter } from '../../../tools/ports/ec2-storage.ts';
import { called } from '../request/call.ts';
import { AwsError, notAws } from '../request/errors.ts';

/** Each method sends one request, once: the client must have been made with one attempt. */
export function storageWriter(client: EC2Client): StorageWriter {
  return {
    async createVolume({
      availability_zone,
      size,
      snapshot_id,
      volume_type,
      iops,
      throughput,
      encrypted,
      tags,
      token,
    }) {
      const input = {
        AvailabilityZone: availability_zone,
        VolumeType: volume_type as VolumeType,
        ...(size === undefined ? {} : { Size: size }),
        ...(snapshot_id === undefined ? {} : { SnapshotId: named('snap', snapshot_id) }),
        ...(iops === undefined ? {} : { Iops: iops }),
        ...(throughput === undefined ? {} : { Throughput: throughput }),
        ...(encrypted === undefined ? {} : { Encrypted: encrypted }),
        TagSpecifications: tagged('volume', tags),
        ClientToken: token,
      };
      const answer = await called(client.send(new CreateVolumeCommand(input)), 'CreateVolume');
      if (!answer.VolumeId) throw notAws('CreateVolume', 200, 'an answer without a volume');
    },
    async attachVolume({ volume_id, instance_id, device }) {
      const input = { VolumeId: named('vol', volume_id), InstanceId: named('i', instance_id), Device: device };
      const answer = await called(client.send(new AttachVolumeCommand(input)), 'AttachVolume');
      if (!answer.State) throw notAws('AttachVolume', 200, 'an answer without a state');
    },
    async detachVolume({ volume_id, instance_id }) {
      const input = { VolumeId: named('vol', volume_id), InstanceId: named('i', instance_id) };
      const answer = await called(client.send(new DetachVolumeCommand(input)), 'DetachVolume');
      if (!answer.State) throw notAws('DetachVolume', 200, 'an answer without a state');
    },
    async deleteVolume(id) {
      await called(client.send(new DeleteVolumeCommand({ VolumeId: named('vol', id) })), 'DeleteVolume');
    },
    async createSnapshot({ volume_id, description, tags }) {
      const input = {
        VolumeId: named('vol', volume_id),
        ...(description === undefined ? {} : { Description: description }),
        TagSpecifications: tagged('snapshot', tags),
      };
      const answer = await called(client.send(new CreateSnapshotCommand(input)), 'CreateSnapshot');
      if (!answer.SnapshotId) throw notAws('CreateSnapshot', 200, 'an answer without a snapshot');
    },
    async createSnapshots({ instance_id, without, without_root, tags }) {
      const input = {
        InstanceSpecification: {
          InstanceId: named('i', instance_id),
          ExcludeBootVolume: without_root,
          ...(without.length > 0 ? { ExcludeDataVolumeIds: without.map((id) => named('vol', id)) } : {}),
        },
        TagSpecifications: tagged('snapshot', tags),
      };
      const answer = await called(client.send(new CreateSnapshotsCommand(input)), 'CreateSnapshots');
      if (!answer.Snapshots?.length) throw notAws('CreateSnapshots', 200, 'an answer without snapshots');
    },
    async deleteSnapshot(id) {
      await called(client.send(new DeleteSnapshotCommand({ SnapshotId: named('snap', id) })), 'DeleteSnapshot');
    },
    async createImage({ instance_id, name, no_reboot, tags }) {
      // Left out, NoReboot is false: said all the same, so that what the plan showed is in the request.
      const input = {
        InstanceId: named('i', instance_id),
        Name: name,
        NoReboot: no_reboot,
        TagSpecifications: tagged('image', tags),
      };
      const answer = await called(client.send(new CreateImageCommand(input)), 'CreateImage');
      if (!answer.ImageId) throw notAws('CreateImage', 200, 'an answer without an image');
    },
    async deregisterImage(id) {
      await called(client.send(new DeregisterImageCommand({ ImageId: named('ami', id) })), 'DeregisterImage');
    },
  };
}

function tagged(ResourceType: ResourceType, tags: Readonly<Record<string, string>>) {
  return [{ ResourceType, Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })) }];
}

function named(prefix: string, id: string): string {
  if (new RegExp(`^${prefix}-[0-9a-f]{8,17}$`).test(id)) return id;
  throw new AwsError('internal', `nothing was sent: ${prefix}-… ids are needed`, 'report this as a bug', {
    certainty: 'refused',
  });
}
