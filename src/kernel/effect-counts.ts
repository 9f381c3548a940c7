import { EFFECTS, type Effect } from './effects.ts';

type Impact = readonly { readonly effect: Effect }[];

/*
 * Wherever numbers of a plan are said, they come from here, from its impact as it is: a plan's summary has none of its
 * own, because what is known of the past adds lines to a plan that is made already.
 */

/** How many lines of impact have each effect, worst first. */
export function effectCounts(impact: Impact): readonly (readonly [Effect, number])[] {
  return [...EFFECTS].reverse().flatMap((effect) => {
    const count = impact.filter((line) => line.effect === effect).length;
    return count > 0 ? [[effect, count] as const] : [];
  });
}

/** `delete 5, weaken 1` */
export function countsText(impact: Impact): string {
  return effectCounts(impact)
    .map(([effect, count]) => `${effect} ${number(count)}`)
    .join(', ');
}

export function number(count: number): string {
  return count.toLocaleString('en-US');
}
