import type { Json } from '../../../../../src/kernel/digest.ts';
import type { Finding } from '../finding.ts';
import { isOff, same } from '../resource-settings.ts';
import { labelOf, type Place, say } from './place.ts';

/**
 * What something may do: policy documents, managed policies. Any other than before may give more. What is new and empty
 * gives nothing; what becomes empty may fall back to a default that gives more.
 */
export function permits(before: Json | undefined, after: Json | undefined, place: Place): readonly Finding[] {
  if (same(before, after) || (before === undefined && isOff(after))) return [];
  return say(place, 'expose', `${labelOf(place)} says what it may do`);
}
