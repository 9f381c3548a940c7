import type { Effect } from '../../../../src/kernel/effects.ts';

/** One thing that a change does. */
export interface Finding {
  readonly effect: Effect;
  readonly why: string;
  /** Would the old template put it back as it was? */
  readonly recoverable: boolean;
  /**
   * How much it is about, among findings of the same effect. The attacker writes a dozen milder ones before it: what
   * is left out of a list is what weighs least.
   */
  readonly weight?: number;
}

/** What is ended or deleted in place isn't put back. */
export function finding(effect: Effect, why: string, weight = 0): Finding {
  const recoverable = effect !== 'replace' && effect !== 'delete' && effect !== 'unknown';
  return { effect, why, recoverable, ...(weight > 0 ? { weight } : {}) };
}

/** That it is about everyone, or about what can't be read. */
export const EVERYONE = 8;
/** That it is about everything that there is to do. */
export const EVERYTHING = 4;

/** What isn't understood, or isn't told, may be anything. */
export function unknown(why: string): Finding {
  return { effect: 'unknown', why, recoverable: false };
}
