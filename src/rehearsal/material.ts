import type { NestedAsItIs } from '../../tools/cloudformation/undo/keep-stack.ts';
import type { ChangeSetAsItIs, StackAsItIs } from '../../tools/ports/cloudformation-keeper.ts';
import type { Rehearsable } from '../kernel/plan.ts';
import type { Rehearsal } from '../kernel/rehearsal.ts';

/** All that the thread which rehearses is given. It holds secrets, as templates do, and is written nowhere. */
export interface Material {
  readonly plan: Rehearsable;
  /** The stack as it is; absent where the plan makes it. */
  readonly stack?: StackAsItIs;
  readonly nested: readonly NestedAsItIs[];
  /** For a deployment. */
  readonly change_set?: ChangeSetAsItIs;
}

/** What the thread says. */
export type Played = Omit<Extract<Rehearsal, { carried_through: true }>, 'at' | 'carried_through' | 'left_out'>;
export type Said =
  | { readonly said: 'played'; readonly played: Played }
  | { readonly said: 'not_possible'; readonly why: string };
