import { digestOf, sha256 } from './digest.ts';
import { quotedText } from './safe-text.ts';
import type { StatementOf } from './statement.ts';

/** What an installation says in files of its own, beside the keys, where anyone who writes the database can't reach. */
export interface Pinned {
  /** Fingerprint of the first key, on which all others rest; undefined when nobody was ever enrolled here. */
  readonly rootKeyId: string | undefined;
  /** The digests of the statements of the recoveries that count here (`recoveryDigest`). */
  readonly recoveries: ReadonlySet<string>;
}

/** A recovery that someone signed who could. */
export interface Recovery {
  /** The number of its entry in the log. */
  readonly seq: number;
  /** The person whose key was lost, who signed with what was left. */
  readonly by: string;
  /** Fingerprints: of the key that took its place, and of what was lost. */
  readonly key: string;
  readonly lost: readonly string[];
  readonly reason: string;
  /** ISO 8601, as its signer says. */
  readonly at: string;
  /** Whether this installation says that it counts. */
  readonly pinned: boolean;
}

/** @param seq of its entry */
export function recoveryIn(statement: StatementOf<'recover'>, seq: number, pinned: boolean): Recovery {
  const { by, public_key_id: key, lost, reason, signed_at: at } = statement;
  return { seq, by, key, lost, reason, at, pinned };
}

/**
 * Names one recovery and no other: whom, which key, what was lost, signed with which key. @param statement its exact
 * text
 */
export function recoveryDigest(statement: string): string {
  return digestOf('holdshort/recovery/v1', statement);
}

/** What everyone is told of it, in safe text. */
export function recoveryText({ seq, by, key, lost, reason, at, pinned }: Recovery): string {
  const gone =
    lost.length === 0
      ? ''
      : ` in place of ${lost.slice(0, 3).join(', ')}${lost.length > 3 ? ` and ${lost.length - 3} more` : ''}, revoked`;
  const counts = pinned
    ? ''
    : " NO keys/recovery-....json HERE NAMES IT: that key counts for no more than the one that signed for it. Unless somebody took the file away, or it is on another machine, an admin's key is in wrong hands: revoke it.";
  return `RECOVERY by ${by} (${at.slice(0, 10)}, entry ${seq}): ${key}${gone}. Reason: ${quotedText(reason, 200, sha256)}.${counts}`;
}
