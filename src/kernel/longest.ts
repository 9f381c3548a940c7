/*
 * How long what is stored may be, in bytes of printable ASCII. Each is several times what ours come to: an attacker
 * with a login writes the longest, and as many as they like, and gates and lists read them.
 */

/** An entry of the log. What of ours is longer is cut (`fitting`). */
export const LONGEST_ENTRY = 262_144;
/** An entry with something signed in it: gates read those again. */
export const LONGEST_STATEMENT = 65_536;
/** An ID token that comes with an approval, in characters; groups make them long. */
export const LONGEST_LOGIN = 12_000;
/** A plan: what is given as text, and the impact of as many resources as a plan may touch. */
export const LONGEST_PLAN = 67_108_864;
/** A ticket's draft, what planning left, and how far a ticket is. */
export const LONGEST_NOTE = 65_536;
/** A name: of a call, a digest, an executor. */
export const LONGEST_NAME = 512;
/** Who is told of one entry. */
export const MOST_RECIPIENTS = 256;
/** How long a ticket may wait, whatever is configured. */
export const LONGEST_WAIT_MS = 30 * 86_400_000;
