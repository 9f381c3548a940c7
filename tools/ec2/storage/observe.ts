import { sha256 } from '../../../src/kernel/digest.ts';
import { bounded } from '../../../src/kernel/safe-text.ts';
import type { Attempt, Observation } from '../../define.ts';

/** Something that AWS lists with the ticket's own tag. */
interface Made {
  /** Its ARN. */
  readonly resource: string;
  readonly id: string;
  readonly state: string;
  /** Why it failed, or how far it is. */
  readonly note?: string | undefined;
}

/** The states that a new resource passes through and can end in. */
interface Birth {
  readonly noun: string;
  readonly under_way: readonly string[];
  readonly done: readonly string[];
}

/** What came of a creation. The tag was written by the request itself, so that what carries it is proof. */
export function observeMade(found: readonly Made[], { noun, under_way, done }: Birth): Observation {
  if (found.length === 0) {
    const detail = `no trace that the request arrived: no ${noun} carries this ticket's tag`;
    return { state: 'unknown', evidence: 'request', detail, resources: [] };
  }
  const text = ({ id, state, note }: Made) => `${id} is ${state}${note ? ` (${bounded(note, 300, sha256)})` : ''}`;
  const moving = found.find(({ state }) => under_way.includes(state));
  if (moving) return { state: 'pending', detail: text(moving) };
  const made = found.filter(({ state }) => done.includes(state));
  return {
    state: made.length > 0 ? 'succeeded' : 'failed',
    evidence: 'request',
    detail: found.map(text).join(', '),
    resources: found.map((one) => ({
      resource: one.resource,
      outcome: done.includes(one.state) ? 'succeeded' : 'failed',
      detail: text(one),
    })),
  };
}

/** Clocks differ, and the intent is durable a moment before the request leaves. */
const EARLIEST_MS = -2 * 60_000;
/** A request that is answered at all is carried out within minutes. */
const LATEST_MS = 15 * 60_000;

/** Is what AWS dates `at` (ISO 8601) of the time of this attempt? True where AWS gives no date. */
export function datesFrom(at: string | undefined, { intended_at }: Attempt): boolean {
  const late = Date.parse(at ?? '') - Date.parse(intended_at);
  return Number.isNaN(late) || (late >= EARLIEST_MS && late <= LATEST_MS);
}
