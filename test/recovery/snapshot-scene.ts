import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DescribeSnapshotsCommand, DescribeVolumesCommand, RunInstancesCommand } from '@aws-sdk/client-ec2';
import { expect } from 'vitest';
import { enroll } from '../scenes/here.ts';
import { instanceState, NOTHING_HELD, type Scene, setScene } from '../scenes/whole.ts';

const PAGE = readFileSync(new URL('../../docs/recovery.md', import.meta.url), 'utf8');
const [, ASKED = ''] = /```cedar\n(@id\("snapshots-first"\).*?)```/s.exec(PAGE) ?? [];
const FIRST = ASKED.replace('Environment::"production"', 'Environment::"sandbox"');
const ANYTHING = '@id("all") permit (principal, action, resource)';
export const HELD = `${ANYTHING} when { context.approvals.all.key >= 1 || action in Action::"read" };\n${FIRST}`;

const ACTIONS = [
  ...['CreateSnapshot', 'CreateSnapshots', 'DeleteVolume', 'TerminateInstances', 'CreateVolume', 'RunInstances'],
];

export async function asked(options: Parameters<typeof setScene>[1] = {}): Promise<Scene> {
  const config = `${NOTHING_HELD}${options.config ?? ''}policy: ./policy.cedar\n`;
  const { approvers, ...others } = options;
  const scene = await setScene({ volumes: [{ size: 12 }] }, { latencyMs: 50, ...others, config });
  writeFileSync(join(scene.place.home, 'policy.cedar'), approvers ? HELD : `${ANYTHING};\n${FIRST}`);
  for (const name of approvers ?? []) await enroll(scene.place, name, approvers?.[0]);
  return scene;
}

export async function sent({ cloud }: Scene): Promise<readonly string[]> {
  return (await cloud.requests()).map(({ action }) => action).filter((one) => ACTIONS.includes(one));
}

export async function theVolume({ ec2 }: Scene): Promise<string> {
  const { Volumes: [one] = [] } = await ec2.send(new DescribeVolumesCommand({}));
  return one?.VolumeId ?? '';
}

/** A machine whose root, and so many other disks, go along with it. */
export async function machine(scene: Scene, more = 0): Promise<string> {
  const { Instances: [one] = [] } = await scene.ec2.send(
    new RunInstancesCommand({
      ...{ ImageId: 'ami-0abcdef1234567890', InstanceType: 't3.small', MinCount: 1, MaxCount: 1 },
      BlockDeviceMappings: ['/dev/sdf', '/dev/sdg']
        .slice(0, more)
        .map((DeviceName) => ({ DeviceName, Ebs: { VolumeSize: 30, DeleteOnTermination: true } })),
    }),
  );
  const id = one?.InstanceId ?? '';
  await expect.poll(() => instanceState(scene, id)).toBe('running');
  return id;
}

export const snapshotsOf = async ({ ec2 }: Scene, volume: string) =>
  (await ec2.send(new DescribeSnapshotsCommand({ Filters: [{ Name: 'volume-id', Values: [volume] }] }))).Snapshots ??
  [];
export const isThere = async ({ ec2 }: Scene, volume: string) =>
  ((await ec2.send(new DescribeVolumesCommand({}))).Volumes ?? []).some(({ VolumeId }) => VolumeId === volume);

export const tagged = (one: { readonly Tags?: readonly { Key?: string | undefined }[] | undefined } | undefined) =>
  (one?.Tags ?? []).filter(({ Key }) => /^holdshort:(ticket|request)$/.test(Key ?? '')).length;
