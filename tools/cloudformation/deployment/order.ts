import { EFFECTS } from '../../../src/kernel/effects.ts';
import type { Impact } from '../../../src/kernel/plan.ts';

/** `Outer/LogicalId`: with it the detail of a line begins that is about a resource. */
export function placeOf({ detail }: Pick<Impact, 'detail'>): string {
  return detail.slice(0, Math.max(0, detail.indexOf(': ')));
}

/**
 * Worst first, of one effect what weighs most, then by what the template calls a thing. So the same answers give the
 * same order, in whatever order AWS lists its changes, and whatever ids it gave: they are told apart by all that a line
 * says.
 */
export function byEffect(a: Impact, b: Impact): number {
  return (
    EFFECTS.indexOf(b.effect) - EFFECTS.indexOf(a.effect) ||
    (b.weight ?? 0) - (a.weight ?? 0) ||
    inOrder(placeOf(a), placeOf(b)) ||
    inOrder(a.detail, b.detail) ||
    inOrder(a.resource, b.resource)
  );
}

function inOrder(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
