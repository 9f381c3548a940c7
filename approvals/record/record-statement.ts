import { randomBytes } from 'node:crypto';
import type { AuditEvent } from '../../src/audit/entry.ts';
import { isAboutPeople, mayManage } from '../../src/kernel/approvers.ts';
import type { Makers } from '../../src/kernel/attestation.ts';
import { HoldshortError } from '../../src/kernel/errors.ts';
import type { Assurance } from '../../src/kernel/requirement.ts';
import { isWeaker } from '../../src/kernel/requirement.ts';
import {
  claimedBy,
  provenBy,
  readStatement,
  type Signed,
  type Statement,
  statementText,
} from '../../src/kernel/statement.ts';
import { type Desk, type Enrolled, readEnrolled } from '../desk.ts';
import type { KeyHolder, Signer } from '../keys/keys.ts';

const ATTEMPTS = 8;

/** For an admin who has lost the key that proves more. */
export const WAY_BACK =
  'holdshort approvers recover NAME --key NEW --lost OLD, where the keys folder is (docs/approving.md)';

/**
 * Has a key sign a text, and checks what came back before anyone relies on it: the program or agent that signed may
 * have used another key than the one that was meant.
 * @throws key_invalid
 * @throws as the signer does
 */
export async function signedBy(
  signer: Signer,
  statement: string,
  makers: Makers,
): Promise<{ signed: Signed; proven: Assurance }> {
  const signed = { statement, signature: await signer.sign(statement) };
  const proven = provenBy(signed, signer.publicKey, makers);
  if (proven) return { signed, proven };
  throw new HoldshortError(
    'key_invalid',
    `what was signed does not prove ${signer.name}'s key ${signer.id}`,
    "see that the key is the one that was enrolled; a security key must ask for a touch (it was made with no-touch-required if it doesn't)",
  );
}

/** The same enrolled key; it says whose it is as soon as a signature has proved that. */
export function telling(signer: Signer, proved: (person: string) => void): Signer {
  return {
    ...signer,
    async sign(statement) {
      const signature = await signer.sign(statement);
      if (claimedBy({ statement, signature }, signer.publicKey) !== undefined) proved(signer.name);
      return signature;
    },
  };
}

/** What would be ignored by everyone who reads the log isn't written into it. */
export function checkProof({ registry }: Enrolled, statement: Statement, proven: Assurance): void {
  if (registry.keys.size === 0 || !isAboutPeople(statement)) return;
  const most = registry.keys.get(statement.key)?.maxAssurance ?? 'client';
  if (mayManage(registry, statement, isWeaker(most, proven) ? most : proven)) return;
  throw new HoldshortError(
    'assurance_too_low',
    `an admin has a key that proves more than ${proven}, so a key that proves no more can't ${beyond(statement)}`,
    `sign with the stronger key of an admin: --ssh FILE, or on the page${statement.kind === 'revoke' ? '; or let its owner revoke it, with any key of theirs' : ''}; if none is left: ${WAY_BACK}`,
  );
}

function beyond({ kind }: Statement): string {
  if (kind === 'membership') return 'let anybody leave a team';
  if (kind === 'bind') return 'say whose login it is';
  return `${kind} ${kind === 'revoke' ? "somebody else's" : 'one'} that counts for more`;
}

/** The members that every statement has. @param at the store's time, ISO 8601 */
export function signedAt(signer: KeyHolder, at: string): Pick<Statement, 'nonce' | 'signed_at' | 'key' | 'by'> {
  return {
    nonce: randomBytes(16).toString('hex'),
    signed_at: at,
    key: signer.id,
    by: signer.name,
  };
}

/**
 * Signs a statement about who may decide or what is stopped, and records it. It was weighed against a number of
 * statements: if others came in between, `weigh` is asked again with them, because what was allowed a moment ago may
 * not be any more.
 * @param weigh the statement, given who is enrolled now; throws where it isn't allowed
 */
export function recordStatement(
  desk: Desk,
  signer: Signer,
  event: AuditEvent,
  weigh: (enrolled: Enrolled) => Statement,
): Promise<Enrolled> {
  return recordSigned(desk, event, async (enrolled) => {
    const statement = weigh(enrolled);
    const { signed, proven } = await signedBy(signer, statementText(statement), enrolled.makers);
    checkProof(enrolled, statement, proven);
    return signed;
  });
}

/**
 * The same for what was signed elsewhere. The attacker brings what was signed once more, to another process than the
 * one that took it: the log has it, and what it changed may have been changed back since.
 * @throws approval_invalid for what was recorded already
 * @param weigh the statement with its signature, given who is enrolled now; throws where it isn't allowed
 */
export async function recordSigned(
  desk: Desk,
  event: AuditEvent,
  weigh: (enrolled: Enrolled) => Signed | Promise<Signed>,
): Promise<Enrolled> {
  for (let attempt = 1; ; attempt++) {
    const enrolled = await readEnrolled(desk);
    const signed = await weigh(enrolled);
    if (enrolled.statements.some(({ statement }) => statement === signed.statement))
      throw new HoldshortError('approval_invalid', 'this was signed and recorded before', 'sign it anew');
    try {
      await desk.store.recordStatement({ signed, expected: enrolled.statements.length, event });
    } catch (error) {
      if (error instanceof HoldshortError && error.code === 'conflict' && attempt < ATTEMPTS) continue;
      throw error;
    }
    return confirmed(await readEnrolled(desk), signed);
  }
}

/** Reads back what was written: success is what the store holds, not what was sent to it. */
function confirmed(enrolled: Enrolled, signed: Signed): Enrolled {
  if (enrolled.statements.some(({ statement }) => statement === signed.statement)) return enrolled;
  throw new HoldshortError(
    'tampered',
    `the ${readStatement(signed)?.kind ?? ''} that was just recorded is not in the log`,
    'run `holdshort audit verify`',
  );
}
