import type { Effect } from '../../../../src/kernel/effects.ts';

/** One thing that a change does. */
export interface Finding {
  readonly effect: Effect;
  readonly why: string;
  /** Would the old template put it back as it was? */
  readonly recoverable: boolean;
}

/** What is ended or deleted in place isn't put back. */
export function finding(effect: Effect, why: string): Finding {
  return { effect, why, recoverable: effect !== 'replace' && effect !== 'delete' && effect !== 'unknown' };
}

/** What isn't understood, or isn't told, may be anything. */
export function unknown(why: string): Finding {
  return { effect: 'unknown', why, recoverable: false };
}
