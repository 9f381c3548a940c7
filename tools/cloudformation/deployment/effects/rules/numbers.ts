import type { Json } from '../../../../../src/kernel/digest.ts';
import type { Verdict } from '../../../knowledge/verdict.ts';
import type { Finding } from '../finding.ts';
import { labelOf, type Place, say } from './place.ts';
import { numberOf } from './reading.ts';

export type Counted = 'retains' | 'expires' | 'capacity' | 'limits' | 'throttles' | 'delays' | 'waits';

interface Bound {
  readonly effect: Verdict;
  readonly why: string;
  /** What no number means, before and after. */
  readonly absent: readonly [number, number];
  /** More is it, instead of less. */
  readonly isMore?: true;
}

const { POSITIVE_INFINITY: ENDLESS } = Number;

const BOUNDS: Readonly<Record<Exclude<Counted, 'throttles'>, Bound>> = {
  retains: { effect: 'weaken', why: 'keeps less', absent: [0, 0] },
  expires: {
    effect: 'delete',
    why: 'deletes what is kept or waits, or sooner than before',
    absent: [ENDLESS, ENDLESS],
  },
  capacity: { effect: 'disrupt', why: 'may stop what runs', absent: [ENDLESS, -ENDLESS] },
  limits: { effect: 'disrupt', why: 'lets it do less', absent: [ENDLESS, ENDLESS] },
  delays: { effect: 'weaken', why: 'has what happens noticed, or ended, later', absent: [0, ENDLESS], isMore: true },
  waits: { effect: 'disrupt', why: 'has others wait longer', absent: [0, ENDLESS], isMore: true },
};

/** A brake that is loosened. The attacker has passwords guessed a thousand times faster than the API would let them. */
const LOOSENED: Bound = {
  effect: 'weaken',
  why: 'keeps less from overrunning what is behind it',
  absent: [ENDLESS, ENDLESS],
  isMore: true,
};

/**
 * @param given what AWS takes where none is given (`fits`: neither less nor more than any number), and which number it
 * takes for "without end"
 */
export function counted(
  rule: Counted,
  before: Json | undefined,
  after: Json | undefined,
  place: Place,
  given: Given = {},
): readonly Finding[] {
  if (rule !== 'throttles') return bounded(BOUNDS[rule], before, after, place, given);
  return [BOUNDS.limits, LOOSENED].flatMap((bound) => bounded(bound, before, after, place, given));
}

interface Given {
  readonly absent?: number | 'fits';
  readonly endless?: number;
}

function bounded(
  bound: Bound,
  before: Json | undefined,
  after: Json | undefined,
  place: Place,
  { absent, endless }: Given,
): readonly Finding[] {
  const { effect, why, absent: unsaid, isMore } = bound;
  if (absent === 'fits' && (isAbsent(before) || isAbsent(after)) && !isOdd(before) && !isOdd(after)) return [];
  const [few, many] = typeof absent === 'number' ? [absent, absent] : unsaid;
  const [was, is] = [isAbsent(before) ? few : numberOf(before), isAbsent(after) ? many : numberOf(after)].map((one) =>
    one !== undefined && one === endless ? ENDLESS : one,
  );
  if (was !== undefined && is !== undefined && (isMore ? is <= was : is >= was)) return [];
  // Numbers alone are shown: anything else may be a text of the template's.
  const told = [was, is].every((one) => one !== undefined && Number.isFinite(one)) ? ` (${was} becomes ${is})` : '';
  const found = say(place, effect, `${labelOf(place)} ${why}${told}`);
  return bound === BOUNDS.retains ? found.map((one) => ({ ...one, recoverable: false })) : found;
}

const RISING = /^Greater/;
const FALLING = /^Less/;

/**
 * An alarm that tells from a number on, upwards or downwards as its own operator says, before and after. What can't be
 * compared may never tell.
 */
export function threshold(before: Json | undefined, after: Json | undefined, place: Place): readonly Finding[] {
  const { resource } = place;
  const operators = [resource.before, resource.after].map((all) => String(all?.ComparisonOperator));
  const [was, is] = [numberOf(before), numberOf(after)];
  const isComparable = was !== undefined && is !== undefined;
  const rises = isComparable && is <= was && operators.every((one) => RISING.test(one));
  const falls = isComparable && is >= was && operators.every((one) => FALLING.test(one) && !/Greater/.test(one));
  return rises || falls ? [] : say(place, 'weaken', `${labelOf(place)} may be met later, or never`);
}

function isAbsent(value: Json | undefined): boolean {
  return value === undefined || value === null;
}

function isOdd(value: Json | undefined): boolean {
  return !isAbsent(value) && numberOf(value) === undefined;
}
