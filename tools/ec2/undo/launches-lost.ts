import type { LaunchedWith } from '../../ports/ec2-instances.ts';
import type { Volume } from '../../ports/ec2-storage.ts';
import type { Examined } from '../instances/guard.ts';
import { storeLoss } from '../instances/losses.ts';
import { quoted } from '../network/target.ts';
import { tagsKept } from './tags-back.ts';
import { type DataIn, keyLost } from './volume-back.ts';

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
    ...cpuLost(going),
    ...launched.others.map((one) => `its ${one}: the new one has what AWS gives by itself`),
    'whatever else AWS keeps of it and does not tell',
  ];
}

/** AWS tells it of every instance: only what isn't its type's own was chosen. */
function cpuLost({ type, with: { cpu } }: Examined & { readonly with: LaunchedWith }): readonly string[] {
  if (!cpu) return [];
  const { cores, threads_per_core: threads } = cpu;
  const usual = type?.default_cpu;
  if (usual?.cores === cores && usual.threads_per_core === threads) return [];
  return [`its CpuOptions (CoreCount ${cores}, ThreadsPerCore ${threads}): the new one has what its type has`];
}

/**
 * The root is made of the image: AWS takes no other snapshot for it in a launch.
 * @param snapshot which is left of it; undefined where it stays itself
 */
export function rootLost(
  volume: Volume | undefined,
  snapshot: DataIn | undefined,
  given: Readonly<Record<string, string>>,
): readonly string[] {
  if (!volume) return ['the root volume, which AWS does not tell of'];
  const { kms_key_id, encrypted, tags, others } = volume;
  const own = Object.entries(tags).filter(([key, value]) => given[key] !== value);
  return [
    snapshot
      ? `what was written to it: the new root is as its image has it; its ${whichText(snapshot)}`
      : 'that it is the root: it stays, attached to nothing, and the new root is as its image has it',
    ...(encrypted ? [keyLost(kms_key_id, "that of its image, or the account's default")] : []),
    ...own.map(([key]) => `its tag ${quoted(key)}: the new root has those of its instance`),
    ...others.map((one) => `its ${one}: the new one has what AWS gives by itself`),
  ];
}

function whichText(snapshot: DataIn): string {
  if ('taken_of' in snapshot) return 'snapshot, of which a person can make a volume, is taken right before';
  const { snapshot_id, start_time } = snapshot;
  return `newest completed snapshot, of which a person can make a volume, is ${snapshot_id} of ${start_time ?? 'an unknown time'}`;
}
