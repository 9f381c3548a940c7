import { worse } from '../../../src/kernel/effects.ts';
import type { Impact } from '../../../src/kernel/plan.ts';
import { placeOf } from '../deployment/order.ts';
import type { Reach } from './targets.ts';

const SHOWN = 5;

/**
 * The lines of a plan, each with what the resource that it is about reaches. Their details begin with its path. Code
 * that others may change is theirs to run as this stack does.
 */
export function withReach(impact: readonly Impact[], { notes, exposed }: Reach): readonly Impact[] {
  return impact.map((line) => {
    const all = notes.get(placeOf(line)) ?? [];
    if (all.length === 0) return line;
    const more = all.length > SHOWN ? [`and ${all.length - SHOWN} more`] : [];
    const effect = exposed.has(placeOf(line)) ? worse(line.effect, 'expose') : line.effect;
    const told = [...all.slice(0, SHOWN), ...more].join('; ');
    // What decides is said first.
    const [name = '', ...rest] = line.detail.split(': ');
    const detail = effect === line.effect ? `${line.detail}; ${told}` : `${name}: ${told}; ${rest.join(': ')}`;
    return { ...line, effect, detail };
  });
}
