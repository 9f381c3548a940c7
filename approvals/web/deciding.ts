import { z } from 'zod';
import { HoldshortError } from '../../src/kernel/errors.ts';
import { claimedBy, signedBytes } from '../../src/kernel/statement.ts';
import { challengeOf, readPasskey } from '../../src/kernel/webauthn.ts';
import type { StoredTicket } from '../../src/store/port.ts';
import { checkedReason, readEnrolled } from '../desk.ts';
import { type Attempt, recordingRejection } from '../record/rejection.ts';
import { type Decided, type DecisionRequest, decisionText, recordDecision } from '../tickets/decide.ts';
import type { Challenge, SignedChallenge } from './challenges.ts';
import { type Page, passkeysHere } from './context.ts';
import { type AssertionResponse, assertedProof, assertionOptions, notAccepted } from './passkeys.ts';

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
 * Asks one passkey to sign one decision. The statement is made and sealed here; the browser gets the hash of it as the
 * challenge.
 * @throws as `decisionText`
 * @throws usage for a denial without a reason
 * @throws not_enrolled
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
  const name = key?.name ?? registry.keys.get(choice.key)?.name;
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
      return asking(page, { kind: 'decision', challenge, statement, publicKey: key.publicKey, by, request });
    },
  );
}

/**
 * Takes the passkey's answer and records the decision.
 * @throws not_confirmed for an answer to no open question
 * @throws approval_invalid for one that doesn't count
 * @throws as `recordDecision`
 */
export async function answerDecision(
  page: Page,
  ticket: StoredTicket,
  sealed: string,
  response: z.infer<typeof AssertionResponse>,
): Promise<Decided> {
  let question: Extract<Challenge, { kind: 'decision' }> | undefined;
  const event = () =>
    attempt(ticket, question?.by.name, {
      decision: question?.request.decision,
      digest: question?.request.digest ?? ticket.plan?.digest,
      break_glass: question?.request.breakGlass || undefined,
    });
  return recordingRejection(page, event, async (proved) => {
    question = page.challenges.open(sealed, ['decision']);
    if (question.request.ticket !== ticket.id) throw notAccepted('it is about another ticket');
    const signed = await signedAnswer(page, question, response);
    proved(question.by.name);
    return recordDecision(page, question.request, signed);
  });
}

/** Seals a question for one passkey. */
export async function asking(page: Page, question: SignedChallenge) {
  const passkey = readPasskey(question.publicKey);
  if (!passkey) throw notAccepted('it is of no passkey on this page');
  return {
    options: await assertionOptions(page.rp, passkey, question.challenge),
    question: page.challenges.ask(question),
  };
}

/**
 * The statement that was asked about, with a proof that was checked twice: by the library, and as the executor will. It
 * uses the question up: an answer that someone brings again proves nobody.
 */
export async function signedAnswer(page: Page, question: SignedChallenge, response: z.infer<typeof AssertionResponse>) {
  const { statement, publicKey, challenge } = question;
  const passkey = readPasskey(publicKey);
  if (!passkey) throw notAccepted('it is no passkey');
  const signed = { statement, signature: await assertedProof(page.rp, passkey, challenge, response) };
  if (claimedBy(signed, publicKey) === undefined)
    throw notAccepted('it was not given on this page itself, by its holder, present and verified');
  page.challenges.use(question);
  return signed;
}

function attempt(
  { id, draft }: StoredTicket,
  claimed: string | undefined,
  detail: {
    readonly decision?: DecisionRequest['decision'] | undefined;
    readonly digest?: string | undefined;
    readonly break_glass?: true | undefined;
  },
): Attempt {
  return {
    type: 'decision.rejected',
    door: 'page',
    claimed,
    ticket: id,
    tool: draft.tool,
    detail: { ...detail, on: 'page' },
  };
}
