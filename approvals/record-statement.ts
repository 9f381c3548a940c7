import { randomBytes } from 'node:crypto';
import type { AuditEvent } from '../src/audit/entry.ts';
import { HoldshortError } from '../src/kernel/errors.ts';
import { readStatement, type Signed, type Statement, signStatement } from '../src/kernel/statement.ts';
import { type Desk, type Enrolled, readEnrolled } from './desk.ts';
import type { Signer } from './keys.ts';

const ATTEMPTS = 8;

/** Whose key signs a statement: its fingerprint, and the person. */
export type KeyHolder = Pick<Signer, 'id' | 'name'>;

/** The members that every statement has. */
export function signedNow(signer: KeyHolder, now: Date): Pick<Statement, 'nonce' | 'signed_at' | 'key' | 'by'> {
  return {
    nonce: randomBytes(16).toString('hex'),
    signed_at: now.toISOString(),
    key: signer.id,
    by: signer.name,
  };
}

/**
 * Signs a statement about who may decide or what is stopped, and records it. It was weighed against a number of statements: if others
 * came in between, `weigh` is asked again with them, because what was allowed a moment ago may not be any more.
 * @param weigh the statement, given who is enrolled now; throws where it isn't allowed
 */
export function recordStatement(
  desk: Desk,
  signer: Signer,
  event: AuditEvent,
  weigh: (enrolled: Enrolled) => Statement,
): Promise<Enrolled> {
  return recordSigned(desk, event, (enrolled) => signStatement(weigh(enrolled), signer.privateKey));
}

/**
 * The same for what was signed elsewhere.
 * @param weigh the statement with its signature, given who is enrolled now; throws where it isn't allowed
 */
export async function recordSigned(
  desk: Desk,
  event: AuditEvent,
  weigh: (enrolled: Enrolled) => Signed,
): Promise<Enrolled> {
  for (let attempt = 1; ; attempt++) {
    const enrolled = await readEnrolled(desk);
    const signed = weigh(enrolled);
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
