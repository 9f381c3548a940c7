import type { Cloud } from './cloud.ts';
import { Drift, Refusal } from './cloudformation/orders.ts';
import { driftsIn, refusalsIn } from './cloudformation/state.ts';

/**
 * What tests order to happen in the cloud's default region. @returns the order, or what is wrong with it; undefined for
 * another path
 */
export function steer(
  cloud: Cloud,
  defaultRegion: string,
  path: string,
  body: unknown,
): { readonly status: number; readonly value: unknown } | undefined {
  const region = cloud.region(defaultRegion);
  const take = <T>(
    parsed: { success: true; data: T } | { success: false; error: { issues: unknown } },
    orders: T[],
  ) => {
    if (!parsed.success) return { status: 400, value: { error: parsed.error.issues } };
    orders.push(parsed.data);
    return { status: 200, value: parsed.data };
  };
  if (path === '/_sandbox/drift') return take(Drift.safeParse(body), driftsIn(region));
  if (path === '/_sandbox/refusals') return take(Refusal.safeParse(body), refusalsIn(region));
  return undefined;
}
