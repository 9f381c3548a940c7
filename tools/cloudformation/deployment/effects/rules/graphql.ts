import type { Json } from '../../../../../src/kernel/digest.ts';
import type { Finding } from '../finding.ts';
import { same } from '../resource-settings.ts';
import { definitionsIn } from './graphql-schema.ts';
import { labelOf, type Place, say } from './place.ts';
import { isUnreadable } from './reading.ts';

/** A GraphQL schema: who may ask for what, and what there is to ask for. */
export function graphQl(before: Json | undefined, after: Json | undefined, place: Place): readonly Finding[] {
  const label = labelOf(place);
  if (same(before, after)) return [];
  const [was, is] = [before ?? '', after ?? ''].map((text) =>
    typeof text === 'string' && !isUnreadable(text) ? definitionsIn(text) : undefined,
  );
  if (!was || !is) return say(place, 'expose', `${label} can't be read here, so that it may let others ask`);
  const lost = [...was.keys()].filter((name) => !is.has(name)).length;
  const opened = [...is].filter(([name, admitted]) => was.has(name) && was.get(name) !== admitted).length;
  return [
    ...(opened > 0 ? say(place, 'expose', `${label} says otherwise who may ask (in ${opened} places)`) : []),
    ...(lost > 0 ? say(place, 'disrupt', `${label} has ${lost} of its types, fields or values less`) : []),
  ];
}
