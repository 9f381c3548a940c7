import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DescribeSnapshotsCommand, DescribeVolumesCommand } from '@aws-sdk/client-ec2';
import { enroll } from '../scenes/here.ts';
import { NOTHING_HELD, type Scene, setScene } from '../scenes/whole.ts';

const PAGE = readFileSync(new URL('../../docs/recovery.md', import.meta.url), 'utf8');
const [, ASKED = ''] = /```cedar\n(@id\("snapshots-first"\).*?)```/s.exec(PAGE) ?? [];
const FIRST = ASKED.replace('Environment::"production"', 'Environment::"sandbox"');
const ANYTHING = '@id("all") permit (principal, action, resource)';
export const HELD = `${ANYTHING} when { context.approvals.all.key >= 1 || action in Action::"read" };\n${FIRST}`;

const ACTIONS = ['CreateSnapshot', 'DeleteVolume', 'TerminateInstances', 'CreateVolume', 'RunInstances'];

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

export const snapshotsOf = async ({ ec2 }: Scene, volume: string) =>
  (await ec2.send(new DescribeSnapshotsCommand({ Filters: [{ Name: 'volume-id', Values: [volume] }] }))).Snapshots ??
  [];
export const isThere = async ({ ec2 }: Scene, volume: string) =>
  ((await ec2.send(new DescribeVolumesCommand({}))).Volumes ?? []).some(({ VolumeId }) => VolumeId === volume);

export const tagged = (one: { readonly Tags?: readonly { Key?: string | undefined }[] | undefined } | undefined) =>
  (one?.Tags ?? []).filter(({ Key }) => /^holdshort:(ticket|request)$/.test(Key ?? '')).length;
