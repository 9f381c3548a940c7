import type { KitCall } from '../../../src/kernel/kit.ts';
import type { Impact } from '../../../src/kernel/plan.ts';
import { isDestroying, type Lost, type Undo } from '../../../src/kernel/undo.ts';

/** What brings back what a change does to EC2's things: the same when it is told and when it is kept. */
export interface WayBack {
  readonly calls: readonly KitCall[];
  readonly lost: readonly Lost[];
}

/** What parts make, for those that need its id. */
export const MADE = {
  group: { kind: 'ec2:security-group', like: `sg-${'0'.repeat(17)}` },
  instance: { kind: 'ec2:instance', like: `i-${'0'.repeat(17)}` },
  volume: { kind: 'ec2:volume', like: `vol-${'0'.repeat(17)}` },
} as const;

/** The most tickets that one way back may take. */
const MOST_CALLS = 50;

/** What the plan says of it: nothing where it destroys nothing, or nothing brings it back. */
export function undoOf(impact: readonly Impact[], { calls, lost }: WayBack): { readonly undo?: Undo } {
  if (!isDestroying(impact) || calls.length === 0 || calls.length > MOST_CALLS) return {};
  return { undo: { by: calls.map(({ tool }) => tool), lost: [...lost], needs: [] } };
}
