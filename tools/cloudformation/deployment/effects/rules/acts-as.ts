import type { Json } from '../../../../../src/kernel/digest.ts';
import { jsonPointer } from '../../../../ports/json-pointer.ts';
import { isServiceLinkedRole } from '../../../knowledge/identity/service-linked.ts';
import { type Finding, finding } from '../finding.ts';
import { foreign, namedIn, shown } from './acts.ts';
import { type Named, namesIn, type Own } from './named-things.ts';
import { named, type Place, sayVerdict } from './place.ts';

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
    ...others(was, is, place).map((id) =>
      finding('expose', `acts as ${named(id)} of the same template, which was there before and may do more`),
    ),
    // AWS's default takes its place, which may be more.
    ...(falls ? sayVerdict(place, 'expose', 'no longer names as whom it acts') : []),
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

function ownersOf({ steps }: Named, own: Own): readonly string[] {
  return own.get(jsonPointer(steps)) ?? [];
}

const ROLE = 'AWS::IAM::Role';

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
