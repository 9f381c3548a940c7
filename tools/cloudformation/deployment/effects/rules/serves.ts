import type { Json } from '../../../../../src/kernel/digest.ts';
import { jsonPointer } from '../../../../ports/json-pointer.ts';
import { NUMBERED, VERSION_OF } from '../../../../ports/own-things.ts';
import type { Finding } from '../finding.ts';
import { code } from './contents.ts';
import { NOTHING_OWN, type Own, textsIn } from './named-things.ts';
import { type Place, sayVerdict } from './place.ts';

/**
 * Which version is served. The attacker leads a name that callers use back to a version that had a hole, or to one that
 * was published aside; a deployment leads it to what the same change set makes.
 */
export function serves(before: Json | undefined, after: Json | undefined, place: Place): readonly Finding[] {
  const was = leavesOf(before, place.before, place.resource.ownBefore);
  const is = leavesOf(after, place.after, place.resource.ownAfter);
  const isOrdinary = [...new Set([...was.keys(), ...is.keys()])].every((path) => {
    const [old, now] = [was.get(path), is.get(path)];
    if (now === undefined) return false;
    const isNew = now.owners.length > 0 && now.owners.every((id) => isMadeFor(id, place.resource));
    return isNew || (old?.text === now.text && old.owners.join() === now.owners.join());
  });
  const why = 'leads callers, or a share of them, to a version that this change does not make';
  return [...code(after, place), ...(isOrdinary ? [] : sayVerdict(place, 'disrupt', why))];
}

/**
 * Is it as new as the change, and a version of what is served? The attacker publishes versions of a function of their
 * own until one has the number of an old version of the function that callers use.
 */
function isMadeFor(id: string, { added, resources, ownAfter }: Place['resource']): boolean {
  if (!added.has(id)) return false;
  const { type = '', own_values = NOTHING_OWN } = (Object.hasOwn(resources, id) && resources[id]) || {};
  if (!Object.hasOwn(NUMBERED, type)) return true;
  const at = jsonPointer([VERSION_OF[type] ?? '']);
  const of = own_values.get(at) ?? [];
  return of.length > 0 && of.join() === ownAfter.get(at)?.join();
}

function leavesOf(value: Json | undefined, steps: readonly string[], own: Own) {
  return new Map(
    textsIn(value, steps, own).map(({ text, steps: at }) => [
      at.slice(steps.length).join('/'),
      { text, owners: own.get(jsonPointer(at)) ?? [] },
    ]),
  );
}
