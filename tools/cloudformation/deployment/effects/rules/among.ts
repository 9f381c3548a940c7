import { jsonPointer } from '../../../../ports/json-pointer.ts';
import type { Subject } from './place.ts';

/**
 * Is a new resource among new things: is all that these properties name added by the same change set, whichever branch
 * of a condition is taken? The attacker names production's network in a stack of its own, by an id, a parameter, an
 * import or one branch of a condition: none of these is a reference to what the template itself adds. A property that
 * isn't there names nothing, so that AWS's default may be meant.
 */
export function isAmongNew(names: readonly string[], { isNew, after, ownAfter, added }: Subject): boolean {
  return (
    isNew &&
    names.every((name) => {
      const owners = ownAfter.get(jsonPointer([name])) ?? [];
      return after?.[name] !== undefined && owners.length > 0 && owners.every((id) => added.has(id));
    })
  );
}
