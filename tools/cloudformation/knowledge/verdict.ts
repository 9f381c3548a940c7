import type { Effect } from '../../../src/kernel/effects.ts';

/**
 * What the effects mean in rows:
 * - `modify`: nobody who depends on it notices, or it is put back by the old template without a loss.
 * - `disrupt`: what runs stops, restarts, or isn't reached; what comes waits; there is less capacity.
 * - `expose`: others may do or reach more than before.
 * - `weaken`: a protection, a record of what happens, or a copy is less than before, though nothing is lost yet.
 * - `replace`: something that runs is ended for a new one.
 * - `delete`: something stored or standing is gone afterwards, now or as time passes; or what comes in is thrown away,
 *   where it was kept or handed on before.
 */
export type Verdict = Exclude<Effect, 'read' | 'create' | 'unjudged' | 'unknown'>;
