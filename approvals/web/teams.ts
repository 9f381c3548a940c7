import { z } from 'zod';
import { HoldshortError } from '../../src/kernel/errors.ts';
import { signedBytes, statementText } from '../../src/kernel/statement.ts';
import { challengeOf } from '../../src/kernel/webauthn.ts';
import { readEnrolled } from '../desk.ts';
import { membershipEvent, membershipOf } from '../people/groups.ts';
import { groupsIn } from '../people/rights.ts';
import { recordSigned } from '../record/record-statement.ts';
import { type Attempt, recordingRejection } from '../record/rejection.ts';
import type { Challenge } from './challenges.ts';
import { type Page, passkeysHere } from './context.ts';
import { asking, signedAnswer } from './deciding.ts';
import type { AssertionResponse } from './passkeys.ts';

export const Teams = z.strictObject({
  s: z.string().max(100),
  person: z.string().max(100),
  /** The teams as someone typed them. */
  groups: z.string().max(2200),
  /** Fingerprint of the passkey that shall sign. */
  key: z.string().max(100),
});

/**
 * Asks an admin's passkey to sign which teams a person belongs to.
 * @throws as `membershipOf`
 * @throws usage
 */
export async function askTeams(page: Page, { person, groups, key }: z.infer<typeof Teams>) {
  const enrolled = await readEnrolled(page);
  const signer = passkeysHere(enrolled.registry, page.rp.origin).find(({ id }) => id === key);
  return recordingRejection(page, attempt(signer?.name ?? enrolled.registry.keys.get(key)?.name, person), async () => {
    if (!signer)
      throw new HoldshortError(
        'not_enrolled',
        'that passkey is revoked, or was never enrolled for this page',
        'let an admin sign',
      );
    const by = { id: signer.id, name: signer.name };
    const about = { name: person, groups: groupsIn(groups) };
    const statement = statementText(membershipOf(enrolled, about.name, about.groups, by, page.now()));
    const challenge = challengeOf(signedBytes(statement));
    return asking(page, { kind: 'membership', challenge, statement, publicKey: signer.publicKey, by, about });
  });
}

/**
 * Takes the answer and records it.
 * @throws not_confirmed
 * @throws as `membershipOf`
 */
export async function answerTeams(
  page: Page,
  sealed: string,
  response: z.infer<typeof AssertionResponse>,
): Promise<void> {
  let question: Extract<Challenge, { kind: 'membership' }> | undefined;
  const event = () => attempt(question?.by.name, question?.about.name);
  await recordingRejection(page, event, async (proved) => {
    question = page.challenges.open(sealed, ['membership']);
    const { by, about } = question;
    const signed = await signedAnswer(page, question, response);
    proved(by.name);
    await recordSigned(page, membershipEvent(about.name, about.groups, by), (enrolled) => {
      // Meanwhile the signer may have been revoked.
      membershipOf(enrolled, about.name, about.groups, by, page.now());
      return signed;
    });
  });
}

function attempt(claimed: string | undefined, person: string | undefined): Attempt {
  const detail = { attempt: 'groups', name: person?.slice(0, 64), on: 'page' };
  return { type: 'approver.rejected', door: 'page', claimed, detail };
}
