import type { Effect } from '../../../src/kernel/effects.ts';
import { HoldshortError } from '../../../src/kernel/errors.ts';
import type { Instance } from '../../ports/ec2-instances.ts';
import { wrongState } from '../../refusing.ts';
import type { Examined } from './guard.ts';
import { scalingGroup } from './target.ts';

/* What keeps an instance from being stopped, and what a stop does to it: the same for whatever tool stops it. */

/** @throws wrong_state */
export function refuseState({ instance_id, state, root_device_type }: Instance): void {
  if (state !== 'running') throw wrongState(`${instance_id} is ${state}, not running`, 'leave it out, or wait');
  if (root_device_type === 'instance-store') {
    throw wrongState(
      `the root of ${instance_id} is on an instance store: it can't be stopped, only terminated`,
      'leave it out',
    );
  }
}

/** @throws protected */
export function refuseProtected({ instance: { instance_id }, protection }: Examined): void {
  if (!protection.disable_api_stop) return;
  throw new HoldshortError(
    'protected',
    `stop protection is on for ${instance_id}`,
    'a person turns it off outside this server, if the instance is really to stop; or leave it out',
  );
}

/**
 * An Auto Scaling group makes a replacement of it.
 * https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-health-checks.html
 */
export function stopEffect(instance: Instance): { readonly effect: Effect; readonly replaced: string } {
  const group = scalingGroup(instance);
  if (group === undefined) return { effect: 'disrupt', replaced: '' };
  const replaced = `; the Auto Scaling group ${group} terminates a member that stops, with the volumes that go along, and launches another`;
  return { effect: 'replace', replaced };
}

/** How a stop and a start show in an instance's state. */
export const STOP = { verb: 'stopped', under_way: ['stopping'], done: ['stopped'] } as const;
export const START = { verb: 'started', under_way: ['pending'], done: ['running'] } as const;
