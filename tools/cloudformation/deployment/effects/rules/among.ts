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

/** What a policy of its own is attached to. */
const ATTACHED_TO = [
  ...['Bucket', 'Queue', 'Queues', 'Topics', 'TopicArn', 'SecretId', 'ResourceArn', 'EventBusName'],
  ...['Roles', 'RoleName', 'Users', 'UserName', 'Groups', 'GroupName'],
];

/**
 * Is a new policy attached to something that isn't as new? What it denies was allowed there before. The attacker locks
 * everyone out of the stack's own queue by a policy that is only created.
 */
export function isOnStanding({ isNew, after, ownAfter, added }: Subject): boolean {
  const places = ATTACHED_TO.flatMap((name) => {
    const value = after?.[name];
    if (value === undefined) return [];
    return Array.isArray(value) ? value.map((_, at) => [name, String(at)]) : [[name]];
  });
  const isNewThing = (steps: readonly string[]) => {
    const owners = ownAfter.get(jsonPointer(steps)) ?? [];
    return owners.length > 0 && owners.every((id) => added.has(id));
  };
  return isNew && places.some((steps) => !isNewThing(steps));
}
