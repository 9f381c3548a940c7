import type { z } from 'zod';
import { HoldshortError } from '../../src/kernel/errors.ts';
import { claimedBy, type Signed, signedBytes } from '../../src/kernel/statement.ts';
import { challengeOf, readPasskey } from '../../src/kernel/webauthn.ts';
import { type Enrolled, readEnrolled } from '../desk.ts';
import { type Attempt, recordingRejection } from '../record/rejection.ts';
import { type SignedChallenge, ticketOf } from './challenges.ts';
import { type Page, type PasskeyHere, passkeysHere } from './context.ts';
import { type AssertionResponse, assertedProof, assertionOptions, notAccepted } from './passkeys.ts';

/** What is to be signed, and what the answer will be held against; which passkey signs is added here. */
type ToBeSigned<Q = SignedChallenge> = Q extends SignedChallenge ? Omit<Q, 'challenge' | 'publicKey' | 'by'> : never;

/** @param key fingerprint of the passkey that someone chose to sign with */
interface Asking {
  readonly key: string;
  /** What the log says where it is refused. */
  readonly attempt: (claimed: string | undefined) => Attempt;
  /** What a person does whose passkey can't sign here. */
  readonly recovery: string;
}

/**
 * Has a person's passkey asked to sign: the statement is made and sealed here; the browser gets the hash of it as the
 * challenge.
 * @param make the statement, given who is enrolled now; throws where it isn't allowed
 * @throws not_enrolled when the passkey can't sign on this page
 * @throws as `make`
 */
export async function askSignature(
  page: Page,
  { key, attempt, recovery }: Asking,
  make: (signer: PasskeyHere, enrolled: Enrolled) => ToBeSigned | Promise<ToBeSigned>,
) {
  const enrolled = await readEnrolled(page);
  const claimed = enrolled.registry.keys.get(key)?.name;
  return recordingRejection(
    page,
    () => attempt(claimed),
    async () => {
      const signer = passkeysHere(enrolled.registry, page.rp.origin).find(({ id }) => id === key);
      if (!signer)
        throw new HoldshortError(
          'not_enrolled',
          'that passkey is revoked, or was never enrolled for this page',
          recovery,
        );
      return sealed(page, signer, await make(signer, enrolled));
    },
  );
}

/** Seals a question for one passkey. */
export async function sealed(
  { rp, challenges }: Page,
  { id, name, publicKey, passkey }: Pick<PasskeyHere, 'id' | 'name' | 'publicKey' | 'passkey'>,
  toBeSigned: ToBeSigned,
) {
  const challenge = challengeOf(signedBytes(toBeSigned.statement));
  return {
    options: await assertionOptions(rp, passkey, challenge),
    question: await challenges.ask({ ...toBeSigned, challenge, publicKey, by: { id, name } }),
  };
}

/** What the browser brings back. */
export interface Answered {
  readonly question: string;
  readonly response: z.infer<typeof AssertionResponse>;
}

interface Answering<K extends SignedChallenge['kind'], T> {
  /** Which questions are answered here. */
  readonly kinds: readonly K[];
  /** The ticket on whose page it was answered. */
  readonly ticket?: string;
  /** What the log says where it is refused; before the question is known to be ours, without one. */
  readonly attempt: (question?: SignedChallenge & { readonly kind: K }) => Attempt;
  /** Records what was signed; throws where it isn't allowed any more. */
  readonly record: (question: SignedChallenge & { readonly kind: K }, signed: Signed) => Promise<T>;
}

/**
 * Takes a passkey's answer to one of our questions, and records what it signed.
 * @throws not_confirmed for an answer to no open question
 * @throws approval_invalid for one that doesn't count
 * @throws as `record`
 */
export async function takeSignature<K extends SignedChallenge['kind'], T>(
  page: Page,
  { question: brought, response }: Answered,
  { kinds, ticket, attempt, record }: Answering<K, T>,
): Promise<T> {
  let question: (SignedChallenge & { readonly kind: K }) | undefined;
  return recordingRejection(
    page,
    () => attempt(question),
    async (proved) => {
      const opened = await page.challenges.open(brought, kinds);
      question = opened;
      if (ticketOf(opened) !== ticket) throw notAccepted('it is about another ticket');
      const signed = await verified(page, opened, response);
      // A request is signed by the very key that it is about: it proves the key, and not whose it is.
      if (opened.kind !== 'request') proved(opened.by.name);
      return record(opened, signed);
    },
  );
}

/**
 * The statement that was asked about, with a proof that was checked twice: by the library, and as the executor will. It
 * uses the question up: an answer that someone brings again proves nobody.
 */
async function verified(page: Page, question: SignedChallenge, response: Answered['response']): Promise<Signed> {
  const { statement, publicKey, challenge } = question;
  const passkey = readPasskey(publicKey);
  if (!passkey) throw notAccepted('it is no passkey');
  const signed = { statement, signature: await assertedProof(page.rp, passkey, challenge, response) };
  if (claimedBy(signed, publicKey) === undefined)
    throw notAccepted('it was not given on this page itself, by its holder, present and verified');
  page.challenges.use(question);
  return signed;
}
