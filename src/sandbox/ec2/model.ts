import type { EventCode, InstanceStateName, VolumeState } from '@aws-sdk/client-ec2';

export type Tags = Map<string, string>;

/** The name under which every instance here has its root volume. */
export const ROOT_DEVICE = '/dev/xvda';

export interface Attachment {
  readonly volumeId: string;
  readonly device: string;
  readonly deleteOnTermination: boolean;
  readonly attachedAt: Date;
  state: 'attaching' | 'attached' | 'detaching';
}

export interface SpotRequest {
  readonly id: string;
  readonly type: 'one-time' | 'persistent';
}

export interface Instance {
  readonly id: string;
  readonly reservationId: string;
  readonly imageId: string;
  readonly clientToken: string | undefined;
  launchedAt: Date;
  readonly privateIp: string;
  readonly subnetId: string;
  readonly zone: string;
  readonly keyName: string | undefined;
  /** base64 */
  readonly userData: string | undefined;
  readonly httpTokens: 'optional' | 'required';
  readonly tags: Tags;
  readonly attachments: Attachment[];
  readonly rootDevice: 'ebs' | 'instance-store';
  readonly hibernation: boolean;
  readonly profileArn: string | undefined;
  readonly spot: SpotRequest | undefined;
  /** What AWS has planned for it. */
  readonly events: readonly { id: string; code: EventCode; description: string; notBefore: Date }[];
  readonly impaired: boolean;
  /** What it wrote on its console, instead of the usual. */
  readonly console: string | undefined;
  /** Does it get an address of its own from the public ones whenever it starts? */
  readonly isPublic: boolean;
  publicIp: string | undefined;
  type: string;
  securityGroupIds: readonly string[];
  state: InstanceStateName;
  /** The text that EC2 writes: `User initiated (2026-01-01 00:00:00 GMT)`. */
  transitionReason: string;
  terminatedAt: Date | undefined;
  disableApiTermination: boolean;
  disableApiStop: boolean;
}

export interface Volume {
  readonly id: string;
  readonly zone: string;
  readonly createdAt: Date;
  readonly tags: Tags;
  size: number;
  type: string;
  state: VolumeState;
  attachedTo: string | undefined;
  readonly encrypted: boolean;
  readonly snapshotId: string | undefined;
  readonly iops: number | undefined;
  readonly throughput: number | undefined;
  readonly kmsKeyId: string | undefined;
}

/** https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_InstanceState.html */
export const STATE_CODES: Record<InstanceStateName, number> = {
  pending: 0,
  running: 16,
  'shutting-down': 32,
  terminated: 48,
  stopping: 64,
  stopped: 80,
};

export function tagMap(tags: readonly { Key?: string | undefined; Value?: string | undefined }[]): Tags {
  return new Map(tags.map(({ Key = '', Value = '' }) => [Key, Value]));
}

export function tagShapes(tags: Tags): { Key: string; Value: string }[] {
  return [...tags].map(([Key, Value]) => ({ Key, Value }));
}
