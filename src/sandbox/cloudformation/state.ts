/** What CloudFormation keeps of each region. */
import { stateOf } from '../region-state.ts';
import type { ChangeSet, DriftDetection, Stack } from './model.ts';
import type { OrderedDrift, OrderedRefusal } from './orders.ts';

/** Every stack, deleted ones too, oldest first, by its ARN. */
export const stacksIn = stateOf(() => new Map<string, Stack>());
export const changeSetsIn = stateOf(() => new Map<string, ChangeSet>());
/** ClientRequestTokens, with the operation each was used for. */
export const requestTokensIn = stateOf(() => new Map<string, string>());
/** `TYPE PHYSICAL-ID` of every resource that exists, however it came to be: names are unique. */
export const identifiersIn = stateOf(() => new Set<string>());
/** By the id that AWS gives a detection. */
export const driftDetectionsIn = stateOf(() => new Map<string, DriftDetection>());
/** What tests ordered: resources that were changed outside, and changes that fail. */
export const driftsIn = stateOf((): OrderedDrift[] => []);
export const refusalsIn = stateOf((): OrderedRefusal[] => []);
