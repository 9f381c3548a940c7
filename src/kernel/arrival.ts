/** What an intent says of when its request can be sent. Times are ISO 8601. */
export interface Intended {
  readonly intended_at: string;
  /** The date in its signature, by which AWS judges it; absent where nothing was signed. */
  readonly signed_at?: string | undefined;
  readonly session?: { readonly ends_at: string } | undefined;
}

/**
 * How far the date of a signature may be from AWS's own time, in both directions. "In most cases, a request must reach
 * AWS within five minutes of the time stamp in the request", says the first page; of the query protocol the second
 * says that "the request automatically expires 15 minutes after the time stamp", and refusals count with either. The
 * longer one is the safe one.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv.html
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/AboutTimestamp.html
 */
const SIGNATURE_MS = 15 * 60_000;

/** How far the store's clock and AWS's are apart, at most. */
export const SKEW_MS = 5 * 60_000;

/**
 * Until when, by the store's clock, AWS may still take an intent's request (ISO 8601, the next whole minute). Nobody
 * can tell that one that was sent, or is about to be, will not arrive: a process that was suspended as its bytes left
 * (a frozen container, a closed laptop) sends them when it wakes up. What ends that is AWS's alone: the session that it
 * is signed with is over, or, where it has none of its own, its signature is too old. That is dated by AWS's time as
 * its last answer told it, else by the clock of the host that signed it: of one that is ahead, AWS takes it for longer.
 * @returns undefined where that can't be told
 */
export function mayArriveUntil(intent: Intended | undefined): string | undefined {
  if (!intent) return undefined;
  const { intended_at, signed_at = intended_at, session } = intent;
  const signed = Math.max(Date.parse(intended_at), Date.parse(signed_at));
  const last = (session ? Date.parse(session.ends_at) : signed + SIGNATURE_MS) + SKEW_MS;
  return Number.isNaN(last) ? undefined : new Date(Math.ceil(last / 60_000) * 60_000).toISOString();
}
