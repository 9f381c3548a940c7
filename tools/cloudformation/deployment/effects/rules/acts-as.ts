import type { Json } from '../../../../../src/kernel/digest.ts';
import { jsonPointer } from '../../../../ports/json-pointer.ts';
import { isServiceLinkedRole } from '../../../knowledge/identity/service-linked.ts';
import { type Finding, finding } from '../finding.ts';
import { isHarmlessRole } from '../identity/standing.ts';
import { foreign, namedIn, shown } from './acts.ts';
import { type Named, namesIn, type Own } from './named-things.ts';
import { labelOf, named, type Place, say } from './place.ts';

/**
 * As whom it acts, or its code runs. The attacker gives a function of their own code the administrator's role that the
 * stack has for something else.
 */
export function actsAs(before: Json | undefined, after: Json | undefined, place: Place): readonly Finding[] {
  const { was, is } = namedIn(namesIn, before, after, place);
  const falls = was.length > 0 && is.length === 0;
  return [
    ...foreign(was, is)
      .filter(({ name = '' }) => !isServiceLinkedRole(name))
      .map((one) => finding('expose', `acts as ${shown(one)}`)),
    ...standing(is, place).map((id) =>
      finding(
        'expose',
        `is new code that acts as ${named(id)} of the same template, which was there before and may do more than was reviewed as harmless`,
      ),
    ),
    ...others(was, is, place).map((id) =>
      finding('expose', `acts as ${named(id)} of the same template, which was there before and may do more`),
    ),
    ...(falls
      ? say(
          place,
          'expose',
          `${labelOf(place)} no longer names as whom it acts: what AWS takes instead, if it takes any, may do more`,
        )
      : []),
  ];
}

/** Identities of the template's own that it acts as from now on, and that aren't judged where they stand: as new. */
function others(was: readonly Named[], is: readonly Named[], { resource }: Place): readonly string[] {
  if (resource.isNew) return [];
  const { ownBefore, ownAfter } = resource;
  const known = new Set(was.flatMap((one) => ownersOf(one, ownBefore)));
  const owners = is
    .filter((one) => one.name === undefined || !was.some(({ name }) => name === one.name))
    .flatMap((one) => ownersOf(one, ownAfter));
  return [...new Set(owners)].filter((id) => !known.has(id) && !isNewIdentity(id, resource));
}

/**
 * Roles of the template's own as which something new acts, and of which this plan says nothing: they were there before.
 * A security group that it joins, or a definition that it starts, is no new identity.
 */
function standing(is: readonly Named[], { resource }: Place): readonly string[] {
  if (!resource.isNew) return [];
  const { ownAfter, added, resources } = resource;
  const roles = is.flatMap((one) => ownersOf(one, ownAfter)).flatMap((id) => rolesOf(id, resources));
  return [...new Set(roles)].filter((id) => !added.has(id) && !isHarmlessRole(id, resource));
}

/**
 * Roles of the template's own that a resource names, which were there before and may do more than a new one that nobody
 * is asked about. The attacker puts other code into the stack's own function, which has an administrator's role.
 */
export function mightyRoles(resource: Place['resource']): readonly string[] {
  const { ownAfter, added, resources } = resource;
  const roles = [...ownAfter.values()].flat().flatMap((id) => rolesOf(id, resources));
  return [...new Set(roles)].filter((id) => !added.has(id) && !isHarmlessRole(id, resource));
}

/** A role itself, or those that a profile carries. */
function rolesOf(id: string, resources: Place['resource']['resources']): readonly string[] {
  const { type, own_values = new Map() } = (Object.hasOwn(resources, id) && resources[id]) || {};
  if (type === ROLE) return [id];
  return type === PROFILE ? [...own_values.values()].flat() : [];
}

function ownersOf({ steps }: Named, own: Own): readonly string[] {
  return own.get(jsonPointer(steps)) ?? [];
}

const ROLE = 'AWS::IAM::Role';
const PROFILE = 'AWS::IAM::InstanceProfile';

/** A new profile or launch template may carry a role that was there before. */
function isNewIdentity(id: string, { added, resources }: Place['resource']): boolean {
  if (!added.has(id) || !Object.hasOwn(resources, id)) return false;
  const { type, own_values = new Map() } = resources[id] ?? {};
  if (type === ROLE) return true;
  return [...own_values.values()].flat().every((within: string) => {
    const what = Object.hasOwn(resources, within) ? resources[within]?.type : undefined;
    return within === id || !/^AWS::IAM::(Role|InstanceProfile)$/.test(what ?? ROLE) || added.has(within);
  });
}
