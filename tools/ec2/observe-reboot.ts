import type { Attempt, Observation, Readers, ResourceOutcome } from '../define.ts';
import { instanceArn } from './instance-target.ts';
import { instancesNow } from './observe-instances.ts';

const NO_RECORD = 'EC2 keeps no record of a reboot';

/**
 * EC2 says nowhere that an instance was rebooted: no token, no state on the way, no new launch time. That AWS accepted the request is all
 * that can be known, and where not even that is known, nothing is.
 */
export async function observeReboot(
  ids: readonly string[],
  readers: Readers,
  { accepted }: Attempt,
): Promise<Observation> {
  const found = await instancesNow(ids, readers);
  const resources = ids.map((id): ResourceOutcome => {
    const state = found.get(id)?.state ?? 'no longer listed';
    const resource = instanceArn(id, readers.caller);
    if (!accepted) return { resource, outcome: 'unknown', detail: `${state}; ${NO_RECORD}` };
    // "Requests to reboot terminated instances are ignored": API_RebootInstances.html
    if (state !== 'running')
      return { resource, outcome: 'unknown', detail: `${state}: perhaps it was gone before the reboot` };
    return { resource, outcome: 'succeeded', detail: `${state}; AWS accepted the reboot, which is all that it tells` };
  });
  const succeeded = resources.filter(({ outcome }) => outcome === 'succeeded').length;
  if (succeeded === ids.length)
    return {
      state: 'succeeded',
      detail: `AWS accepted the reboot of ${ids.length} instances; ${NO_RECORD}`,
      resources,
    };
  const detail = accepted
    ? `AWS accepted the reboot, but ${ids.length - succeeded} of ${ids.length} instances do not run`
    : `whether the request arrived can't be told: ${NO_RECORD}; CloudTrail or the console output may`;
  return { state: 'unknown', detail, resources };
}
