import type { Json } from '../../../../../src/kernel/digest.ts';
import type { Finding } from '../finding.ts';
import { whyTagsCount } from '../tag-lists.ts';
import { labelOf, type Place, say } from './place.ts';

/** Others sign in with it, and nobody can read the one before back. */
export function secret(place: Place): readonly Finding[] {
  const why = `${labelOf(place)} is another secret: those who sign in with it can't until they have the new one`;
  return say(place, 'disrupt', why).map((one) => ({ ...one, recoverable: false }));
}

/** No worse than what happens anyway, and said all the same. */
export function code(after: Json | undefined, place: Place): readonly Finding[] {
  if (after === undefined) return [];
  const why = `${labelOf(place)} is code, which is not shown here and is not judged`;
  return [{ effect: place.resource.isNew ? 'create' : 'modify', why, recoverable: true }];
}

export function tags(before: Json | undefined, after: Json | undefined, place: Place): readonly Finding[] {
  const why = whyTagsCount(before, after, place.resource.tagRules);
  return why === undefined ? [] : say(place, 'weaken', `${labelOf(place)} ${why}`);
}
