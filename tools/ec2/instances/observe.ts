import type { Attempt, Observation, Readers, ResourceOutcome } from '../../define.ts';
import type { Instance } from '../../ports/ec2-instances.ts';
import type { InstancesGuard } from './guard.ts';
import { instanceArn } from './target.ts';
import { transitionOf } from './transition-evidence.ts';

/** The states that an instance passes through and ends in, by what was asked for. */
export interface Course {
  readonly verb: string;
  readonly under_way: readonly string[];
  readonly done: readonly string[];
}

/** Those of the named instances that AWS still lists: a filter, unlike a list of ids, doesn't fail for the others. */
export async function instancesNow(ids: readonly string[], { ec2 }: Readers): Promise<ReadonlyMap<string, Instance>> {
  const found = await ec2.everyInstance([{ name: 'instance-id', values: ids }]);
  return new Map(found.map((instance) => [instance.instance_id, instance]));
}

/**
 * How far instances are. EC2 keeps no token for stop, start and terminate: that the state changed since the guard was
 * rechecked is all there is, as long as AWS dates the change to about then. An instance that hasn't changed, or isn't
 * listed any more, says nothing.
 */
export async function observeInstances(
  ids: readonly string[],
  guard: InstancesGuard,
  readers: Readers,
  attempt: Attempt,
  { verb, under_way, done }: Course,
): Promise<Observation> {
  const found = await instancesNow(ids, readers);
  const resources = ids.map((id): ResourceOutcome & { state: string } => {
    const instance = found.get(id);
    const resource = instanceArn(id, readers.caller);
    if (!instance) {
      // A terminated instance is listed for about an hour; who terminated it can't be told after that.
      const detail = 'no longer listed: it is gone, but AWS does not say since when or by whom';
      return { resource, outcome: 'unknown', detail, state: 'not listed' };
    }
    const { state } = instance;
    if (!done.includes(state)) return { resource, outcome: 'unknown', detail: state, state };
    const { fits, why } = transitionOf(instance, guard, attempt);
    return { resource, outcome: fits ? 'succeeded' : 'unknown', detail: `${state} ${why}`, state };
  });
  const outcomes = resources.map(({ resource, outcome, detail }) => ({ resource, outcome, detail }));
  const moving = resources.filter(({ state }) => under_way.includes(state)).length;
  if (moving > 0) return { state: 'pending', detail: `${moving} of ${ids.length} instances are still on the way` };
  const succeeded = outcomes.filter(({ outcome }) => outcome === 'succeeded').length;
  if (succeeded === ids.length) {
    const detail = `${verb}: ${succeeded} of ${ids.length} instances`;
    return { state: 'succeeded', evidence: 'state', detail, resources: outcomes };
  }
  const detail =
    succeeded === 0
      ? `no trace that the request arrived: no instance became ${done.join(' or ')} by it`
      : `${verb}: ${succeeded} of ${ids.length} instances; the others show no trace of the request`;
  return { state: 'unknown', evidence: 'state', detail, resources: outcomes };
}
