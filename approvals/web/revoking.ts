import { z } from 'zod';
import { HoldshortError } from '../../src/kernel/errors.ts';
import { signedBytes, statementText } from '../../src/kernel/statement.ts';
import { challengeOf } from '../../src/kernel/webauthn.ts';
import { checkedReason, readEnrolled } from '../desk.ts';
import { keyNamed, revocationEvent, revocationOf } from '../people/revoke.ts';
import { recordSigned } from '../record/record-statement.ts';
import { type Attempt, recordingRejection } from '../record/rejection.ts';
import type { Challenge } from './challenges.ts';
import { type Page, passkeysHere } from './context.ts';
import { asking, signedAnswer } from './deciding.ts';
import type { AssertionResponse } from './passkeys.ts';

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
  const enrolled = await readEnrolled(page);
  const signer = passkeysHere(enrolled.registry, page.rp.origin).find(({ id }) => id === key);
  return recordingRejection(page, attempt(signer?.name ?? enrolled.registry.keys.get(key)?.name, revoked), async () => {
    if (!signer)
      throw new HoldshortError(
        'not_enrolled',
        'that passkey is revoked, or was never enrolled for this page',
        'let an admin sign',
      );
    const by = { id: signer.id, name: signer.name };
    const about = { key: revoked, reason: checkedReason(reason) };
    const statement = statementText(revocationOf(enrolled, about, by, page.now()));
    const challenge = challengeOf(signedBytes(statement));
    return asking(page, { kind: 'revocation', challenge, statement, publicKey: signer.publicKey, by, about });
  });
}

/**
 * Takes the answer and records it. @returns the fingerprint of what is revoked.
 * @throws not_confirmed
 * @throws as `revocationOf`
 */
export async function answerRevocation(
  page: Page,
  sealed: string,
  response: z.infer<typeof AssertionResponse>,
): Promise<string> {
  let question: Extract<Challenge, { kind: 'revocation' }> | undefined;
  const event = () => attempt(question?.by.name, question?.about.key);
  return recordingRejection(page, event, async (proved) => {
    question = page.challenges.open(sealed, ['revocation']);
    const { by, about } = question;
    const signed = await signedAnswer(page, question, response);
    proved(by.name);
    const key = keyNamed((await readEnrolled(page)).registry, about.key);
    await recordSigned(page, revocationEvent(key, about.reason, by), (enrolled) => {
      // Meanwhile the signer may have been revoked, or the last other admin.
      revocationOf(enrolled, about, by, page.now());
      return signed;
    });
    return about.key;
  });
}

function attempt(claimed: string | undefined, whom: string | undefined): Attempt {
  const detail = { attempt: 'revoke', whom: whom?.slice(0, 64), on: 'page' };
  return { type: 'approver.rejected', door: 'page', claimed, detail };
}
