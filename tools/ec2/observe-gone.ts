import type { Observation } from '../define.ts';

/** How something goes. */
interface Going {
  /** `deleted`, `released` */
  readonly verb: string;
  /** States that it passes through, and those in which AWS still lists it for a while. */
  readonly under_way?: readonly string[];
  readonly done?: readonly string[];
}

/**
 * What came of a deletion. AWS keeps no record of who deleted something that a reader could see: that it is gone since
 * it was looked at right before the request is all there is.
 * @param resource its ARN
 * @param found undefined: it isn't listed any more
 */
export function observeGone(
  resource: string,
  found: { readonly state?: string } | undefined,
  { verb, under_way = [], done = [] }: Going,
): Observation {
  const state = found?.state;
  if (state !== undefined && under_way.includes(state)) return { state: 'pending', detail: `it is ${state}` };
  if (found === undefined || (state !== undefined && done.includes(state))) {
    const detail = `${verb}: it was there when the plan was checked, and is gone`;
    return { state: 'succeeded', evidence: 'state', detail, resources: [{ resource, outcome: 'succeeded', detail }] };
  }
  const detail = state === undefined ? 'still there' : `still there, ${state}`;
  return {
    state: 'unknown',
    evidence: 'state',
    detail: `no trace that the request arrived: it is ${detail}`,
    resources: [{ resource, outcome: 'unknown', detail }],
  };
}
