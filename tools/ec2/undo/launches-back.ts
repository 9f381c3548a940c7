import { z } from 'zod';
import type { Json } from '../../../src/kernel/digest.ts';
import { HoldshortError } from '../../../src/kernel/errors.ts';
import type { KitCall } from '../../../src/kernel/kit.ts';
import type { Lost } from '../../../src/kernel/undo.ts';
import type { Readers } from '../../define.ts';
import { ImageId } from '../../fields.ts';
import type { Instance, LaunchedWith } from '../../ports/ec2-instances.ts';
import type { LaunchImage } from '../../ports/ec2-launch.ts';
import type { Snapshot, Volume } from '../../ports/ec2-storage.ts';
import { type Examined, guardOf, InstanceGuard } from '../instances/guard.ts';
import { LaunchFields } from '../instances/launch-input.ts';
import { scalingGroup } from '../instances/target.ts';
import { Device } from '../storage/device.ts';
import { pointsOfInstances } from '../storage/recovery-points.ts';
import { completedSnapshotsOf } from '../storage/snapshot-data.ts';
import { instanceLost, rootLost } from './launches-lost.ts';
import { tagsKept } from './tags-back.ts';
import { firstOf, SnapshotFirst } from './taken-first.ts';
import {
  type DataIn,
  dataLost,
  performanceOf,
  takenFirst,
  usable,
  VolumeBack,
  volumeAgain,
  volumeBack,
} from './volume-back.ts';
import { MADE } from './way-back.ts';

const JsonValue: z.ZodType<Json> = z.json();

/** What launches an instance again, and what is attached to it then: a volume that stays, or one to be made. */
const LaunchBack = z.strictObject({
  launch: z.record(z.string(), JsonValue),
  disks: z.array(z.strictObject({ device: z.string(), volume: z.union([z.string(), VolumeBack]) })),
});
type LaunchBack = z.output<typeof LaunchBack>;

/** By the instances' ids; null: no call launches one like it. */
export const TerminatedGuard = z.record(
  z.string(),
  InstanceGuard.extend({
    again: LaunchBack.nullable(),
    snapshot_first: SnapshotFirst.exactOptional(),
  }),
);
export type TerminatedGuard = z.output<typeof TerminatedGuard>;

/**
 * The calls that bring back these instances, each with its disks.
 * @param taken the snapshots that the ticket took, by the volumes' ids
 */
export function launchAgain(guard: TerminatedGuard, taken: ReadonlyMap<string, string>): readonly KitCall[] {
  const calls: KitCall[] = [];
  for (const id of Object.keys(guard).sort()) {
    const again = guard[id]?.again;
    if (!again) continue;
    const instance = { at: ['instance_id'], part: calls.push(launching(again)), ...MADE.instance };
    for (const { device, volume } of again.disks) {
      const attach = { tool: 'ec2_attach_volume', arguments: { device } };
      if (typeof volume === 'string') {
        calls.push({ ...attach, arguments: { device, volume_id: volume }, made: [instance] });
        continue;
      }
      const part = calls.push({ tool: 'ec2_create_volume', arguments: volumeAgain(volume, taken) });
      calls.push({ ...attach, made: [instance, { at: ['volume_id'], part, ...MADE.volume }] });
    }
  }
  return calls;
}

function launching({ launch }: LaunchBack): KitCall {
  return { tool: 'ec2_run_instances', arguments: launch };
}

/** What AWS tells of how instances that are terminated can be launched again. */
export interface LaunchesRead {
  readonly launched: readonly LaunchedWith[];
  /** By their ids. */
  readonly images: ReadonlyMap<string, LaunchImage>;
  readonly volumes: readonly Volume[];
  /** By the volumes' ids, newest first; undefined: one is taken first of each that goes. */
  readonly completed: ReadonlyMap<string, readonly Snapshot[]> | undefined;
  /** What AWS Backup has of each instance; a plan rests on none of it where snapshots are taken first. */
  readonly points: Awaited<ReturnType<typeof pointsOfInstances>>;
}

/** @param first is a snapshot taken first of each volume that goes? */
export async function readLaunches(
  instances: readonly Instance[],
  readers: Readers,
  first: boolean,
): Promise<LaunchesRead> {
  const disks = instances.flatMap(({ block_devices }) => block_devices.map(({ volume_id }) => volume_id));
  const ids = instances.map(({ instance_id }) => instance_id);
  const [launched, images, volumes, completed, points] = await Promise.all([
    readers.ec2.launchedWith(ids),
    imagesOf(instances, readers),
    readers.ec2.volumesById(disks),
    first ? undefined : completedSnapshotsOf(disks, readers),
    first ? new Map() : pointsOfInstances(ids, readers),
  ]);
  return { launched, images, volumes, completed, points };
}

/** What instances that are terminated can be launched again with, and what of them is not as it was. */
export function launchesBack(
  examined: readonly Examined[],
  { launched, images, volumes, completed }: Omit<LaunchesRead, 'points'>,
): { readonly guard: TerminatedGuard; readonly lost: readonly Lost[]; readonly unsaved: ReadonlySet<string> } {
  const snapshots = new Map(
    volumes.flatMap((volume) => {
      const data: DataIn | undefined = completed ? usable(completed.get(volume.volume_id), volume) : takenFirst(volume);
      return data ? [[volume.volume_id, data] as const] : [];
    }),
  );
  const unsaved = unsavedOf(examined, snapshots);
  const before = guardOf(examined);
  const guard: Record<string, TerminatedGuard[string]> = {};
  const lost: Lost[] = [];
  for (const one of examined) {
    const { instance_id: id } = one.instance;
    const with_ = launched.find(({ instance_id }) => instance_id === id);
    if (!with_ || !before[id])
      throw new HoldshortError('internal', `what ${id} was launched with was not read`, 'report this as a bug');
    const first = completed ? undefined : firstOf(one.instance, with_.root_device);
    const was = { ...before[id], ...(first ? { snapshot_first: first } : {}) };
    if (unsaved.size > 0) {
      guard[id] = { ...was, again: null };
      continue;
    }
    const back = launchBack({
      ...one,
      with: with_,
      image: images.get(one.instance.image_id ?? ''),
      volumes,
      snapshots,
    });
    guard[id] = { ...was, again: back.again };
    lost.push(...back.lost);
  }
  return { guard, lost, unsaved };
}

/**
 * The volumes that go with them, and the instances whose root is no volume, of which nothing is left then. Where there
 * is one, there is no way back for any: the attacker has the only copy of something deleted, along with disks and
 * instances that come back. Of a root, too, whose data comes back in no call: a person can still make a volume of it.
 */
function unsavedOf(examined: readonly Examined[], snapshots: ReadonlyMap<string, DataIn>): ReadonlySet<string> {
  return new Set(
    examined.flatMap(({ instance: { instance_id, root_device_type, block_devices } }) => [
      ...(root_device_type === 'ebs' ? [] : [instance_id]),
      ...block_devices.flatMap(({ volume_id, delete_on_termination }) =>
        delete_on_termination && !snapshots.has(volume_id) ? [volume_id] : [],
      ),
    ]),
  );
}

interface Going extends Examined {
  readonly with: LaunchedWith;
  /** Undefined where it isn't there any more. */
  readonly image: LaunchImage | undefined;
  readonly volumes: readonly Volume[];
  /** Of which each can be made, by the volumes' ids. */
  readonly snapshots: ReadonlyMap<string, DataIn>;
}

function launchBack(going: Going): { readonly again: LaunchBack | null; readonly lost: readonly Lost[] } {
  const { instance, volumes, snapshots } = going;
  const line = (why: string): Lost => ({ resource: instance.instance_id, type: 'AWS::EC2::Instance', why });
  const launch = launchOf(going);
  const not = whyNot(going, launch);
  if (not !== undefined) {
    const disks = instance.block_devices.map(({ volume_id, delete_on_termination, device_name }): Lost => {
      const snapshot = delete_on_termination ? snapshots.get(volume_id) : undefined;
      const why = snapshot
        ? `the volume, which goes with it: ${dataLost(snapshot)}`
        : `that it is attached to it as ${device_name}: it stays`;
      return { resource: volume_id, type: 'AWS::EC2::Volume', why };
    });
    return { again: null, lost: [line(`the instance: ${not}`), ...disks] };
  }
  const disks: LaunchBack['disks'] = [];
  const [root, lost]: [Lost[], Lost[]] = [[], []];
  for (const { device_name: device, volume_id, delete_on_termination } of instance.block_devices) {
    const about = (why: string): Lost => ({ resource: volume_id, type: 'AWS::EC2::Volume', why });
    const volume = volumes.find((one) => one.volume_id === volume_id);
    const snapshot = delete_on_termination ? snapshots.get(volume_id) : undefined;
    if (device === going.with.root_device) {
      root.push(...rootLost(volume, snapshot, tagsKept(instance.tags).given).map(about));
      continue;
    }
    const made = snapshot && volume ? volumeBack(volume, snapshot) : undefined;
    const back = delete_on_termination ? made?.back : volume_id;
    lost.push(...(made?.lost ?? []).map(about));
    if (back === undefined) continue;
    if (!Device.safeParse(device).success) {
      lost.push(about(`that it is attached as ${device}: no call takes that name`));
      continue;
    }
    if (made) lost.push(about('that it is deleted with its instance: the new one stays'));
    disks.push({ device, volume: back });
  }
  return { again: { launch, disks }, lost: [...root, ...instanceLost(going).map(line), ...lost] };
}

/** Why it is not launched again; undefined where it is. */
function whyNot({ instance, image, type, with: launched }: Going, launch: Record<string, Json>): string | undefined {
  const group = scalingGroup(instance);
  if (group !== undefined) return `it is of the Auto Scaling group ${group}, which launches its own`;
  if (image?.state !== 'available') return `its image ${instance.image_id} can not be launched any more`;
  if (!type) return `its type ${instance.instance_type} is not offered here any more`;
  const told = launch.subnet_id !== undefined && launched.root_device !== undefined;
  return told && z.strictObject(LaunchFields).safeParse(launch).success ? undefined : 'no call launches one like it';
}

function launchOf({ instance, with: launched, image, volumes, elastic_ips }: Going): Record<string, Json> {
  const { public_ip_address: address, security_groups: groups, iam_instance_profile: profile, subnet_id } = instance;
  const root = instance.block_devices.find(({ device_name }) => device_name === launched.root_device);
  const volume = volumes.find(({ volume_id }) => volume_id === root?.volume_id);
  const others = (image?.devices ?? []).filter((device) => device !== launched.root_device);
  const disks = [
    ...(root && volume ? [rootDisk(root.device_name, volume, root.delete_on_termination)] : []),
    // What was there comes back as a volume of its own, or was not there any more.
    ...others.map((device) => ({ device, none: true })),
  ];
  const tags = tagsKept(instance.tags).given;
  return {
    ...(instance.image_id === undefined ? {} : { image_id: instance.image_id }),
    instance_type: instance.instance_type,
    ...(subnet_id === undefined ? {} : { subnet_id }),
    security_group_ids: groups.map(({ id }) => id).sort(),
    associate_public_ip_address: address !== undefined && !elastic_ips.some(({ public_ip }) => public_ip === address),
    ...(launched.key_name === undefined ? {} : { key_name: launched.key_name }),
    ...(profile === undefined ? {} : { iam_instance_profile: profile }),
    ...(launched.http_tokens_required ? { http_tokens: 'required' } : {}),
    ...(disks.length > 0 ? { block_devices: disks } : {}),
    ...(Object.keys(tags).length > 0 ? { tags } : {}),
  };
}

function rootDisk(device: string, volume: Volume, delete_on_termination: boolean) {
  return {
    device,
    size: volume.size_gib,
    volume_type: volume.volume_type,
    ...performanceOf(volume),
    ...(volume.encrypted ? { encrypted: true } : {}),
    delete_on_termination,
  };
}

async function imagesOf(instances: readonly Instance[], { ec2 }: Readers): Promise<ReadonlyMap<string, LaunchImage>> {
  const found = new Map<string, LaunchImage>();
  const named = new Set(instances.flatMap(({ image_id }) => image_id ?? []));
  for (const id of [...named].filter((one) => ImageId.safeParse(one).success)) {
    try {
      found.set(id, await ec2.launchImage(id));
    } catch (error) {
      if (!(error instanceof HoldshortError) || error.code !== 'not_found') throw error;
    }
  }
  return found;
}
