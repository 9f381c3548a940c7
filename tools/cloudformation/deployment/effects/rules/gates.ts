import type { Json } from '../../../../../src/kernel/digest.ts';
import type { Rule } from '../../../knowledge/language.ts';
import { type Finding, finding } from '../finding.ts';
import { type Settings, same, UNTOLD } from '../resource-settings.ts';
import { actionsIn, type Flow, mayHold, statesIn, stepsIn, WAITS } from './flows.ts';
import { labelOf, named, type Place } from './place.ts';
import { isUnreadable, membersIn } from './reading.ts';

type Kind = Extract<Rule, { readonly flow: unknown }>['flow'];

const READERS = { actions: actionsIn, states: statesIn, steps: stepsIn } as const;

const SHOWN = 3;

/**
 * What holds up what comes after it. The attacker, who waits for an approval, makes of it something else of the same
 * name, lets it run beside what it should hold up, or leads the way past it.
 */
export function gates(kind: Kind, before: Json | undefined, after: Json | undefined, place: Place): readonly Finding[] {
  if (place.resource.isNew || before === undefined || same(before, after)) return [];
  const why = heldLess(kind, before, after, place);
  const left = why.length - SHOWN;
  const more = left > 0 ? [`${left} more hold up less than before`] : [];
  return [...why.slice(0, SHOWN), ...more].map((one) => finding('weaken', `${labelOf(place)}: ${one}`));
}

function heldLess(kind: Kind, before: Json, after: Json | undefined, { resource }: Place): readonly string[] {
  const [was, is] = [resource.before ?? {}, resource.after ?? {}];
  if (kind === 'states') return lostGates(kind, filled(before, was), filled(after, is));
  if (kind !== 'texts') return lostGates(kind, before, after);
  // They say nothing by themselves: what they are put into does.
  const definition = was.DefinitionString ?? was.Definition;
  const next = filled(is.DefinitionString ?? is.Definition, is);
  const found = definition === undefined ? [] : lostGates('states', filled(definition, was), next);
  return found.length > 0 ? found : lostTexts(before, after);
}

/**
 * A state machine's definition as AWS runs it, with its substitutions put in. Where one would end the text that it is
 * put into, or stands for another, nothing of it can be told: AWS doesn't say what becomes of it.
 */
function filled<Value extends Json | undefined>(
  definition: Value,
  { DefinitionSubstitutions }: Settings,
): Value | string {
  const given = Object.entries(membersIn(DefinitionSubstitutions) ?? {});
  if (definition === undefined || given.length === 0) return definition;
  const text = typeof definition === 'string' ? definition : JSON.stringify(definition);
  const texts = given.map(([name, value]) => [`\${${name}}`, String(value)] as const);
  if (texts.some(([place, value]) => text.includes(place) && /["\\]|[$][{]/.test(value))) return UNTOLD;
  return texts.reduce((all, [place, value]) => all.replaceAll(place, () => value), text);
}

function lostGates(kind: keyof typeof READERS, before: Json, after: Json | undefined): readonly string[] {
  const [was, is] = [READERS[kind](before), READERS[kind](after)];
  // Of a list that can't be read its own rules tell the worst.
  if (kind === 'actions' && !(was && is)) return [];
  if (!was) return isUnreadable(before) || mayHold(before) ? ["it can't be followed, and may hold up less"] : [];
  const lost = [...was.gates].flatMap(([gate, says]) => {
    if (is?.gates.get(gate) === says) return passed(gate, was, is, says !== '');
    // An entry less is told by the list's own rules.
    if (kind === 'actions' && !is?.steps.has(gate)) return [];
    return says === ''
      ? passed(gate, was, is, false)
      : [`${named(gate)} held up what came after it, and is another or gone`];
  });
  const skipped = [...(is?.skipped ?? [])].filter((stage) => !was.skipped.has(stage));
  return [...lost, ...skipped.map((stage) => `${named(stage)} may be skipped`)];
}

/**
 * What came after it, and doesn't any more; under another name, too.
 * @param isGate whether it lets through or not, and isn't only done before
 */
function passed(gate: string, was: Flow, is: Flow | undefined, isGate: boolean): readonly string[] {
  if (!is) return [];
  return [...was.steps].flatMap(([step, does]) => {
    if (step === gate || !was.holds(gate, step)) return [];
    const alike = [...is.steps].filter(([other, now]) => isGate && isAlike(now, does) && !was.steps.has(other));
    return [...(is.steps.has(step) ? [step] : []), ...alike.map(([other]) => other)]
      .filter((other) => !is.holds(gate, other))
      .map((other) => `${named(other)} no longer waits for ${named(gate)}`);
  });
}

function isAlike(one: readonly (string | null)[], other: readonly (string | null)[]): boolean {
  return one.length === other.length && one.every((part, at) => part === null || (other[at] ?? part) === part);
}

/** Texts that are put into a definition: what waited there. */
function lostTexts(before: Json, after: Json | undefined): readonly string[] {
  const is = membersIn(after) ?? {};
  return Object.entries(membersIn(before) ?? {}).flatMap(([key, value]) =>
    WAITS.test(String(value)) && !same(value, is[key]) ? [`${named(key)} waited for an answer, and is another`] : [],
  );
}
