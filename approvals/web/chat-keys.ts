import { z } from 'zod';
import { HoldshortError } from '../../src/kernel/errors.ts';
import { type StatementOf, statementText } from '../../src/kernel/statement.ts';
import type { ChatKeys } from '../keys/chat-keys.ts';
import { chatKeyEnrolment } from '../people/chat-key.ts';
import { enrolmentEvent } from '../people/requests.ts';
import { recordSigned } from '../record/record-statement.ts';
import { type Attempt, attemptToManage } from '../record/rejection.ts';
import type { Page } from './context.ts';
import { type Answered, askSignature, takeSignature } from './signing.ts';

export const Chatting = z.strictObject({
  s: z.string().max(100),
  /** Fingerprint of the passkey that shall sign, and whose owner's answers shall count. */
  key: z.string().max(100),
});

/**
 * Asks a passkey to sign that what its owner answers in a chat client counts.
 * @throws as `chatKeyEnrolment`
 */
export async function askChatKey(page: Page, { key }: z.infer<typeof Chatting>) {
  const keys = keysOf(page);
  return askSignature(
    page,
    { key, attempt: attemptToChat, recovery: 'sign with a passkey of yours' },
    (by, enrolled) => ({
      kind: 'chat',
      statement: statementText(chatKeyEnrolment(enrolled, keys, by)),
    }),
  );
}

/**
 * Takes the answer and records it.
 * @throws as `takeSignature`
 * @throws as `chatKeyEnrolment`
 */
export async function answerChatKey(page: Page, answered: Answered): Promise<string> {
  const keys = keysOf(page);
  return takeSignature(page, answered, {
    kinds: ['chat'],
    attempt: (question) => attemptToChat(question?.by.name),
    record: async ({ by, statement }, signed) => {
      const asked: StatementOf<'enroll'> = JSON.parse(statement);
      await recordSigned(page, enrolmentEvent(asked), (enrolled) => {
        // Meanwhile the signer may have been revoked, or the key enrolled.
        const { public_key_id: id } = chatKeyEnrolment(enrolled, keys, by);
        if (id === asked.public_key_id) return signed;
        throw new HoldshortError('conflict', 'the key for chat clients changed meanwhile', 'load the page again');
      });
      return asked.public_key_id;
    },
  });
}

/** @throws not_found where no hub asks in chat clients */
function keysOf({ chatKeys }: Page): ChatKeys {
  if (chatKeys) return chatKeys;
  throw new HoldshortError('not_found', 'nobody is asked in a chat client through this page', 'load the page again');
}

function attemptToChat(claimed: string | undefined): Attempt {
  return attemptToManage('page', claimed, { attempt: 'enroll', on: 'page' });
}
