import * as sdk from '@aws-sdk/client-ec2';
import type { Aws } from '../../src/aws/index.ts';
import { type Cloud, startCloud } from './cloud.ts';
import { testAws } from './tools.ts';

export const ZONE = 'eu-west-1a';
export const STACK = 'aws:cloudformation:stack-name';

/**
 * A cloud with AWS's own client beside our tools: for what the tools don't do, or for what others do behind their back.
 */
export interface StorageScene {
  readonly aws: Aws;
  readonly cloud: Cloud;
  readonly ec2: sdk.EC2Client;
  /** A new instance that runs; its id. */
  instance(input?: Partial<sdk.RunInstancesCommandInput>): Promise<string>;
  /** A new available volume of 8 GiB; its id. */
  volume(tags?: Record<string, string>, zone?: string): Promise<string>;
  /** A new completed snapshot; its id. */
  snapshot(volumeId: string, tags?: Record<string, string>): Promise<string>;
  /** A new available image of an instance; its id. */
  image(instanceId: string, name: string, tags?: Record<string, string>): Promise<string>;
  /** The volume that is attached to the instance first: its root. */
  rootOf(instanceId: string): Promise<string>;
  /** Lets time for one step pass. */
  pass(): void;
  [Symbol.asyncDispose](): Promise<void>;
}

const STEP_MS = 60_000;

/** @param held whatever takes a step takes it when `pass` is called; otherwise it is done by the next request */
export async function storageScene({ held = false } = {}): Promise<StorageScene> {
  let passed = 0;
  const cloud = await startCloud({}, held ? { latencyMs: STEP_MS, now: () => Date.now() + passed } : { latencyMs: 0 });
  const ec2 = directClient(cloud.endpoint);
  return {
    aws: testAws(cloud.endpoint),
    cloud,
    ec2,
    ...makers(ec2),
    pass() {
      passed += STEP_MS;
    },
    async [Symbol.asyncDispose]() {
      ec2.destroy();
      await cloud[Symbol.asyncDispose]();
    },
  };
}

export function directClient(endpoint: string, region = 'eu-west-1'): sdk.EC2Client {
  const credentials = { accessKeyId: 'testing', secretAccessKey: 'testing' };
  return new sdk.EC2Client({ endpoint, region, credentials, maxAttempts: 1 });
}

export function makers(
  ec2: sdk.EC2Client,
): Pick<StorageScene, 'instance' | 'volume' | 'snapshot' | 'image' | 'rootOf'> {
  const tagged = (ResourceType: sdk.ResourceType, tags: Record<string, string> = {}) => {
    const Tags = Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
    return Tags.length === 0 ? {} : { TagSpecifications: [{ ResourceType, Tags }] };
  };
  return {
    async instance(input = {}) {
      const { Instances } = await ec2.send(
        new sdk.RunInstancesCommand({
          ImageId: 'ami-12345678',
          MinCount: 1,
          MaxCount: 1,
          InstanceType: 't3.micro',
          Placement: { AvailabilityZone: ZONE },
          ...input,
        }),
      );
      return Instances?.[0]?.InstanceId ?? '';
    },
    async volume(tags, AvailabilityZone = ZONE) {
      const made = await ec2.send(
        new sdk.CreateVolumeCommand({ AvailabilityZone, Size: 8, VolumeType: 'gp3', ...tagged('volume', tags) }),
      );
      return made.VolumeId ?? '';
    },
    async snapshot(VolumeId, tags) {
      const made = await ec2.send(new sdk.CreateSnapshotCommand({ VolumeId, ...tagged('snapshot', tags) }));
      return made.SnapshotId ?? '';
    },
    async image(InstanceId, Name, tags) {
      const made = await ec2.send(new sdk.CreateImageCommand({ InstanceId, Name, ...tagged('image', tags) }));
      return made.ImageId ?? '';
    },
    async rootOf(id) {
      const filter = { Name: 'attachment.instance-id', Values: [id] };
      const { Volumes } = await ec2.send(new sdk.DescribeVolumesCommand({ Filters: [filter] }));
      return Volumes?.[0]?.VolumeId ?? '';
    },
  };
}
