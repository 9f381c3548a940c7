import type {
  Image as AwsImage,
  LaunchTemplateVersion as AwsLaunchTemplateVersion,
  Snapshot as AwsSnapshot,
  Volume as AwsVolume,
} from '@aws-sdk/client-ec2';
import { hideCredentials } from '../../../tools/ports/credentials.ts';
import type { Image, LaunchTemplateVersion, Snapshot, Volume } from '../../../tools/ports/ec2-storage.ts';
import { notAws } from '../request/errors.ts';
import { tagsOf } from '../tags.ts';
import { settingsBeside } from './other-settings.ts';

/** A member that is left out where AWS gives none; texts are stripped of credentials. */
function optional<K extends string, V extends string | number>(key: K, value: V | undefined): { [P in K]?: V } {
  if (value === undefined || value === '') return {};
  return { [key]: typeof value === 'string' ? hideCredentials(value) : value } as { [P in K]?: V };
}

/** Told above, or following from that: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_Volume.html */
const OF_VOLUMES = {
  known: new Set(
    `VolumeId VolumeArn OwnerId Size VolumeType Iops Throughput State AvailabilityZone AvailabilityZoneId Encrypted
      KmsKeyId SseType CreateTime SnapshotId Attachments Tags FastRestored`.split(/\s+/),
  ),
};

export function volumeOf(volume: AwsVolume): Volume {
  if (!volume.VolumeId) throw notAws('DescribeVolumes', 200, 'a volume without id');
  return {
    volume_id: volume.VolumeId,
    size_gib: volume.Size ?? 0,
    volume_type: volume.VolumeType ?? 'unknown',
    ...optional('iops', volume.Iops),
    ...optional('throughput', volume.Throughput),
    state: volume.State ?? 'unknown',
    availability_zone: volume.AvailabilityZone ?? 'unknown',
    encrypted: volume.Encrypted ?? false,
    ...optional('kms_key_id', volume.KmsKeyId),
    ...optional('create_time', volume.CreateTime?.toISOString()),
    ...optional('snapshot_id', volume.SnapshotId),
    attachments: (volume.Attachments ?? [])
      .filter(({ State }) => State !== 'detached')
      .map(({ InstanceId = '', Device = '', State = 'attached', AttachTime, DeleteOnTermination = false }) => ({
        instance_id: InstanceId,
        device: Device,
        state: State,
        ...optional('attach_time', AttachTime?.toISOString()),
        delete_on_termination: DeleteOnTermination,
      }))
      // A plan must come out the same twice.
      .sort((a, b) => (a.instance_id < b.instance_id ? -1 : 1)),
    tags: tagsOf(volume.Tags),
    others: settingsBeside(volume, OF_VOLUMES),
  };
}

export function snapshotOf(snapshot: AwsSnapshot): Snapshot {
  if (!snapshot.SnapshotId) throw notAws('DescribeSnapshots', 200, 'a snapshot without id');
  return {
    snapshot_id: snapshot.SnapshotId,
    volume_id: snapshot.VolumeId ?? '',
    size_gib: snapshot.VolumeSize ?? 0,
    state: snapshot.State ?? 'unknown',
    ...optional('state_message', snapshot.StateMessage),
    ...optional('progress', snapshot.Progress),
    ...optional('start_time', snapshot.StartTime?.toISOString()),
    owner_id: snapshot.OwnerId ?? 'unknown',
    encrypted: snapshot.Encrypted ?? false,
    ...optional('storage_tier', snapshot.StorageTier),
    ...optional('description', snapshot.Description),
    tags: tagsOf(snapshot.Tags),
  };
}

export function imageOf(image: AwsImage): Image {
  if (!image.ImageId) throw notAws('DescribeImages', 200, 'an image without id');
  return {
    image_id: image.ImageId,
    name: hideCredentials(image.Name ?? ''),
    state: image.State ?? 'unknown',
    ...optional('state_reason', image.StateReason?.Message),
    owner_id: image.OwnerId ?? 'unknown',
    ...optional('owner_alias', image.ImageOwnerAlias),
    public: image.Public ?? false,
    ...optional('creation_date', image.CreationDate),
    ...optional('deprecation_time', image.DeprecationTime),
    ...optional('deregistration_protection', image.DeregistrationProtection),
    ...optional('architecture', image.Architecture),
    ...optional('platform', image.PlatformDetails),
    ...optional('root_device_type', image.RootDeviceType),
    ...optional('description', image.Description),
    snapshot_ids: (image.BlockDeviceMappings ?? []).flatMap(({ Ebs }) => Ebs?.SnapshotId ?? []),
    tags: tagsOf(image.Tags),
  };
}

export function launchTemplateVersionOf(version: AwsLaunchTemplateVersion): LaunchTemplateVersion {
  if (!version.LaunchTemplateId || version.VersionNumber === undefined)
    throw notAws('DescribeLaunchTemplateVersions', 200, 'a version without template or number');
  return {
    launch_template_id: version.LaunchTemplateId,
    launch_template_name: hideCredentials(version.LaunchTemplateName ?? ''),
    version: version.VersionNumber,
    ...optional('image_id', version.LaunchTemplateData?.ImageId),
    snapshot_ids: (version.LaunchTemplateData?.BlockDeviceMappings ?? []).flatMap(({ Ebs }) => Ebs?.SnapshotId ?? []),
  };
}
