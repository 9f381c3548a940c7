import type { Json } from '../../../../../src/kernel/digest.ts';
import { worse } from '../../../../../src/kernel/effects.ts';
import type { Rule } from '../../../knowledge/language.ts';
import type { Verdict } from '../../../knowledge/verdict.ts';
import type { Finding } from '../finding.ts';
import { isSettings, member, same } from '../resource-settings.ts';
import { namesIn } from './named-things.ts';
import { type Place, sayVerdict } from './place.ts';
import { isDocument, isUnreadable } from './reading.ts';

export type ByValue = Extract<Rule, { readonly values: unknown }>;
export type ByOrder = Extract<Rule, { readonly order: unknown }>;
type Leaves = Extract<Rule, { readonly leaves: unknown }>;
type Unsaid = Extract<Rule, { readonly unsaid: unknown }>;

/** As AWS writes its words. */
const WORD = /^([A-Z][A-Z0-9_]{1,39}|[a-z][a-z-]{1,39})$/;

/** By the value that it takes. */
export function byValue(
  { values, otherwise, absent }: ByValue,
  before: Json | undefined,
  after: Json | undefined,
  place: Place,
): readonly Finding[] {
  if (isUnreadable(after)) return sayVerdict(place, [...Object.values(values), otherwise].reduce(worst));
  const value = wordOf(after, absent);
  // The default written out is no change.
  if (!place.resource.isNew && value !== undefined && value === wordOf(before, absent)) return [];
  const verdict = value !== undefined && Object.hasOwn(values, value) ? values[value] : undefined;
  return sayVerdict(place, verdict ?? otherwise, told(after, value, place, values));
}

/** Towards the first is less, and so is all that isn't in the order. Of a new one all but the last may be less. */
export function byOrder(
  { order, less, absent }: ByOrder,
  before: Json | undefined,
  after: Json | undefined,
  place: Place,
): readonly Finding[] {
  const [was, is] = [before, after].map((value) => order.indexOf(wordOf(value, absent) ?? ''));
  const last = order.length - 1;
  const kept = is === last || (!place.resource.isNew && was !== undefined && was >= 0 && is !== undefined && is >= was);
  return kept ? [] : sayVerdict(place, less, told(after, wordOf(after, absent), place));
}

/** Once it is set: another or none. */
export function settled(verdict: Verdict, before: Json | undefined, place: Place): readonly Finding[] {
  return before === undefined || same(before, null) ? [] : sayVerdict(place, verdict, 'is another or none');
}

/** Set before, and no longer. What the template takes from itself stands there, whatever it is called. */
export function ends(verdict: Verdict, before: Json | undefined, after: Json | undefined, place: Place) {
  if (!isGiven(before, [])) return [];
  const names = namesIn(after, place.after, place.resource.ownAfter);
  const stands =
    isGiven(after, []) && (isSettings(after) || names.some(({ name, isOwn }) => isOwn || name !== undefined));
  return stands ? [] : sayVerdict(place, verdict, 'is no longer set');
}

/** Is one of these given in the new template? `#` is the entry of the list that the value is in. */
export function isOneGiven(paths: readonly string[], { after, resource }: Place): boolean {
  return paths.some((path) =>
    isGiven(
      resource.after,
      path.split('.').map((step, at) => (step === '#' ? (after[at] ?? step) : step)),
    ),
  );
}

/** Does one of these change, which stand beside the value? */
export function isOneChanged(names: readonly string[], { before, after, resource }: Place): boolean {
  const [was, is] = [memberAt(resource.before, before.slice(0, -1)), memberAt(resource.after, after.slice(0, -1))];
  return names.some((name) => !same(member(was, name), member(is, name)));
}

function memberAt(value: Json | undefined, steps: readonly string[]): Json | undefined {
  return steps.reduce<Json | undefined>((inner, step) => member(inner, step), value);
}

/**
 * Nothing is said, here or where else it could be: AWS's default counts. The attacker gives an empty list, or says
 * nothing in a place that could have said it.
 */
export function unsaid(
  { unsaid: verdict, unless = [] }: Unsaid,
  after: Json | undefined,
  place: Place,
): readonly Finding[] {
  const isSaid = isGiven(after, []) || unless.some((path) => isGiven(place.resource.after, path.split('.')));
  return isSaid ? [] : sayVerdict(place, verdict, 'is not given');
}

/** @param steps to a member; `*`: each entry of a list, of which there is one at least */
function isGiven(value: unknown, [step, ...steps]: readonly string[]): boolean {
  if (value === undefined || same(value as Json, null) || same(value as Json, [])) return false;
  if (step === undefined) return true;
  if (step === '*') return Array.isArray(value) && value.every((entry) => isGiven(entry, steps));
  return (
    typeof value === 'object' &&
    Object.hasOwn(value as object, step) &&
    isGiven((value as Record<string, unknown>)[step], steps)
  );
}

/** Away from one value. What stands there may be it, where it can't be read. */
export function leaves(
  { leaves: left, is, absent }: Leaves,
  before: Json | undefined,
  after: Json | undefined,
  place: Place,
): readonly Finding[] {
  const [was, becomes] = [before, after].map((value) => wordOf(value, absent));
  const stood = isUnreadable(before) || was === left;
  return stood && becomes !== left ? sayVerdict(place, is) : [];
}

function wordOf(value: Json | undefined, absent: string | undefined): string | undefined {
  if (value === undefined || value === null) return absent;
  return isDocument(value) || isUnreadable(value) ? undefined : String(value);
}

/** Words of a row are shown, in quotation marks one that AWS may have; any other may be a text of the template's. */
function told(
  after: Json | undefined,
  value: string | undefined,
  { resource }: Place,
  values: Readonly<Record<string, Verdict>> = {},
): string {
  if (resource.isNew && (after === undefined || after === null)) return 'is not given';
  const word = Object.hasOwn(values, value ?? '') ? value : WORD.test(value ?? '') ? `"${value}"` : undefined;
  if (resource.isNew) return word === undefined ? 'is as it is given' : `is ${word}`;
  return value === undefined ? 'changes' : `becomes ${word ?? 'another'}`;
}

function worst(a: Verdict, b: Verdict): Verdict {
  return worse(a, b) as Verdict;
}
