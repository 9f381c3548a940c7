import { effectCounts, number } from '../../src/kernel/effect-counts.ts';
import { isDestructive } from '../../src/kernel/effects.ts';
import type { PlanRecord } from '../../src/kernel/plan.ts';

export interface Figure {
  readonly what: string;
  readonly value: string;
  readonly alarming: boolean;
}

/** The numbers that decide. Deleted and replaced are always said, also when there are none. */
export function figuresOf({ impact }: PlanRecord): readonly Figure[] {
  const counts = new Map<string, number>(effectCounts(impact));
  const count = (effect: string) => counts.get(effect) ?? 0;
  const harmful = impact.filter(({ effect }) => isDestructive(effect));
  const back = harmful.filter(({ recoverable }) => recoverable).length;
  const unknown = count('unknown') + (impact.length === 0 ? 1 : 0);
  const unjudged = count('unjudged');
  const figure = (what: string, value: string, alarming: boolean) => ({ what, value, alarming });
  return [
    figure('deleted', number(count('delete')), count('delete') > 0),
    figure('replaced', number(count('replace')), count('replace') > 0),
    ...(unknown > 0 ? [figure("can't be told", number(unknown), true)] : []),
    ...(unjudged > 0 ? [figure('not judged yet', number(unjudged), false)] : []),
    ...(harmful.length > 0
      ? [figure('can be put back as they were', `${number(back)} of ${number(harmful.length)}`, back < harmful.length)]
      : []),
  ];
}
