import { z } from 'zod';
import { statementText } from '../../src/kernel/statement.ts';
import type { StoredTicket } from '../../src/store/port.ts';
import { checkedReason } from '../desk.ts';
import { recordSigned, signedAt } from '../record/record-statement.ts';
import { type Attempt, attemptToDecide, vouched } from '../record/rejection.ts';
import { assessTicket } from '../tickets/assess.ts';
import { checkMayReview, reviewEvent } from '../tickets/broken-glass.ts';
import type { Page } from './context.ts';
import { Choice, REGISTER_AGAIN } from './deciding.ts';
import { type Answered, askSignature, takeSignature } from './signing.ts';

/** A second person has looked at what someone did alone. */
export const Looked = Choice.extend({ decision: z.literal('review') });

/** Asks a passkey to sign a review. @throws as `checkMayReview` */
export async function askReview(page: Page, ticket: StoredTicket, { key, digest, ...looked }: z.infer<typeof Looked>) {
  const attempt = (claimed?: string) => attemptToReview(ticket, claimed);
  return askSignature(page, { key, attempt, recovery: REGISTER_AGAIN }, async (signer) => {
    const assessment = await assessTicket(page, ticket);
    checkMayReview(assessment, signer, digest);
    const reason = looked.reason.trim() === '' ? undefined : checkedReason(looked.reason);
    const said = reason === undefined ? {} : { reason };
    const now = signedAt(signer, assessment.enrolled.at);
    const statement = statementText({ kind: 'review', ticket: ticket.id, digest, ...said, ...now });
    return { kind: 'review', statement, about: { ticket: ticket.id, digest, reason } };
  });
}

/**
 * Takes the answer and records it.
 * @throws as `takeSignature`
 * @throws as `checkMayReview`
 */
export async function answerReview(page: Page, ticket: StoredTicket, answered: Answered): Promise<void> {
  await takeSignature(page, answered, {
    kinds: ['review'],
    ticket: ticket.id,
    attempt: (question) => attemptToReview(ticket, question?.by.name),
    record: async ({ by, about }, signed) => {
      const assessment = await assessTicket(page, ticket);
      await recordSigned(page, reviewEvent(assessment, by, about.reason), (enrolled) => {
        // Meanwhile the signer may have been revoked.
        checkMayReview({ ...assessment, enrolled }, by, about.digest);
        return signed;
      });
    },
  });
}

function attemptToReview(ticket: StoredTicket, claimed: string | undefined): Attempt {
  return attemptToDecide('page', claimed, vouched(ticket), { decision: 'review', on: 'page' });
}
