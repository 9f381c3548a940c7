import type { Json } from '../../../../../src/kernel/digest.ts';
import { namesOfMember } from '../../../../ports/made-names.ts';
import { type Finding, finding } from '../finding.ts';
import type { AccessChange, AccessFinding } from '../identity/permits.ts';
import { isOnStanding } from './among.ts';
import type { Place } from './place.ts';

/** A whole property that says who may do what; undefined for a part of one. */
export function accessAt(
  before: Json | undefined,
  after: Json | undefined,
  { before: was, after: is, resource }: Place,
): (AccessChange & { readonly property: string }) | undefined {
  const [property, ...more] = is;
  if (property === undefined || more.length > 0 || was.length !== 1) return undefined;
  const { isNew, namesBefore, names, added } = resource;
  const named = { namesBefore: namesOfMember(namesBefore, property), names: namesOfMember(names, property) };
  return { before, after, ...named, isNew, isOnStanding: isOnStanding(resource), added, property };
}

/** What is harmless is said too: who may be a new role is what its reader asks first. */
export function toldOf({ resource }: Place, found: readonly AccessFinding[]): readonly Finding[] {
  return found.map(({ effect, why, weight }) =>
    finding(resource.isNew && effect === 'modify' ? 'create' : effect, why, weight),
  );
}
