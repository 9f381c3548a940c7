import { SKEW_MS } from '../../../src/kernel/arrival.ts';
import { sha256 } from '../../../src/kernel/digest.ts';
import { bounded } from '../../../src/kernel/safe-text.ts';
import type { Attempt, Observation } from '../../define.ts';

/** Something that AWS lists with the ticket's own tag. */
interface Made {
  /** Its ARN. */
  readonly resource: string;
  readonly id: string;
  readonly state: string;
  /** When AWS made it (ISO 8601); absent where AWS gives no date. */
  readonly made_at?: string | undefined;
  /** Why it failed, or how far it is. */
  readonly note?: string | undefined;
}

/** The states that a new resource passes through and can end in. */
interface Birth {
  readonly noun: string;
  readonly under_way: readonly string[];
  readonly done: readonly string[];
}

/**
 * What came of a creation. The tag was written by the request itself, so that what carries it is proof, but for what
 * was there before the request: a tag can be put on by others. A request makes one: where several carry the tag,
 * someone put it on others, and nobody can tell which is the one that was made.
 */
export function observeMade(
  found: readonly Made[],
  { noun, under_way, done }: Birth,
  { intended_at }: Pick<Attempt, 'intended_at'>,
): Observation {
  const first = Date.parse(intended_at) - SKEW_MS;
  const since = found.filter(({ made_at }) => !(Date.parse(made_at ?? '') < first));
  const [made, another] = since;
  if (!made) {
    const older = found.length > 0 ? ` (it is on ${idsOf(found)}, which was there before the request)` : '';
    const detail = `no trace that the request arrived: no ${noun} carries this ticket's tag${older}`;
    return { state: 'unknown', evidence: 'request', detail, resources: [] };
  }
  if (another) {
    const detail = `this ticket's tag is on ${since.length} (${idsOf(since)}), and its request made one: nobody can tell which`;
    return { state: 'unknown', evidence: 'state', detail, resources: [] };
  }
  const { resource, id, state, note } = made;
  const detail = `${id} is ${state}${note ? ` (${bounded(note, 300, sha256)})` : ''}`;
  if (under_way.includes(state)) return { state: 'pending', detail };
  const outcome = done.includes(state) ? 'succeeded' : 'failed';
  return { state: outcome, evidence: 'request', detail, resources: [{ resource, outcome, detail }] };
}

function idsOf(found: readonly Made[]): string {
  return bounded(found.map(({ id }) => id).join(', '), 300, sha256);
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
