import type { Region } from './cloud.ts';

/**
 * What one service keeps of each region, begun when someone first looks. The cloud itself knows no service, so that
 * each can know the cloud.
 */
export function stateOf<T extends object>(begin: (region: Region) => T): (region: Region) => T {
  const key = Symbol();
  return (region) => {
    const known = region.kept.get(key) as T | undefined;
    if (known) return known;
    const state = begin(region);
    region.kept.set(key, state);
    return state;
  };
}
