/** Volumes, snapshots and images as tools see them. Texts in results are AWS's own, unescaped. Times are ISO 8601. */

import type { Filter, Query } from './ec2-query.ts';
import type { Page } from './pages.ts';

export interface VolumeAttachment {
  /** Empty where AWS attached it to something that isn't an instance of ours. */
  readonly instance_id: string;
  readonly device: string;
  /** `attaching`, `attached`, `detaching`, `detached` or `busy` */
  readonly state: string;
  readonly attach_time?: string;
  readonly delete_on_termination: boolean;
}

export interface Volume {
  readonly volume_id: string;
  readonly size_gib: number;
  readonly volume_type: string;
  readonly iops?: number;
  /** MiB/s */
  readonly throughput?: number;
  /** `creating`, `available`, `in-use`, `deleting`, `deleted` or `error` */
  readonly state: string;
  readonly availability_zone: string;
  readonly encrypted: boolean;
  /** An ARN. */
  readonly kms_key_id?: string;
  readonly create_time?: string;
  readonly snapshot_id?: string;
  readonly attachments: readonly VolumeAttachment[];
  readonly tags: Readonly<Record<string, string>>;
  /** Whatever else AWS tells that someone chose for it. */
  readonly others: readonly string[];
}

export interface Snapshot {
  readonly snapshot_id: string;
  /** A copy has `vol-ffffffff`, which says nothing. */
  readonly volume_id: string;
  readonly size_gib: number;
  /** `pending`, `completed`, `error`, `recoverable` or `recovering` */
  readonly state: string;
  readonly state_message?: string;
  readonly progress?: string;
  readonly start_time?: string;
  readonly owner_id: string;
  readonly encrypted: boolean;
  readonly storage_tier?: string;
  readonly description?: string;
  readonly tags: Readonly<Record<string, string>>;
}

export interface Image {
  readonly image_id: string;
  readonly name: string;
  /** `pending`, `available`, `disabled`, `deregistered`, `failed`, `error`, `invalid` or `transient` */
  readonly state: string;
  readonly state_reason?: string;
  readonly owner_id: string;
  readonly owner_alias?: string;
  readonly public: boolean;
  readonly creation_date?: string;
  readonly deprecation_time?: string;
  readonly deregistration_protection?: string;
  readonly architecture?: string;
  readonly platform?: string;
  readonly root_device_type?: string;
  readonly description?: string;
  /** The snapshots of which its volumes are made. */
  readonly snapshot_ids: readonly string[];
  readonly tags: Readonly<Record<string, string>>;
}

/** The latest or the default version of a launch template. */
export interface LaunchTemplateVersion {
  readonly launch_template_id: string;
  readonly launch_template_name: string;
  readonly version: number;
  /** What the template has: an image's id, or `resolve:ssm:…`. */
  readonly image_id?: string;
  readonly snapshot_ids: readonly string[];
}

interface OwnedQuery extends Query {
  /** `self`, `amazon`, account ids. Absent: everything that the account may use. */
  readonly owners?: readonly string[];
}

export interface StorageReader {
  /** All the named ones, in the order asked; throws `not_found` naming the first that isn't there. */
  volumesById(ids: readonly string[]): Promise<readonly Volume[]>;
  snapshotsById(ids: readonly string[]): Promise<readonly Snapshot[]>;
  imagesById(ids: readonly string[]): Promise<readonly Image[]>;
  /** One page. */
  volumes(query: Query): Promise<Page<Volume>>;
  snapshots(query: OwnedQuery): Promise<Page<Snapshot>>;
  images(query: OwnedQuery): Promise<Page<Image>>;
  /** All that match, from all pages; of snapshots and images only the account's own, disabled images too. */
  everyVolume(filters: readonly Filter[]): Promise<readonly Volume[]>;
  everyOwnSnapshot(filters: readonly Filter[]): Promise<readonly Snapshot[]>;
  everyOwnImage(filters: readonly Filter[]): Promise<readonly Image[]>;
  /** The latest and the default version of every launch template. */
  launchTemplateVersions(): Promise<readonly LaunchTemplateVersion[]>;
  /** Who besides the owner may use it: account ids, and `all` when it is public. Sorted. */
  snapshotSharedWith(id: string): Promise<readonly string[]>;
  imageSharedWith(id: string): Promise<readonly string[]>;
  /** The name under which an instance's root volume is attached. */
  rootDeviceOf(instanceId: string): Promise<string | undefined>;
}

type Tags = Readonly<Record<string, string>>;

export interface NewVolume {
  readonly availability_zone: string;
  readonly size?: number;
  readonly snapshot_id?: string;
  readonly volume_type: string;
  readonly iops?: number;
  readonly throughput?: number;
  readonly encrypted?: boolean;
  readonly tags: Tags;
  readonly token: string;
}

/** Of all volumes of an instance but these, of one moment. */
export interface NewSnapshots {
  readonly instance_id: string;
  /** The ids of volumes; of the root, `without_root`. */
  readonly without: readonly string[];
  readonly without_root: boolean;
  readonly tags: Tags;
}

export interface NewImage {
  readonly instance_id: string;
  readonly name: string;
  readonly no_reboot: boolean;
  readonly tags: Tags;
}

/** Each method sends one request. */
export interface StorageWriter {
  createVolume(request: NewVolume): Promise<void>;
  attachVolume(request: {
    readonly volume_id: string;
    readonly instance_id: string;
    readonly device: string;
  }): Promise<void>;
  detachVolume(request: { readonly volume_id: string; readonly instance_id: string }): Promise<void>;
  deleteVolume(id: string): Promise<void>;
  createSnapshot(request: {
    readonly volume_id: string;
    readonly description?: string;
    readonly tags: Tags;
  }): Promise<void>;
  createSnapshots(request: NewSnapshots): Promise<void>;
  deleteSnapshot(id: string): Promise<void>;
  createImage(request: NewImage): Promise<void>;
  deregisterImage(id: string): Promise<void>;
}
