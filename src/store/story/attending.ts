import { Progress } from '../../kernel/progress.ts';
import type { Waiting } from '../../kernel/waiting.ts';
import type { StoredTicket } from '../port.ts';
import type { Row } from './row.ts';

/** How long executors may take to come to a ticket before that is said. */
const FIRST_MS = 20_000;
/** And to come back to one that they left for a while, which says what it waits for. */
const AGAIN_MS = 3 * 60_000;

/**
 * Why no executor is at a ticket that is theirs to run or to watch, as far as their claims tell; undefined where one
 * is, or may just be coming. What an executor wrote down before is part of it: nobody knows whether it is still so.
 * @param row its `claim_until` is when the last claim on it ends, or was let go
 * @param now milliseconds since 1970
 * @param atWork how many tickets of its account and region executors have claimed now
 */
export function leftAlone(
  { trail, waiting, draft, state }: StoredTicket,
  { claim_until }: Pick<Row, 'claim_until'>,
  now: number,
  atWork: () => number,
): Waiting | undefined {
  const sent = state === 'executing';
  if (!sent && (state !== 'approved' || Date.parse(draft.expires_at) <= now)) return undefined;
  const reached = trail.at(-1)?.at;
  const since = claim_until ?? (reached === undefined ? now : Date.parse(reached));
  if (now - since < (waiting ? AGAIN_MS : FIRST_MS)) return undefined;
  const others = atWork();
  const before = waiting ? `; before that it waited: ${waiting.refusal.message}` : '';
  const left = sent
    ? 'no executor looks at what became of it'
    : claim_until === null
      ? 'no executor has taken it'
      : 'no executor has come back to it';
  const busy = `those that are at work in its account and region have ${others === 1 ? 'another ticket' : `${others} other tickets`}`;
  return {
    since: new Date(since).toISOString(),
    refusal: {
      code: 'no_executor',
      message: `${left}${others > 0 ? `: ${busy}` : ', and none is at work in its account and region'}${before}`,
      recovery:
        others > 0
          ? 'it takes its turn; run another `holdshort executor` for more at once'
          : `run \`holdshort executor\`, or \`holdshort serve\`, with credentials for its account, and for ${draft.region} where it is given --region`,
    },
  };
}

/** What an executor told of how far AWS is; nothing where it isn't that. */
export function progressFrom(stored: string | null): Pick<StoredTicket, 'progress'> {
  if (stored === null) return {};
  try {
    const { data } = Progress.safeParse(JSON.parse(stored));
    return data ? { progress: data } : {};
  } catch {
    return {};
  }
}
