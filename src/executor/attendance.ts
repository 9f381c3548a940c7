import type { Held } from './leases.ts';
import type { Slots } from './slots.ts';

/**
 * How long one look may take: nobody's ticket waits for an endpoint that never answers, or goes on answering for ever.
 */
export const LOOK_MS = 2 * 60_000;

/** What an executor gives a ticket for as long as it works on it. */
export interface Attendance extends Pick<Held, 'claim' | 'holds' | 'keptBy'> {
  /** Ends early when the executor is to stop. */
  readonly pause: (ms: number) => Promise<void>;
  readonly stopping: AbortSignal;
  /** How long one look at AWS may take. */
  readonly lookMs: number;
  readonly slots: AttendanceSlots;
}

/** What is watched takes nothing from what is to be sent: AWS may take hours over it. */
export interface AttendanceSlots {
  /** For each request, with all that must hold before it. */
  readonly sending: Pick<Slots, 'in'>;
  /** For looks at a region, of which one that never answers keeps no other waiting. */
  looking(place: string): Pick<Slots, 'in'>;
  /** How many tickets are under way. */
  watched(): number;
}

export const overOf = ({ lookMs, stopping }: Attendance) => AbortSignal.any([AbortSignal.timeout(lookMs), stopping]);
