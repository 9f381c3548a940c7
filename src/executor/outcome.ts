import type { Observation, ResourceOutcome } from '../../tools/define.ts';
import type { TrailRecord } from '../aws/trail/accepted.ts';
import type { Json } from '../kernel/digest.ts';
import { type HoldshortError, type Refusal, refusalOf } from '../kernel/errors.ts';

/**
 * What became of the one request, before anyone looks at AWS. `unclear` is also what the process that takes over from a
 * dead process knows.
 */
export type Sent =
  | { readonly kind: 'accepted'; readonly record?: TrailRecord }
  | { readonly kind: 'unclear'; readonly record?: TrailRecord; readonly error?: HoldshortError }
  | { readonly kind: 'refused'; readonly error: HoldshortError }
  | { readonly kind: 'not_sent'; readonly error: HoldshortError };

/** A result as it is written down, and shown to people and agents. */
export interface Result {
  readonly [member: string]: Json;
  readonly detail: string;
  readonly resources: readonly { readonly [member: string]: Json }[];
}

export interface Outcome {
  readonly to: 'succeeded' | 'failed' | 'unknown';
  readonly result: Result;
  readonly refusal: Refusal | undefined;
}

type Seen = Exclude<Observation, { readonly state: 'pending' }>;

/**
 * Why a resource's state settles nothing for a request that AWS isn't known to have accepted, or accepted without doing
 * it.
 */
const BY_WHOM = "it is so now, but by whom can not be told: nothing ties it to this ticket's own request";

/**
 * The advice is the same in every place: an agent that is told to call once more after an effect that may have happened
 * makes it happen twice.
 */
const SETTLE_FIRST =
  'it may have happened: let a person look at AWS before anything else is asked for there, and wait: ticket_get tells when this is settled. An approver whom the agent does not work for settles it: holdshort tickets resolve TICKET --as-happened|--as-not-happened --reason TEXT';

/** What ends as `unknown` says why, and that it is for a person to look at, whatever the error behind it advises. */
export function unsettled(detail: string, resources: readonly ResourceOutcome[], error?: Refusal): Outcome {
  const { code, message } = error ?? { code: 'outcome_unknown' as const, message: detail };
  return { to: 'unknown', result: resultOf(detail, resources), refusal: { code, message, recovery: SETTLE_FIRST } };
}

/** Nothing left this machine. */
export function notSent(error: HoldshortError): Outcome {
  return { to: 'failed', result: resultOf(error.message, []), refusal: refusalOf(error) };
}

/** AWS goes on with it, and nothing waits for that any more. */
export function notInTime(seen: string): Outcome {
  const refusal = { code: 'expired', message: 'its time was over', recovery: 'look at what is there now' } as const;
  return {
    to: 'failed',
    result: resultOf(`${seen} when its time was over; what AWS has begun of it goes on, and stays`, []),
    refusal,
  };
}

/**
 * The one place that says what an observation proves. The attacker is chance: someone else makes the same change while
 * it can't be told what became of our request. Only a mark of the request itself, or AWS's own answer to it, ties a
 * ticket to what is seen.
 * @param onlyMakes it is a request that makes something, and does nothing else
 */
export function outcomeOf(
  seen: Seen,
  sent: Exclude<Sent, { readonly kind: 'not_sent' }>,
  { onlyMakes = false } = {},
): Outcome {
  if (onlyMakes && sent.kind === 'accepted' && seen.state === 'unknown') return notThere(seen);
  const error = 'error' in sent && sent.error ? refusalOf(sent.error) : undefined;
  const told = (detail: string) => (error ? `${error.message}; ${detail}` : detail);
  if (sent.kind === 'refused') return afterRefusal(seen, refusalOf(sent.error), told(seen.detail));
  const { record } = sent;
  const shown = record ? ` (CloudTrail's event ${record.event} of ${record.at})` : '';
  const seenToo = shown ? `${seen.detail}; AWS accepted the request${shown}` : seen.detail;
  if (seen.state === 'unknown' || (seen.evidence === 'state' && sent.kind !== 'accepted')) {
    const changed = seen.state !== 'unknown' || seen.resources.some(({ outcome }) => outcome !== 'unknown');
    const proves = seen.evidence === 'request' || sent.kind === 'accepted';
    const of = proves || !changed ? seenToo : `${seenToo}; ${BY_WHOM}`;
    const resources = proves || !changed ? seen.resources : seen.resources.map(withoutAuthor);
    return shownBy(record, unsettled(of, resources, error));
  }
  const detail = seen.evidence === 'state' ? `AWS accepted the request${shown}; ${seen.detail}` : seen.detail;
  return shownBy(record, {
    to: seen.state,
    result: resultOf(told(detail), seen.resources),
    refusal: seen.state === 'succeeded' ? undefined : error,
  });
}

/**
 * AWS said yes to making something, and what that is can't be told: someone took it away again, or put its mark on
 * other things. The request did nothing else, and nothing follows it: that isn't so little known that people have to
 * settle it.
 */
function notThere({ detail, evidence, resources }: Seen): Outcome {
  const nothing = evidence === 'request' && resources.length === 0;
  const message = `AWS accepted the request; ${nothing ? TAKEN_AWAY : detail}`;
  const recovery = 'let a person look at what is there, and who made it or took it away';
  return { to: 'failed', result: resultOf(message, resources), refusal: { code: 'wrong_state', message, recovery } };
}

const TAKEN_AWAY = 'what it made is not to be found: it was deleted, or its tags were taken off';

/** CloudTrail's event stays with what was found, so that it is known at every later look, and to who settles it. */
function shownBy(record: TrailRecord | undefined, outcome: Outcome): Outcome {
  return record ? { ...outcome, result: { ...outcome.result, trail: { ...record } } } : outcome;
}

/**
 * AWS answered no, so this request did nothing: if it is so all the same, someone else did it, or a part of a batch was
 * done. Unless AWS shows a mark that only this ticket's request leaves: then it did arrive, whatever the answer.
 */
function afterRefusal(seen: Seen, refusal: Refusal, detail: string): Outcome {
  const result = resultOf(detail, seen.resources);
  if (seen.evidence === 'request' && seen.state === 'succeeded') return { to: 'succeeded', result, refusal: undefined };
  const partly = seen.resources.some(({ outcome }) => outcome === 'succeeded');
  const recovery = 'a part of it may be done: look at each resource in `result`, and ask only for what is left';
  return { to: 'failed', result, refusal: partly ? { ...refusal, recovery } : refusal };
}

function withoutAuthor({ resource, detail }: ResourceOutcome): ResourceOutcome {
  return { resource, outcome: 'unknown', detail: `${detail}; by whom can not be told` };
}

function resultOf(detail: string, resources: readonly ResourceOutcome[]): Result {
  return { detail, resources: resources.map((resource) => ({ ...resource })) };
}
