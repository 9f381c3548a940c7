import type { ImageState, RequestLaunchTemplateData, SnapshotState } from '@aws-sdk/client-ec2';
import type { Tags } from './model.ts';

export interface Snapshot {
  readonly id: string;
  readonly volumeId: string;
  readonly size: number;
  readonly startedAt: Date;
  readonly description: string;
  readonly encrypted: boolean;
  readonly tags: Tags;
  /** Account ids, and `all` when it is public. */
  readonly sharedWith: Set<string>;
  state: SnapshotState;
}

export interface Image {
  readonly id: string;
  readonly ownerId: string;
  readonly name: string;
  readonly description: string;
  readonly createdAt: Date;
  readonly sourceInstanceId: string | undefined;
  readonly devices: readonly { readonly device: string; readonly size: number; readonly snapshotId: string }[];
  readonly tags: Tags;
  readonly sharedWith: Set<string>;
  state: ImageState;
  deregistrationProtection: boolean;
}

export interface LaunchTemplate {
  readonly id: string;
  readonly name: string;
  readonly createdAt: Date;
  /** Version 1 first. */
  readonly versions: RequestLaunchTemplateData[];
  defaultVersion: number;
}
