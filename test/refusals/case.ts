import type { Scene } from '../scenes/whole.ts';

type Arguments = Record<string, unknown>;

/** One way to run into one refusal. */
export interface RefusalCase {
  readonly tool: string;
  readonly code: string;
  /** Says which of several ways it is. */
  readonly when: string;
  /** In a cloud where whatever takes time goes on taking it, so that what is under way can be met. */
  readonly held?: true;
  /** Arranges what is needed in AWS, and gives the arguments of the call (without its reason). */
  readonly args: (scene: Scene) => Promise<Arguments> | Arguments;
}
