import type { Json } from '../../../../../src/kernel/digest.ts';
import { type Finding, finding } from '../finding.ts';
import { IS_CODE } from '../notes.ts';
import { member, same } from '../resource-settings.ts';
import { whyTagsCount } from '../tag-lists.ts';
import { shown } from './acts.ts';
import { mightyRoles } from './acts-as.ts';
import { NOTHING_OWN } from './named-things.ts';
import { labelOf, named, type Place, type Subject, say } from './place.ts';
import { isUnreadable, membersIn } from './reading.ts';

/** Others sign in with it, and nobody can read the one before back. */
export function secret(place: Place): readonly Finding[] {
  const why = `${labelOf(place)} is another secret: those who sign in with it can't until they have the new one`;
  return say(place, 'disrupt', why).map((one) => ({ ...one, recoverable: false }));
}

/** No worse than what happens anyway, and said all the same. */
export function code(after: Json | undefined, place: Place): readonly Finding[] {
  if (after === undefined) return [];
  const why = `${labelOf(place)} is ${IS_CODE}`;
  const told: Finding = { effect: place.resource.isNew ? 'create' : 'modify', why, recoverable: true };
  return [told, ...steers(place)];
}

const SHOWN_NAMES = 6;

/** Which variables change: whose database a function asks from then on, a person sees by the name alone. */
export function told(before: Json | undefined, after: Json | undefined, place: Place): readonly Finding[] {
  if (place.resource.isNew) return [];
  const [was, is] = [before, after].map(variablesIn);
  const names = [...new Set([...Object.keys(was ?? {}), ...Object.keys(is ?? {})])].filter(
    (name) => !same(was?.[name], is?.[name]),
  );
  const left = names.length - SHOWN_NAMES;
  const list = names.slice(0, SHOWN_NAMES).map((name) => named(name));
  const more = left > 0 ? ` and ${left} more` : '';
  const what = list.length > 0 ? ` (${list.join(', ')}${more})` : '';
  return [finding('modify', `${labelOf(place)}${what} is what its code goes by, and is not judged`)];
}

function variablesIn(value: Json | undefined): Readonly<Record<string, Json | undefined>> {
  const inner = member(value, 'Variables') ?? value;
  if (!Array.isArray(inner)) return membersIn(inner) ?? {};
  return Object.fromEntries(inner.map((one) => [String(member(one, 'Name')), member(one, 'Value')]));
}

/**
 * Other code, or other words to it, under an identity that may do more than was reviewed as harmless, or that the
 * template only names. The attacker has the administrator's role set by hand once, and asks for other code later: what
 * it may do isn't seen here, and `known:` says whose it is alone.
 */
export function steers(place: Place): readonly Finding[] {
  if (place.resource.isNew) return [];
  const identities = place.resource.identities.filter((one) => !isCarried(one.steps, place));
  return runsAs({ ...place.resource, identities }).map((whom) =>
    finding('expose', `${labelOf(place)} is what runs as ${whom}`),
  );
}

/** As whom it runs or acts, in words, where that may do more than was reviewed as harmless. */
export function runsAs(resource: Subject): readonly string[] {
  return [
    ...mightyRoles(resource).map(
      (id) => `${named(id)} of the same template, which may do more than was reviewed as harmless`,
    ),
    ...resource.identities.map(
      (one) => `${shown(one)}: only of a role that is made in the same template its rights are reviewed`,
    ),
  ];
}

/** What is code and carries whom it runs as runs as nobody else: of another one `acts-as` says it. */
function isCarried(steps: readonly string[], { after, resource }: Place): boolean {
  if (resource.carrying.includes(after[0] ?? '')) return true;
  return steps.slice(0, after.length).join('.') === after.join('.') && steps.slice(after.length).every(isIndex);
}

function isIndex(step: string): boolean {
  return /^\d+$/.test(step);
}

/**
 * Words to code of the same template that was there, and runs as one that may do more than was reviewed as harmless.
 * The attacker adds a schedule that tells the stack's own administrator function what to do.
 */
export function instructs(after: Json | undefined, place: Place): readonly Finding[] {
  if (after === undefined) return [];
  const { ownAfter, added, resources } = place.resource;
  const told = [...new Set([...ownAfter.values()].flat())].filter(
    (id) => !added.has(id) && Object.hasOwn(resources, id),
  );
  return told.flatMap((id) => {
    const { type, own_values: ownAfter = NOTHING_OWN } = resources[id] ?? {};
    const roles = type?.startsWith('AWS::IAM::') ? [] : mightyRoles({ ...place.resource, ownAfter });
    const what = `${labelOf(place)} is told to ${named(id)}, which runs as`;
    return roles.map((role) =>
      finding('expose', `${what} ${named(role)} of the same template, which may do more than was reviewed as harmless`),
    );
  });
}

/** Words by which code turns callers away, asks who they are, or answers in the place of what lies behind it. */
const GUARDS =
  /unauthori|authori[sz]|forbidden|identity|claim|statusCode|\b40[13]\b|sourceIp|cookie|token|jwt|signature|den(y|ied)|reject|\berror\(/i;

/**
 * Code that each call from outside passes by. Where it may turn some away, or can't be read, other code may let them
 * in. The attacker asks for a change of a function at the edge that only tidies up.
 */
export function guards(before: Json | undefined, after: Json | undefined, place: Place): readonly Finding[] {
  const isGuard = before !== undefined && (isUnreadable(before) || GUARDS.test(JSON.stringify(before)));
  const opened = isGuard
    ? say(place, 'expose', `${labelOf(place)} may turn callers away, and other code may let them in`)
    : [];
  return place.resource.isNew ? code(after, place) : [...code(after, place), ...opened];
}

export function tags(before: Json | undefined, after: Json | undefined, place: Place): readonly Finding[] {
  const why = whyTagsCount(before, after, place.resource.tagRules);
  return why === undefined ? [] : say(place, 'weaken', `${labelOf(place)} ${why}`);
}
