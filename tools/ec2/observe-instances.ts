import { z } from 'zod';
import { sha256 } from '../../src/kernel/digest.ts';
import type { PlanRecord } from '../../src/kernel/plan.ts';
import { bounded } from '../../src/kernel/safe-text.ts';
import type { Observation, Readers, ResourceOutcome } from '../define.ts';
import type { Instance } from '../ports/ec2.ts';
import { instanceArn } from './instance-target.ts';

/** The states that an instance passes through and ends in, by what was asked for. */
export interface Course {
  readonly verb: string;
  readonly under_way: readonly string[];
  readonly done: readonly string[];
}

/** The instance ids of a stored plan. */
export function idsOf(plan: PlanRecord): readonly string[] {
  return z.array(z.string()).parse(plan.arguments.instance_ids);
}

/**
 * How far instances are. EC2 keeps no token for stop, start and terminate: that the state changed since the guard was rechecked is the
 * evidence, and an instance that hasn't changed is no evidence of anything.
 */
export async function observeInstances(
  plan: PlanRecord,
  { ec2, caller }: Readers,
  { verb, under_way, done }: Course,
): Promise<Observation> {
  const ids = idsOf(plan);
  // A filter, unlike a list of ids, doesn't fail for instances that are no longer listed.
  const found = new Map<string, Instance>();
  let cursor: string | undefined;
  do {
    const filters = [{ name: 'instance-id', values: ids }];
    const page = await ec2.instances({ filters, limit: 100, ...(cursor === undefined ? {} : { cursor }) });
    for (const instance of page.items) found.set(instance.instance_id, instance);
    cursor = page.cursor;
  } while (cursor !== undefined);

  const resources = ids.map((id): ResourceOutcome & { state: string } => {
    const instance = found.get(id);
    // A terminated instance is listed for about an hour.
    const state = instance?.state ?? 'terminated';
    const reason = instance?.state_transition_reason
      ? ` (${bounded(instance.state_transition_reason, 200, sha256)})`
      : '';
    const detail = instance ? `${state}${reason}` : 'no longer listed';
    return {
      resource: instanceArn(id, caller),
      outcome: done.includes(state) ? 'succeeded' : 'unknown',
      detail,
      state,
    };
  });
  const outcomes = resources.map(({ resource, outcome, detail }) => ({ resource, outcome, detail }));
  const moving = resources.filter(({ state }) => under_way.includes(state)).length;
  if (moving > 0) return { state: 'pending', detail: `${moving} of ${ids.length} instances are still on the way` };
  const succeeded = outcomes.filter(({ outcome }) => outcome === 'succeeded').length;
  if (succeeded === ids.length) {
    return { state: 'succeeded', detail: `${verb}: ${succeeded} of ${ids.length} instances`, resources: outcomes };
  }
  const detail =
    succeeded === 0
      ? `no trace that the request arrived: no instance is ${done.join(' or ')}`
      : `${verb}: ${succeeded} of ${ids.length} instances; the others show no trace of the request`;
  return { state: 'unknown', detail, resources: outcomes };
}
