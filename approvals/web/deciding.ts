import { z } from 'zod';
import { HoldshortError } from '../../src/kernel/errors.ts';
import type { StoredTicket } from '../../src/store/port.ts';
import { checkedReason } from '../desk.ts';
import { decisionText, needsLogin, recordDecision } from '../tickets/decide.ts';
import { type Away, awayToIssuer } from './at-issuer.ts';
import { attemptToAnswer } from './attempt.ts';
import type { Page } from './context.ts';
import { type Answered, askSignature, takeSignature } from './signing.ts';

/** What the person chose on a ticket's page. */
export const Choice = z.strictObject({
  s: z.string().max(100),
  /** The digest of the plan that the page showed. */
  digest: z.string().regex(/^[0-9a-f]{64}$/),
  decision: z.enum(['approve', 'deny', 'break_glass']),
  /** Fingerprint of the passkey that shall sign. */
  key: z.string().max(100),
  reason: z.string().max(5000),
});

/** What someone does whose passkey can't sign about a ticket. */
export const REGISTER_AGAIN = 'register it again, and let an admin enroll it';

/**
 * Asks one passkey to sign one decision.
 * @throws as `askSignature`
 * @throws as `decisionText`
 * @throws usage for a denial without a reason
 */
export async function askDecision(
  page: Page,
  ticket: StoredTicket,
  { key, digest, ...choice }: z.infer<typeof Choice>,
) {
  const reason = choice.reason.trim() === '' ? undefined : checkedReason(choice.reason);
  if (choice.decision === 'deny' && reason === undefined)
    throw new HoldshortError('usage', 'a denial needs a reason', 'say why: the agent reads it');
  const breakGlass = choice.decision === 'break_glass';
  const decision = choice.decision === 'break_glass' ? 'approve' : choice.decision;
  const attempt = (claimed?: string) => attemptToAnswer(ticket, claimed, { decision, digest, breakGlass });
  return askSignature(page, { key, attempt, recovery: REGISTER_AGAIN }, async ({ id, name, maxAssurance }) => {
    const by = { id, name };
    const request = { ticket: ticket.id, digest, decision, assurance: maxAssurance, by, reason, breakGlass };
    return { kind: 'decision', statement: await decisionText(page, request), request };
  });
}

/**
 * Takes the passkey's answer and records the decision, or, where it takes a login, sends its signer there first.
 * @throws as `takeSignature`
 * @throws as `recordDecision`
 * @throws issuer_unavailable
 */
export async function answerDecision(
  page: Page,
  ticket: StoredTicket,
  answered: Answered,
): Promise<{ readonly go: string } | { readonly away: Away }> {
  return takeSignature(page, answered, {
    kinds: ['decision'],
    ticket: ticket.id,
    attempt: (question) => attemptToAnswer(ticket, question?.by.name, question?.request),
    record: async ({ request }, signed) => {
      const flow = needsLogin(request) ? await page.loginFlow() : undefined;
      if (flow) return { away: await awayToIssuer(page, flow, request, signed) };
      await recordDecision(page, request, signed);
      return { go: page.links.decided(ticket.id) };
    },
  });
}
