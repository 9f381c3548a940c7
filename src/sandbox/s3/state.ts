import { stateOf } from '../region-state.ts';

/** The keys that each bucket holds. */
export const objectsIn = stateOf(() => new Map<string, Set<string>>());
