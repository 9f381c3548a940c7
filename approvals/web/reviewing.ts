import { z } from 'zod';
import { signedBytes, statementText } from '../../src/kernel/statement.ts';
import { challengeOf } from '../../src/kernel/webauthn.ts';
import type { StoredTicket } from '../../src/store/port.ts';
import { checkedReason } from '../desk.ts';
import { recordSigned, signedNow } from '../record/record-statement.ts';
import { type Attempt, recordingRejection } from '../record/rejection.ts';
import { assessTicket } from '../tickets/assess.ts';
import { checkMayReview, reviewEvent } from '../tickets/broken-glass.ts';
import type { Challenge } from './challenges.ts';
import { type Page, passkeysHere } from './context.ts';
import { asking, Choice, signedAnswer } from './deciding.ts';
import { type AssertionResponse, notAccepted } from './passkeys.ts';

/** A second person has looked at what someone did alone. */
export const Looked = Choice.extend({ decision: z.literal('review') });

/** Asks a passkey to sign a review. @throws as `checkMayReview` */
export async function askReview(page: Page, ticket: StoredTicket, looked: z.infer<typeof Looked>) {
  const assessment = await assessTicket(page, ticket);
  const { registry } = assessment.enrolled;
  const key = passkeysHere(registry, page.rp.origin).find(({ id }) => id === looked.key);
  const claimed = registry.keys.get(looked.key)?.name;
  const by = { id: looked.key, name: claimed ?? 'unknown' };
  return recordingRejection(page, attempt(ticket, claimed), async () => {
    checkMayReview(assessment, by, looked.digest);
    if (!key) throw notAccepted('it is of no passkey on this page');
    const reason = looked.reason.trim() === '' ? {} : { reason: checkedReason(looked.reason) };
    const { digest } = looked;
    const now = signedNow(by, page.now());
    const statement = statementText({ kind: 'review', ticket: ticket.id, digest, ...reason, ...now });
    const challenge = challengeOf(signedBytes(statement));
    const about = { ticket: ticket.id, digest, reason: reason.reason };
    return asking(page, { kind: 'review', challenge, statement, publicKey: key.publicKey, by, about });
  });
}

/**
 * Takes the answer and records it.
 * @throws not_confirmed
 * @throws as `checkMayReview`
 */
export async function answerReview(
  page: Page,
  ticket: StoredTicket,
  sealed: string,
  response: z.infer<typeof AssertionResponse>,
): Promise<void> {
  let question: Extract<Challenge, { kind: 'review' }> | undefined;
  const event = () => attempt(ticket, question?.by.name);
  await recordingRejection(page, event, async (proved) => {
    question = page.challenges.open(sealed, ['review']);
    const { by, about } = question;
    if (about.ticket !== ticket.id) throw notAccepted('it is about another ticket');
    const signed = await signedAnswer(page, question, response);
    proved(by.name);
    const assessment = await assessTicket(page, ticket);
    await recordSigned(page, reviewEvent(assessment, by, about.reason), (enrolled) => {
      // Meanwhile the signer may have been revoked.
      checkMayReview({ ...assessment, enrolled }, by, about.digest);
      return signed;
    });
  });
}

function attempt({ id, draft }: StoredTicket, claimed: string | undefined): Attempt {
  const detail = { decision: 'review', on: 'page' };
  return { type: 'decision.rejected', door: 'page', claimed, ticket: id, tool: draft.tool, detail };
}
