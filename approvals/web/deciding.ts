import { z } from 'zod';
import { HoldshortError } from '../../src/kernel/errors.ts';
import { provenBy, signedBytes } from '../../src/kernel/statement.ts';
import { challengeOf, readPasskey } from '../../src/kernel/webauthn.ts';
import type { StoredTicket } from '../../src/store/port.ts';
import { type Decided, type DecisionRequest, decisionText, recordDecision } from '../decide.ts';
import { checkedReason, readEnrolled } from '../desk.ts';
import { recordingRejection } from '../rejection.ts';
import { type Page, passkeysHere } from './context.ts';
import { type AssertionResponse, assertedProof, assertionOptions, notAccepted } from './passkeys.ts';
import type { Question } from './questions.ts';

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

/**
 * Asks one passkey to sign one decision. The statement is made here and kept; the browser gets the hash of it as the challenge.
 * Errors: those of `decisionText`; `usage` for a denial without a reason; `not_enrolled`.
 */
export async function askDecision(page: Page, ticket: StoredTicket, choice: z.infer<typeof Choice>) {
  const { registry } = await readEnrolled(page);
  const key = passkeysHere(registry, page.rp.origin).find(({ id }) => id === choice.key);
  const reason = choice.reason.trim() === '' ? undefined : checkedReason(choice.reason);
  if (choice.decision === 'deny' && reason === undefined)
    throw new HoldshortError('usage', 'a denial needs a reason', 'say why: the agent reads it');
  const { digest } = choice;
  const breakGlass = choice.decision === 'break_glass';
  const decision = choice.decision === 'break_glass' ? 'approve' : choice.decision;
  const name = key?.name ?? registry.keys.get(choice.key)?.name ?? 'unknown';
  return recordingRejection(
    page,
    attempt(ticket, name, { decision, digest, break_glass: breakGlass || undefined }),
    async () => {
      if (!key)
        throw new HoldshortError(
          'not_enrolled',
          'that passkey is revoked, or was never enrolled for this page',
          'register it again, and let an admin enroll it',
        );
      const by = { id: key.id, name: key.name };
      const request = { ticket: ticket.id, digest, decision, assurance: key.maxAssurance, by, reason, breakGlass };
      const statement = await decisionText(page, request);
      const challenge = challengeOf(signedBytes(statement));
      page.questions.ask(challenge, { kind: 'decision', statement, publicKey: key.publicKey, by, request });
      return assertionOptions(page.rp, key.passkey, challenge);
    },
  );
}

/**
 * Takes the passkey's answer and records the decision. Errors: `not_confirmed` for an answer to no open question; `approval_invalid` for
 * one that doesn't count; those of `recordDecision`.
 */
export async function answerDecision(
  page: Page,
  ticket: StoredTicket,
  challenge: string,
  response: z.infer<typeof AssertionResponse>,
): Promise<Decided> {
  let question: Extract<Question, { kind: 'decision' }> | undefined;
  const event = () =>
    attempt(ticket, question?.by.name ?? 'unknown', {
      decision: question?.request.decision,
      digest: question?.request.digest ?? ticket.plan?.digest,
      break_glass: question?.request.breakGlass || undefined,
    });
  return recordingRejection(page, event, async () => {
    question = page.questions.take(challenge, ['decision']);
    if (question.request.ticket !== ticket.id) throw notAccepted('it is about another ticket');
    const signed = await signedAnswer(page, challenge, question, response);
    return recordDecision(page, question.request, signed);
  });
}

/** The statement that was asked about, with a proof that was checked twice: by the library, and as the executor will. */
export async function signedAnswer(
  page: Page,
  challenge: string,
  { statement, publicKey }: Exclude<Question, { kind: 'registration' }>,
  response: z.infer<typeof AssertionResponse>,
) {
  const passkey = readPasskey(publicKey);
  if (!passkey) throw notAccepted('it is no passkey');
  const signed = { statement, signature: await assertedProof(page.rp, passkey, challenge, response) };
  if (provenBy(signed, publicKey) === undefined)
    throw notAccepted('it was not given on this page itself, by its holder, present and verified');
  return signed;
}

function attempt(
  { id, draft }: StoredTicket,
  name: string,
  detail: {
    readonly decision?: DecisionRequest['decision'] | undefined;
    readonly digest?: string | undefined;
    readonly break_glass?: true | undefined;
  },
) {
  return {
    type: 'decision.rejected',
    actor: `approver:${name}`,
    ticket: id,
    tool: draft.tool,
    detail: { ...detail, on: 'page' },
  } as const;
}
