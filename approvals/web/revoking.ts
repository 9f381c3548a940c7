import { z } from 'zod';
import { statementText } from '../../src/kernel/statement.ts';
import { checkedReason, readEnrolled } from '../desk.ts';
import { keyNamed, revocationEvent, revocationOf } from '../people/revoke.ts';
import { recordSigned } from '../record/record-statement.ts';
import { type Attempt, attemptToManage } from '../record/rejection.ts';
import type { Page } from './context.ts';
import { type Answered, askSignature, takeSignature } from './signing.ts';

export const Revocation = z.strictObject({
  s: z.string().max(100),
  /** Fingerprint of what is to be revoked. */
  revoked: z.string().max(100),
  reason: z.string().max(2200),
  /** Fingerprint of the passkey that shall sign. */
  key: z.string().max(100),
});

/**
 * Asks a passkey, an admin's or one of the same person, to sign that a key is revoked.
 * @throws as `revocationOf`
 * @throws usage
 */
export async function askRevocation(page: Page, { revoked, reason, key }: z.infer<typeof Revocation>) {
  const attempt = (claimed?: string) => attemptToRevoke(claimed, revoked);
  return askSignature(page, { key, attempt, recovery: 'let an admin sign' }, (signer, enrolled) => {
    const about = { key: revoked, reason: checkedReason(reason) };
    const statement = statementText(revocationOf(enrolled, about, signer));
    return { kind: 'revocation', statement, about };
  });
}

/**
 * Takes the answer and records it. @returns the fingerprint of what is revoked.
 * @throws as `takeSignature`
 * @throws as `revocationOf`
 */
export async function answerRevocation(page: Page, answered: Answered): Promise<string> {
  return takeSignature(page, answered, {
    kinds: ['revocation'],
    attempt: (question) => attemptToRevoke(question?.by.name, question?.about.key),
    record: async ({ by, about }, signed) => {
      const key = keyNamed((await readEnrolled(page)).registry, about.key);
      await recordSigned(page, revocationEvent(key, about.reason, by), (enrolled) => {
        // Meanwhile the signer may have been revoked, or the last other admin.
        revocationOf(enrolled, about, by);
        return signed;
      });
      return about.key;
    },
  });
}

function attemptToRevoke(claimed: string | undefined, whom: string | undefined): Attempt {
  return attemptToManage('page', claimed, { attempt: 'revoke', whom: whom?.slice(0, 64), on: 'page' });
}
