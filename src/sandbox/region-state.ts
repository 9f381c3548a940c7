import type { Region } from './cloud.ts';

/**
 * What one service keeps of each region, begun when someone first looks. The cloud itself knows no service, so that
 * each can know the cloud.
 */
export function stateOf<T>(begin: (region: Region) => T): (region: Region) => T {
  const kept = new WeakMap<Region, { readonly state: T }>();
  return (region) => {
    const known = kept.get(region);
    if (known) return known.state;
    const state = begin(region);
    kept.set(region, { state });
    return state;
  };
}
