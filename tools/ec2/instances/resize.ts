import { stableJson } from '../../../src/kernel/digest.ts';
import { HoldshortError } from '../../../src/kernel/errors.ts';
import type { PlanRecord, Step } from '../../../src/kernel/plan.ts';
import type { Attempt, Readers } from '../../define.ts';
import { wrongState } from '../../refusing.ts';
import { examine, guardOf, type InstancesGuard } from './guard.ts';

/*
 * A running instance gets another type in three requests, each with an intent of its own: it stops, is changed and
 * starts again. https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/change-instance-type-of-ebs-backed-instance.html
 */

const STOPS = 'ec2_stop_instances';
const CHANGES = 'ec2_modify_instance_attribute';
const STARTS = 'ec2_start_instances';

export const RESIZE_TOOLS = [STOPS, CHANGES, STARTS] as const;

export function resizeSteps(id: string, from: string, to: string): readonly Step[] {
  return [
    {
      tool: STOPS,
      detail: `stops ${id}`,
      leaves: `${id} is left stopped, still a ${from}; ec2_start_instances has it run as before`,
    },
    {
      tool: CHANGES,
      detail: `changes its type from ${from} to ${to}`,
      leaves: `${id} is left stopped, as a ${to}; ec2_start_instances has it run`,
    },
    { tool: STARTS, detail: 'starts it again', leaves: `${id} runs as a ${to}` },
  ];
}

/** Which of the three an attempt is; a plan without steps is the change alone. */
export function requestOf(
  { steps }: Pick<PlanRecord, 'steps'>,
  { step = 1 }: Pick<Attempt, 'step'>,
): (typeof RESIZE_TOOLS)[number] {
  const tool = steps ? steps[step - 1]?.tool : CHANGES;
  const known = RESIZE_TOOLS.find((one) => one === tool);
  if (known) return known;
  throw new HoldshortError('internal', `nothing was sent: there is no step ${step}`, 'report this as a bug');
}

/** What a stop changes by itself: a public address that is no Elastic IP goes. */
const GOES = 'public_ip_address';

/**
 * Before the type is changed, and before the instance starts: it is stopped, of the type that the steps before leave it
 * with, and otherwise as people were shown it.
 * @throws not_found, wrong_state
 */
export async function differsFromSteps(
  { instance_id, instance_type }: { readonly instance_id: string; readonly instance_type?: string },
  guard: InstancesGuard,
  readers: Readers,
  step: number,
): Promise<string | undefined> {
  const examined = await examine([instance_id], readers, ({ state }) => {
    if (state !== 'stopped') throw wrongState(`${instance_id} is ${state}`, 'look at it first');
  });
  const [planned, now] = [guard[instance_id], guardOf(examined)[instance_id]];
  if (!planned || !now) return `${instance_id} is not what was planned`;
  const wanted = {
    ...planned,
    state: 'stopped',
    ...(step > 2 && instance_type !== undefined ? { instance_type } : {}),
  };
  const names = Object.keys(now) as (keyof typeof now)[];
  const moved = names.find((name) => name !== GOES && stableJson(wanted[name]) !== stableJson(now[name]));
  return moved && `${moved.replaceAll('_', ' ')} of ${instance_id} changed`;
}
