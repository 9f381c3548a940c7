import type { Json } from '../../../../../src/kernel/digest.ts';
import type { Finding } from '../finding.ts';
import { same } from '../resource-settings.ts';
import { labelOf, type Place, say } from './place.ts';

/**
 * Who may use something: a resource's policy, a role's trust, a principal. Any other than before may let in more, and
 * so may none: AWS's default.
 */
export function admits(before: Json | undefined, after: Json | undefined, place: Place): readonly Finding[] {
  if (same(before, after)) return [];
  return say(place, 'expose', `${labelOf(place)} says who may use it`);
}
