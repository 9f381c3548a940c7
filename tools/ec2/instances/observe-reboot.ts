import type { Observation, Readers, ResourceOutcome } from '../../define.ts';
import { instancesNow } from './observe.ts';
import { instanceArn } from './target.ts';

const NO_RECORD = 'EC2 keeps no record of a reboot';

/**
 * EC2 says nowhere that an instance was rebooted: no token, no state on the way, no new launch time. That it runs is
 * all there is to see, and goes with any outcome.
 */
export async function observeReboot(ids: readonly string[], readers: Readers): Promise<Observation> {
  const found = await instancesNow(ids, readers);
  const resources = ids.map((id): ResourceOutcome => {
    const state = found.get(id)?.state ?? 'no longer listed';
    const resource = instanceArn(id, readers.caller);
    // "Requests to reboot terminated instances are ignored": API_RebootInstances.html
    if (state !== 'running')
      return { resource, outcome: 'unknown', detail: `${state}: perhaps it was gone before the reboot` };
    return { resource, outcome: 'succeeded', detail: `${state}; ${NO_RECORD}` };
  });
  const running = resources.filter(({ outcome }) => outcome === 'succeeded').length;
  return {
    state: running === ids.length ? 'succeeded' : 'unknown',
    evidence: 'state',
    detail: `${running} of ${ids.length} instances run; ${NO_RECORD} (CloudTrail or the console output may show it)`,
    resources,
  };
}
