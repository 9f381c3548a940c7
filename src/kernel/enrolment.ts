import type { ApproverKey } from './approver-key.ts';
import type { Makers } from './attestation.ts';
import { type Assurance, levelOf, weakerOf } from './requirement.ts';
import { keyIdOf, mostProvenBy, type Statement, type StatementOf } from './statement.ts';
import { readPasskey } from './webauthn.ts';

/** What a recovery enrolls: another key of its signer, an admin's as theirs is. */
export function recoveredAs(statement: StatementOf<'recover'>): StatementOf<'enroll'> {
  const { lost, reason, ...more } = statement;
  return { ...more, kind: 'enroll', name: statement.by, role: 'admin' };
}

export function isRootEnrolment(
  statement: Statement,
  rootKeyId: string | undefined,
): statement is StatementOf<'enroll'> {
  return statement.kind === 'enroll' && statement.public_key_id === rootKeyId && statement.key === rootKeyId;
}

export function enrolledKey(
  statement: StatementOf<'enroll'>,
  seq: number,
  isRoot: boolean,
): Omit<ApproverKey, 'spki' | 'maxAssurance' | 'weighs'> {
  return {
    name: statement.name,
    id: statement.public_key_id,
    publicKey: statement.public_key,
    enrolledFor: statement.max_assurance,
    role: isRoot ? 'admin' : (statement.role ?? 'approver'),
    enrolledAt: statement.signed_at,
    enrolledBy: statement.by,
    enrolledWith: statement.key,
    enrolledSeq: seq,
  };
}

/**
 * How much the key may count for by itself; undefined for an enrolment that isn't in order. A key in a file proves
 * possession of the file and no more, whatever its enrolment says; the other kinds have bounds of their own. A
 * passkey's claim to a maker may be verified another day.
 */
export function mostOf(
  { public_key, public_key_id, max_assurance, signed_at }: StatementOf<'enroll'>,
  makers: Makers,
): Assurance | undefined {
  const most = mostProvenBy(public_key, makers, signed_at);
  if (most === undefined || keyIdOf(public_key) !== public_key_id) return undefined;
  const couldProve = readPasskey(public_key)?.attestation ? 'hardware' : most;
  return levelOf(max_assurance) <= levelOf(couldProve) ? weakerOf(max_assurance, most) : undefined;
}
