import type { LaunchedWith } from '../../ports/ec2-instances.ts';
import type { Snapshot, Volume } from '../../ports/ec2-storage.ts';
import type { Examined } from '../instances/guard.ts';
import { storeLoss } from '../instances/losses.ts';
import { quoted } from '../network/target.ts';
import { tagsKept } from './tags-back.ts';
import { keyLost, usable } from './volume-back.ts';

/*
 * What a new instance, launched as far as calls say, is not or has not of one that was terminated:
 * https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/terminating-instances.html
 */

export function instanceLost(going: Examined & { readonly with: LaunchedWith }): readonly string[] {
  const { instance, elastic_ips, spot, with: launched } = going;
  const { public_ip_address: address, private_ip_address: inside } = instance;
  const elastic = elastic_ips.map(({ public_ip }) => public_ip);
  const store = storeLoss(going).replace(/^; /, '');
  return [
    'its id, and what knows it by that (load balancers, alarms, DNS, other programs); two tags of ours are new',
    ...(inside === undefined ? [] : [`its private address ${inside}: the new one gets another`]),
    ...(address === undefined || elastic.includes(address)
      ? []
      : [`its public address ${address}: the new one gets another`]),
    ...elastic.map((ip) => `that it has the Elastic IP ${ip}: that stays yours, and nothing has it`),
    ...(instance.state === 'stopped'
      ? ['that it is stopped: the new one runs, with a public address only where it had one while it was stopped']
      : ['what is in its memory']),
    ...(store ? [store] : []),
    ...(launched.user_data_bytes === 0
      ? []
      : [`its user data (${launched.user_data_bytes} bytes), which no call gives: it is in the kit`]),
    ...(launched.on_shutdown === 'stop'
      ? []
      : [`what a shutdown from within does (${launched.on_shutdown}): it stops`]),
    ...(instance.instance_lifecycle === undefined && !spot
      ? []
      : [`that it is a ${instance.instance_lifecycle ?? 'spot'} instance: the new one is on demand`]),
    ...instance.more_interfaces.map(({ id }) => `that it has the network interface ${id}`),
    ...tagsKept(instance.tags).lost,
    ...launched.others.map((one) => `its ${one}: the new one has what AWS gives by itself`),
    'whatever else AWS keeps of it and does not tell',
  ];
}

/** The root is made of the image: AWS takes no other snapshot for it in a launch. */
export function rootLost(
  volume: Volume | undefined,
  snapshots: readonly Snapshot[],
  deleted: boolean,
  given: Readonly<Record<string, string>>,
): readonly string[] {
  if (!volume) return ['the root volume, which AWS does not tell of'];
  const { kms_key_id, encrypted, tags, others, size_gib } = volume;
  const snapshot = usable(snapshots, size_gib);
  const own = Object.entries(tags).filter(([key, value]) => given[key] !== value);
  return [
    deleted
      ? `what was written to it: the new root is as its image has it${snapshot ? `; its newest completed snapshot, of which a person can make a volume, is ${snapshot.snapshot_id} of ${snapshot.start_time ?? 'an unknown time'}` : ', and there is no completed snapshot of it'}`
      : 'that it is the root: it stays, attached to nothing, and the new root is as its image has it',
    ...(encrypted ? [keyLost(kms_key_id, undefined)] : []),
    ...own.map(([key]) => `its tag ${quoted(key)}: the new root has those of its instance`),
    ...others.map((one) => `its ${one}: the new one has what AWS gives by itself`),
  ];
}
