import type { Json } from '../../../../../src/kernel/digest.ts';
import type { Finding } from '../finding.ts';
import { isOff, same } from '../resource-settings.ts';
import { labelOf, type Place, say } from './place.ts';

/**
 * Who may use something: a resource's policy, a role's trust, a principal. Any other than before may let in more. What
 * is new and empty lets in nobody; what becomes empty may fall back to a default that lets in more.
 */
export function admits(before: Json | undefined, after: Json | undefined, place: Place): readonly Finding[] {
  if (same(before, after) || (before === undefined && isOff(after))) return [];
  return say(place, 'expose', `${labelOf(place)} says who may use it`);
}
