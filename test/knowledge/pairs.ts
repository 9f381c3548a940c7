import { type Effect, worse } from '../../src/kernel/effects.ts';
import type { Rule, Rules } from '../../tools/cloudformation/knowledge/language.ts';
import { FLOWS, WORDS, type Word } from './words.ts';

/*
 * Changes made from the rules of a row: for each word of the language, wherever it stands, what it calls worse and the
 * nearest change that it doesn't. What the words mean is written here once more, by what `language.ts` promises.
 */

/** A change of one property. Undefined: not there. */
export interface Pair {
  readonly before: unknown;
  readonly after: unknown;
  /** No milder than this; `modify` is exactly this. */
  readonly says: Effect;
  /** The resource itself is new: then it is no worse than without the property. */
  readonly isNew?: true;
  /** What the template takes from itself, as a JSON pointer. */
  readonly own?: string;
  /** A switch that is on in its UpdatePolicy. */
  readonly updates?: string;
  /** What it takes from itself was there before; else it is as new. */
  readonly stands?: true;
}

export const isCalm = ({ says }: Pair) => says === 'modify';

/** Words that say the same of any change, and what they say. */
const CONSTANT: Readonly<Record<string, Effect>> = {
  ...{
    modify: 'modify',
    affects: 'modify',
    answers: 'modify',
    uses: 'modify',
    code: 'modify',
    steers: 'modify',
    instructs: 'modify',
    replaces: 'unjudged',
    secret: 'disrupt',
    stops: 'disrupt',
  },
  ...{ disrupt: 'disrupt', expose: 'expose', weaken: 'weaken', replace: 'replace', delete: 'delete' },
};

function all(rules: Rules): readonly Rule[] {
  return [rules].flat() as readonly Rule[];
}

/** What a rule says of any change; undefined where that depends on the values. */
export function constantOf(rule: Rule): Effect | undefined {
  return typeof rule === 'string' ? CONSTANT[rule] : undefined;
}

/** Of several the worst holds, so that a change is calm only where the others are silent. */
export function pairsOf(rules: Rules): readonly Pair[] {
  return all(rules).flatMap((rule) =>
    ofRule(rule).filter(
      (pair) => !isCalm(pair) || all(rules).every((other) => other === rule || isSilent(other, pair)),
    ),
  );
}

function isSilent(rule: Rule, pair: Pair): boolean {
  if (constantOf(rule) === 'modify') return true;
  if (typeof rule === 'string') {
    if (rule === 'may-act') return !/arn:/.test(JSON.stringify([pair.after]));
    const isOwn =
      pair.own !== undefined && /^(acts|writes-to|takes|acts-as|notifies|reads|tells|passes-on|serves)$/.test(rule);
    return isOwn || ofRule(rule).some((other) => isCalm(other) && isAlike(other, pair));
  }
  if ('updates_by' in rule) return pair.updates === rule.updates_by;
  if ('settled' in rule) return pair.before === undefined;
  if ('ends' in rule) return pair.before === undefined || pair.after !== undefined;
  // Nothing beside the value is given, or changes.
  if ('given' in rule || 'unless_changed' in rule) return all(rule.otherwise).every((inner) => isSilent(inner, pair));
  if ('values' in rule && rule.otherwise === 'modify' && pair.after !== undefined)
    return (rule.values[String(pair.after)] ?? 'modify') === 'modify';
  if ('unsaid' in rule) return pair.after !== undefined;
  if ('among' in rule) return all(rule.otherwise).every((inner) => isSilent(inner, pair));
  if ('leaves' in rule) return pair.before !== undefined && String(pair.before) !== rule.leaves;
  if ('lasting' in rule) return all(rule.lasting).every((inner) => isSilent(inner, pair));
  if ('unordered' in rule) return all(rule.unordered).every((inner) => isSilent(inner, pair));
  if ('standing' in rule) return pair.isNew === true || all(rule.standing).every((inner) => isSilent(inner, pair));
  return ofRule(rule).some((other) => isCalm(other) && isAlike(other, pair));
}

function isAlike(one: Pair, other: Pair): boolean {
  return JSON.stringify([one.before, one.after]) === JSON.stringify([other.before, other.after]);
}

const raise = (before: unknown, after: unknown, says: Effect): Pair => ({ before, after, says });
const calm = (before: unknown, after: unknown): Pair => ({ before, after, says: 'modify' });
const OWN: Pair = { ...calm(undefined, 'mine'), own: '' };
const STANDING: Pair = { ...raise(undefined, 'mine', 'expose'), own: '', stands: true };

function ofRule(rule: Rule): readonly Pair[] {
  const constant = constantOf(rule);
  if (constant !== undefined) return [raise('a', 'b', constant)];
  if (typeof rule === 'string') {
    const made = WORDS[rule as Word].map(([before, after, says]) => raise(before, after, says ?? 'modify'));
    if (rule === 'acts-as') return [...made, OWN, STANDING];
    if (rule === 'serves') return [...made, { ...OWN, before: '5' }];
    return /^(acts|takes|notifies|reads|tells|passes-on)$/.test(rule) ? [...made, OWN] : made;
  }
  if ('number' in rule) return numbers(rule);
  if ('settled' in rule)
    return [raise('a', 'b', rule.settled), raise('a', undefined, rule.settled), calm(undefined, 'a')];
  if ('ends' in rule) return [raise('a', undefined, rule.ends), calm('a', 'b'), calm(undefined, 'a')];
  if ('given' in rule || 'unless_changed' in rule) return pairsOf(rule.otherwise);
  if ('standing' in rule) return [...pairsOf(rule.standing), { ...calm(undefined, 'a'), isNew: true }];
  if ('stated' in rule)
    return pairsOf(rule.stated).filter(({ before, after }) => before !== undefined && after !== undefined);
  if ('among' in rule) return pairsOf(rule.otherwise);
  if ('lasting' in rule) return pairsOf(rule.lasting);
  if ('acting' in rule) return pairsOf(rule.acting).filter(({ isNew }) => !isNew);
  if ('unsaid' in rule) return [raise('a', undefined, rule.unsaid), calm('a', 'b')];
  if ('selects' in rule) return selected(rule);
  if ('updates_by' in rule) return [raise('a', 'b', rule.otherwise), { ...calm(10, 70), updates: rule.updates_by }];
  if ('leaves' in rule) return [raise(rule.leaves, 'a', rule.is), calm('a', rule.leaves)];
  if ('shared' in rule) return [...pairsOf(rule.other), ...rule.shared.map((name) => calm(undefined, name))];
  if ('values' in rule) return byValue(rule);
  if ('order' in rule) return byOrder(rule);
  if ('members' in rule) {
    const members = Object.entries({ ...rule.members, ...(rule.others === undefined ? {} : { Other: rule.others }) });
    const inner = members.flatMap(([name, rules]) =>
      pairsOf(rules).map((pair) => within(pair, name, (value) => (value === undefined ? {} : { [name]: value }))),
    );
    return [calm(undefined, {}), ...inner];
  }
  if ('flow' in rule) return FLOWS[rule.flow];
  if ('lines' in rule) return pairsOf(rule.lines).map((pair) => ({ ...pair, ...inLines(pair) }));
  if ('unordered' in rule)
    return [
      ...pairsOf(rule.unordered).filter(({ before, after }) => !isList(before) || !isList(after)),
      calm(['a', 'b'], ['b', 'a']),
    ];
  return 'each' in rule ? list(rule) : freeKeys(rule);
}

/** As a text: `name=value`. */
function inLines({ before, after }: Pair): Pick<Pair, 'before' | 'after'> {
  const text = (value: unknown) =>
    isDocument(value)
      ? Object.entries(value)
          .map(([name, one]) => `${name}=${String(one)}\n`)
          .join('')
      : value;
  return { before: text(before), after: text(after) };
}

function within(pair: Pair, step: string, wrap: (value: unknown) => unknown): Pair {
  const { before, after, own } = pair;
  return { ...pair, before: wrap(before), after: wrap(after), ...(own === undefined ? {} : { own: `/${step}${own}` }) };
}

type OfKind<K extends string> = Extract<Rule, Readonly<Record<K, unknown>>>;

function numbers({ number, absent, endless }: OfKind<'number'>): readonly Pair[] {
  if (number === 'throttles')
    return [raise(70, 10, 'disrupt'), raise(10, 70, 'weaken'), calm(undefined, absent === 'fits' ? 10 : absent)];
  const worse = number === 'expires' ? 'delete' : /^(retains|delays)$/.test(number) ? 'weaken' : 'disrupt';
  const [few, many] = /^(delays|waits)$/.test(number) ? [70, 10] : [10, 70];
  const without = absent === 'fits' ? [calm(undefined, 10), calm(10, undefined)] : [calm(undefined, absent)];
  const more =
    typeof absent === 'number' && absent !== endless && many > few ? [raise(absent + 1, undefined, worse)] : [];
  const ends =
    endless === undefined
      ? []
      : number === 'delays'
        ? [raise(70, endless, worse), calm(endless, 70)]
        : [raise(endless, 70, worse), calm(70, endless)];
  return [raise(many, few, worse), calm(few, many), ...without, ...more, ...ends];
}

function selected({ selects, absent }: OfKind<'selects'>): readonly Pair[] {
  const [few, many] = [{ source: ['a'], detail: { state: ['on'] } }, { source: ['a', 'b'] }];
  const [calms, raises] = absent === 'all' ? [many, undefined] : [undefined, many];
  return [
    raise(many, few, selects),
    calm(few, many),
    raise(raises, absent === 'all' ? many : undefined, selects),
    calm(calms, absent === 'all' ? undefined : many),
  ];
}

function byValue({ values, otherwise, absent }: OfKind<'values'>): readonly Pair[] {
  const listed = Object.entries(values).map(([value, verdict]) => raise('another', value, verdict));
  return [
    ...listed,
    raise('another', 'a third', otherwise),
    ...(absent === undefined ? [] : [calm(undefined, absent)]),
  ];
}

function byOrder({ order, less }: OfKind<'order'>): readonly Pair[] {
  const [first, last] = [order[0], order.at(-1)];
  return [raise(last, first, less), raise(last, 'a new one', less), calm(first, last)];
}

/** Is nothing said of a value that wasn't there? */
function isQuiet(rules: Rules): boolean {
  return all(rules).every((rule) => constantOf(rule) === 'modify' || (typeof rule === 'object' && 'settled' in rule));
}

/** Is nothing said of an entry that only has its name? */
function isQuietOn(rules: Rules, name: string | undefined): boolean {
  return all(rules).every((rule) => {
    if (typeof rule === 'string') return constantOf(rule) === 'modify';
    if (!('members' in rule) || name === undefined) return false;
    return isQuiet(rule.members[name] ?? 'modify');
  });
}

function isList(value: unknown): boolean {
  return Array.isArray(value);
}

function list(rule: OfKind<'each'>): readonly Pair[] {
  const { each, by, known = {}, added, lost } = rule;
  const { reordered = worse(added, lost), ahead = reordered } = rule;
  const [a, b] = ['a', 'b'].map((name) => (by === undefined ? name : by === '#' ? {} : { [by]: name }));
  const gained = [raise([a], [a, b], added), ...(by === '#' ? [] : [raise([b], [a, b], worse(added, ahead))])];
  const own = [
    calm(undefined, []),
    ...gained.filter((pair) => !isCalm(pair) || isQuietOn(each, by)),
    raise([a, b], [a], lost),
    ...(by === '#' ? [] : [raise([a, b], [b, a], reordered)]),
  ];
  if (by === undefined) return own;
  const isFit = (value: unknown) => by === '#' || (isDocument(value) && !(by in value));
  const inner = Object.entries({ a: each, ...known }).flatMap(([name, rules]) => {
    const entry = (value: unknown) => (by === '#' || !isDocument(value) ? value : { [by]: name, ...value });
    const fit = pairsOf(rules).filter(({ before, after, isNew }) => !isNew && isFit(before) && isFit(after));
    return fit.map((pair) => within(pair, '0', (value) => [entry(value)]));
  });
  return [...own, ...inner];
}

function freeKeys({ keys, added, lost }: OfKind<'keys'>): readonly Pair[] {
  const gained = raise({}, { a: 'x' }, added);
  const given = pairsOf(keys).filter(({ after }) => after !== undefined);
  const there = given.filter(({ before }) => before !== undefined);
  const first = given.filter((pair) => pair.before === undefined && isCalm(gained) && isCalm(pair) && !pair.isNew);
  return [
    ...(isCalm(gained) && !isQuiet(keys) ? [] : [gained]),
    raise({ a: 'x' }, {}, lost),
    ...[...there, ...first].map((pair) => within(pair, 'a', (value) => (value === undefined ? {} : { a: value }))),
  ];
}

function isDocument(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * Is every change of what was there before worse than `modify`? Of what only a reader of its own tells that is so for
 * the values that are made here.
 */
export function isAlwaysWorse(rules: Rules): boolean {
  return all(rules).some((rule) => {
    if (typeof rule === 'string')
      return (
        /^(permits|admits|threshold|throttles|rolls|sifts)$/.test(rule) ||
        !/^(modify|undefined)$/.test(`${constantOf(rule)}`)
      );
    if ('standing' in rule) return isAlwaysWorse(rule.standing);
    // Calm only where it is new among new things: test/effects tells.
    if ('among' in rule || 'given' in rule || 'unless_changed' in rule) return isAlwaysWorse(rule.otherwise);
    if ('lasting' in rule) return isAlwaysWorse(rule.lasting);
    if ('acting' in rule) return isAlwaysWorse(rule.acting);
    if ('unordered' in rule) return isAlwaysWorse(rule.unordered);
    if ('members' in rule) return Object.values(rule.members).every(isAlwaysWorse);
    if ('values' in rule) return [...Object.values(rule.values), rule.otherwise].every((one) => one !== 'modify');
    if ('each' in rule) return rule.added !== 'modify' && rule.lost !== 'modify' && isAlwaysWorse(rule.each);
    if ('lines' in rule) return isAlwaysWorse(rule.lines);
    if ('keys' in rule) return rule.added !== 'modify' && rule.lost !== 'modify' && isAlwaysWorse(rule.keys);
    return false;
  });
}
