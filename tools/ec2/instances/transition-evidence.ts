import { sha256 } from '../../../src/kernel/digest.ts';
import { bounded } from '../../../src/kernel/safe-text.ts';
import type { Attempt } from '../../define.ts';
import type { Instance } from '../../ports/ec2-instances.ts';
import type { InstanceGuard } from './guard.ts';

/** Clocks differ, and the intent is durable a moment before the request leaves. */
const EARLIEST_MS = -2 * 60_000;
/** A request that is answered at all is carried out within minutes. */
const LATEST_MS = 15 * 60_000;

/**
 * Does what AWS says about an instance's last change of state fit our request? It may be another's all the same. `why`
 * is for people.
 */
export interface Transition {
  readonly fits: boolean;
  readonly why: string;
}

type LaunchTimes = Readonly<Record<string, Partial<Pick<InstanceGuard, 'launch_time'>>>>;

/**
 * Weighs the time of the last change of state against the attempt. A stop or termination is dated in the transition
 * reason (`User initiated (2026-11-22 12:14:36 GMT)`), a start by the launch time, which AWS sets again.
 * https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_Instance.html
 * @param guard the plan's: emulators leave the launch time of the stopped instance as it was, which then dates no start
 */
export function transitionOf(instance: Instance, guard: LaunchTimes, { intended_at }: Attempt): Transition {
  const { state, state_transition_reason: reason = '', launch_time = '' } = instance;
  const starting = state === 'running' || state === 'pending';
  if (!starting && reason !== '' && !/^User initiated/i.test(reason))
    return { fits: false, why: `AWS gives another reason for it: ${bounded(reason, 200, sha256)}` };
  const launched = launch_time === guard[instance.instance_id]?.launch_time ? '' : launch_time;
  const at = starting ? Date.parse(launched) : dateIn(reason);
  if (Number.isNaN(at)) return { fits: true, why: '(AWS does not say since when: this rests on its state alone)' };
  const since = new Date(at).toISOString();
  const late = at - Date.parse(intended_at);
  if (late < EARLIEST_MS) return { fits: false, why: `since ${since}, before this request was made` };
  if (late > LATEST_MS) return { fits: false, why: `since ${since}, long after this request was made` };
  return { fits: true, why: `since ${since}` };
}

/** AWS writes GMT, moto UTC. NaN where there is no date. */
function dateIn(reason: string): number {
  const [, day, time] = /\((\d{4}-\d{2}-\d{2}) (\d{2}:\d{2}:\d{2}) (?:GMT|UTC)\)/.exec(reason) ?? [];
  return Date.parse(`${day}T${time}Z`);
}
