import type { Json } from '../../../../../src/kernel/digest.ts';
import type { Rule } from '../../../knowledge/language.ts';
import { type Finding, finding } from '../finding.ts';
import { same } from '../resource-settings.ts';
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
  const why = kind === 'texts' ? lostTexts(before, after) : lostGates(kind, before, after);
  const left = why.length - SHOWN;
  const more = left > 0 ? [`${left} more hold up less than before`] : [];
  return [...why.slice(0, SHOWN), ...more].map((one) => finding('weaken', `${labelOf(place)}: ${one}`));
}

function lostGates(kind: keyof typeof READERS, before: Json, after: Json | undefined): readonly string[] {
  const [was, is] = [READERS[kind](before), READERS[kind](after)];
  // Of a list that can't be read its own rules tell the worst.
  if (kind === 'actions' && !(was && is)) return [];
  if (!was) return isUnreadable(before) || mayHold(before) ? ["it can't be followed, and may hold up less"] : [];
  const lost = [...was.gates].flatMap(([gate, says]) => {
    if (is?.gates.get(gate) === says) return passed(gate, was, is);
    // An entry less is told by the list's own rules.
    if (kind === 'actions' && !is?.steps.has(gate)) return [];
    return says === '' ? passed(gate, was, is) : [`${named(gate)} held up what came after it, and is another or gone`];
  });
  const skipped = [...(is?.skipped ?? [])].filter((stage) => !was.skipped.has(stage));
  return [...lost, ...skipped.map((stage) => `${named(stage)} may be skipped`)];
}

/** What came after it, and doesn't any more; under another name, too. */
function passed(gate: string, was: Flow, is: Flow | undefined): readonly string[] {
  if (!is) return [];
  return [...was.steps].flatMap(([step, does]) => {
    if (step === gate || !was.holds(gate, step)) return [];
    const same = [...is.steps].flatMap(([other, now]) => (now === does && !was.steps.has(other) ? [other] : []));
    const now = is.steps.has(step) ? [step, ...same] : same;
    return now
      .filter((other) => !is.holds(gate, other))
      .map((other) => `${named(other)} no longer waits for ${named(gate)}`);
  });
}

/** Texts that are put into a definition: what waited there. */
function lostTexts(before: Json, after: Json | undefined): readonly string[] {
  const is = membersIn(after) ?? {};
  return Object.entries(membersIn(before) ?? {}).flatMap(([key, value]) =>
    WAITS.test(String(value)) && !same(value, is[key]) ? [`${named(key)} waited for an answer, and is another`] : [],
  );
}
