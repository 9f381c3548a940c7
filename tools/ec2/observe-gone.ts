import type { Observation, Readers } from '../define.ts';
import { ec2Arn } from './network/target.ts';

/** Whether something went. The guard saw it right before the request; AWS keeps no record of who took it. */
export async function observeGone(
  id: string,
  verb: string,
  { caller }: Readers,
  isThere: () => Promise<boolean>,
): Promise<Observation> {
  const resource = ec2Arn(id, caller);
  if (await isThere()) {
    const resources = [{ resource, outcome: 'unknown' as const, detail: 'still there' }];
    return {
      state: 'unknown',
      evidence: 'state',
      detail: `no trace that the request arrived: ${id} is still there`,
      resources,
    };
  }
  const detail = `${verb}: it was there when the plan was checked, and is gone`;
  return { state: 'succeeded', evidence: 'state', detail, resources: [{ resource, outcome: 'succeeded', detail }] };
}
