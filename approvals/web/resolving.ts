import { z } from 'zod';
import { HoldshortError } from '../../src/kernel/errors.ts';
import type { StoredTicket } from '../../src/store/port.ts';
import { checkedReason } from '../desk.ts';
import { type Attempt, attemptToDecide, vouched } from '../record/rejection.ts';
import { type ResolveRequest, recordResolution, resolutionStatement } from '../tickets/resolve.ts';
import type { Page } from './context.ts';
import { Choice, REGISTER_AGAIN } from './deciding.ts';
import { type Answered, askSignature, takeSignature } from './signing.ts';

/** What became of a ticket of which AWS's records can't tell; `seen` is of what the page showed of its outcome. */
export const Word = Choice.extend({
  decision: z.enum(['happened', 'not_happened']),
  seen: z.string().regex(/^[0-9a-f]{64}$/),
});

/**
 * Asks a passkey to sign it.
 * @throws usage without a reason
 * @throws as `checkMayResolve`
 */
export async function askWord(page: Page, ticket: StoredTicket, said: z.infer<typeof Word>) {
  const { key, digest, seen } = said;
  const happened = said.decision === 'happened';
  const attempt = (claimed?: string) => attemptToResolve(ticket, claimed, { happened, digest });
  if (said.reason.trim() === '')
    throw new HoldshortError('usage', 'it needs a reason', 'say what you looked at, and saw: everybody reads it');
  const reason = checkedReason(said.reason);
  return askSignature(page, { key, attempt, recovery: REGISTER_AGAIN }, async ({ id, name }) => {
    const request = { ticket: ticket.id, digest, seen, happened, reason, by: { id, name } };
    return { kind: 'resolve', statement: await resolutionStatement(page, request), resolution: request };
  });
}

/**
 * Takes the answer and records it.
 * @throws as `takeSignature`
 * @throws as `recordResolution`
 */
export async function answerWord(page: Page, ticket: StoredTicket, answered: Answered): Promise<void> {
  await takeSignature(page, answered, {
    kinds: ['resolve'],
    ticket: ticket.id,
    attempt: (question) => attemptToResolve(ticket, question?.by.name, question?.resolution),
    record: ({ resolution }, signed) => recordResolution(page, resolution, signed),
  });
}

function attemptToResolve(
  ticket: StoredTicket,
  claimed: string | undefined,
  said: Partial<Pick<ResolveRequest, 'happened' | 'digest'>> = {},
): Attempt {
  const { digest, ...about } = vouched(ticket);
  const detail = { decision: 'resolve', happened: said.happened, digest: said.digest ?? digest, on: 'page' };
  return attemptToDecide('page', claimed, about, detail);
}
