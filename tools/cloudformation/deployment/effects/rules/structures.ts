import { type Json, stableJson } from '../../../../../src/kernel/digest.ts';
import { worse } from '../../../../../src/kernel/effects.ts';
import type { Rule, Rules } from '../../../knowledge/language.ts';
import type { Verdict } from '../../../knowledge/verdict.ts';
import type { Finding } from '../finding.ts';
import { member, same, UNTOLD } from '../resource-settings.ts';
import { named, type Place, sayVerdict, unjudged, within, worstOf } from './place.ts';
import { entriesIn, isUnreadable, membersIn } from './reading.ts';

/** How the values within are judged. */
export type Judge = (
  rules: Rules | undefined,
  before: Json | undefined,
  after: Json | undefined,
  place: Place,
) => readonly Finding[];

type Document = Extract<Rule, { readonly members: unknown }>;
type List = Extract<Rule, { readonly each: unknown }>;
type FreeKeys = Extract<Rule, { readonly keys: unknown }>;

/** A document, member by member; of a new one also by those that it doesn't say. */
export function members(
  { members: rules, others }: Document,
  before: Json | undefined,
  after: Json | undefined,
  place: Place,
  judge: Judge,
): readonly Finding[] {
  const [was, is] = [membersIn(before), membersIn(after)];
  if (!was || !is) {
    const all = Object.entries(rules).flatMap(([key, rule]) => judge(rule, was?.[key], UNTOLD, within(place, key)));
    return worstOf(place, [...all, ...(others === undefined ? unjudged(place) : judge(others, was, UNTOLD, place))]);
  }
  return [...new Set([...Object.keys(rules), ...Object.keys(was), ...Object.keys(is)])].flatMap((key) =>
    judge(Object.hasOwn(rules, key) ? rules[key] : others, own(was, key), own(is, key), within(place, key)),
  );
}

/** A list, entry by entry. */
export function list(
  rule: List,
  before: Json | undefined,
  after: Json | undefined,
  place: Place,
  judge: Judge,
): readonly Finding[] {
  const [was, is] = [entriesIn(before), entriesIn(after)];
  const { each, by, known = {}, added, lost } = rule;
  if (!was || !is) {
    const one = [each, ...Object.values(known)].flatMap((rules) => judge(rules, undefined, UNTOLD, within(place, '0')));
    return worstOf(place, [...one, ...sayVerdict(place, added), ...sayVerdict(place, lost)]);
  }
  const left = new Map<string, number[]>();
  const stayed: (number | undefined)[] = [];
  for (const [at, entry] of was.entries()) {
    const key = keyOf(entry, at, by);
    left.set(key, [...(left.get(key) ?? []), at]);
  }
  const found = is.flatMap((entry, at) => {
    const key = keyOf(entry, at, by);
    const from = left.get(key)?.shift();
    stayed.push(from);
    const inner = {
      ...place,
      before: [...place.before, String(from ?? at)],
      after: [...place.after, String(at)],
    };
    const rules = entryRules(rule, entry);
    if (from !== undefined) return judge(rules, was[from], entry, inner);
    return [...sayVerdict(place, added, `gains an entry${told(entry, by)}`), ...judge(rules, undefined, entry, inner)];
  });
  const gone = [...left.values()].flat().map((at) => told(was[at], by));
  // Without a name nobody can tell one that is changed from one that goes while another comes.
  const isMaybeChanged = by === undefined && gone.length > 0 && is.length >= was.length;
  return [
    ...found,
    ...gone.flatMap((which) =>
      sayVerdict(place, lost, isMaybeChanged ? `changes or loses an entry${which}` : `loses an entry${which}`),
    ),
    ...moved(rule, stayed, place),
  ];
}

/**
 * The first entry that fits may be the one that counts. The attacker moves a broad one, which lets everyone in, before
 * the one that asks who it is; or adds it there.
 * @param stayed for each entry its place before; undefined: it wasn't there
 */
function moved(
  { added, lost, reordered = worse(added, lost) as Verdict, ahead = reordered }: List,
  stayed: readonly (number | undefined)[],
  place: Place,
): readonly Finding[] {
  let [last, fresh, isAhead] = [-1, 0, false];
  for (const from of stayed) {
    if (from === undefined) fresh += 1;
    else if (from < last) return sayVerdict(place, reordered, 'has its entries in another order');
    else {
      // As many new ones may stand in the places of those that went.
      isAhead ||= fresh > from - last - 1;
      [last, fresh] = [from, 0];
    }
  }
  return isAhead ? sayVerdict(place, ahead, 'has one more entry before others') : [];
}

/** The same entries in another order. What can't be read may be another entry. */
export function isReordered(before: Json | undefined, after: Json | undefined): boolean {
  if (!Array.isArray(before) || !Array.isArray(after) || isUnreadable(before) || isUnreadable(after)) return false;
  return same(sorted(before), sorted(after));
}

function sorted(entries: readonly Json[]): Json {
  return entries.map((entry) => stableJson(entry)).sort();
}

/** By its name, or as all others. */
export function entryRules({ each, by, known = {} }: List, entry: Json): Rules | undefined {
  const name = by === undefined ? undefined : member(entry, by);
  return typeof name === 'string' && Object.hasOwn(known, name) ? known[name] : each;
}

/** A map whose keys the template chooses. */
export function freeKeys(
  { keys, added, lost }: FreeKeys,
  before: Json | undefined,
  after: Json | undefined,
  place: Place,
  judge: Judge,
): readonly Finding[] {
  const [was, is] = [membersIn(before), membersIn(after)];
  if (!was || !is) {
    const one = judge(keys, undefined, UNTOLD, within(place, '*'));
    const gained = added === 'create' ? [] : sayVerdict(place, added);
    return worstOf(place, [...one, ...gained, ...sayVerdict(place, lost)]);
  }
  return [...new Set([...Object.keys(was), ...Object.keys(is)])].flatMap((key) => {
    const [old, value] = [own(was, key), own(is, key)];
    if (value === undefined) return old === undefined ? [] : sayVerdict(place, lost, `loses ${named(key)}`);
    if (old !== undefined) return judge(keys, old, value, within(place, key));
    if (added === 'create') return judge(keys, old, value, fresh(within(place, key)));
    return [...sayVerdict(place, added, `gains ${named(key)}`), ...judge(keys, old, value, within(place, key))];
  });
}

/** A part of what stands that nobody depended on, as it wasn't there. */
export function fresh(place: Place): Place {
  return { ...place, resource: { ...place.resource, isNew: true } };
}

/** Of an entry whose name can't be read nothing is known: it is another than all that were there. */
function keyOf(entry: Json, at: number, by: string | undefined): string {
  if (by === '#') return String(at);
  const key = by === undefined ? entry : member(entry, by);
  return isUnreadable(key) ? `unread ${at} ${stableJson(key)}` : stableJson(key);
}

function told(entry: Json | undefined, by: string | undefined): string {
  const name = by === undefined || by === '#' ? entry : member(entry, by);
  return typeof name === 'string' && !isUnreadable(name) ? ` (${named(name)})` : '';
}

function own(members: Readonly<Record<string, Json | undefined>>, key: string): Json | undefined {
  return Object.hasOwn(members, key) ? members[key] : undefined;
}
