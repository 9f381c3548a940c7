import { z } from 'zod';
import { makeClaimOf } from '../../src/kernel/attestation.ts';
import { HoldshortError } from '../../src/kernel/errors.ts';
import { keyIdOf, type Statement, signedBytes, statementText } from '../../src/kernel/statement.ts';
import { challengeOf, type Passkey, passkeyText } from '../../src/kernel/webauthn.ts';
import { personName, readEnrolled } from '../desk.ts';
import type { KeyHolder } from '../keys/keys.ts';
import { enrolmentEvent, enrolmentOf, recordRequest } from '../people/requests.ts';
import { groupsIn } from '../people/rights.ts';
import { recordSigned, signedNow } from '../record/record-statement.ts';
import { type Attempt, recordingRejection } from '../record/rejection.ts';
import type { Challenge } from './challenges.ts';
import { type Page, passkeysHere } from './context.ts';
import { asking, signedAnswer } from './deciding.ts';
import {
  type AssertionResponse,
  type RegistrationResponse,
  registeredPasskey,
  registrationOptions,
} from './passkeys.ts';

export const Registration = z.strictObject({
  s: z.string().max(100),
  name: z.string().max(200),
  hardware: z.boolean(),
});

/** Asks the browser to make a passkey. @throws usage for a name that can't be enrolled */
export async function askRegistration(page: Page, { name, hardware }: z.infer<typeof Registration>) {
  const person = personName(name.trim(), `'${name.trim()}'`);
  const options = await registrationOptions(page.rp, person, hardware);
  const { challenge } = options;
  return { options, question: page.challenges.ask({ kind: 'registration', challenge, name: person, hardware }) };
}

/**
 * The passkey was made; now asks it to sign its own request, which shows that it works here.
 * @throws approval_invalid
 */
export async function registered(page: Page, sealed: string, response: z.infer<typeof RegistrationResponse>) {
  const question = page.challenges.open(sealed, ['registration']);
  const { name, hardware } = question;
  const makers = await page.makers();
  const asked = { challenge: question.challenge, hardware, makers };
  const passkey = await registeredPasskey(page.rp, asked, response);
  page.challenges.use(question);
  const make = makeClaimOf(passkey, makers, page.now().toISOString());
  if (hardware && !make?.verified)
    throw new HoldshortError(
      'approval_invalid',
      `this authenticator does not prove its make: ${make?.why ?? 'no maker vouches for it'}`,
      'register it without "hardware", or let your operator add its maker to web.attestation_roots',
    );
  const publicKey = passkeyText(passkey);
  const by = { id: keyIdOf(publicKey), name };
  const statement = {
    kind: 'request',
    name,
    public_key: publicKey,
    public_key_id: by.id,
    ...signedNow(by, page.now()),
  } as const;
  return ask(page, 'request', passkey, by, statement);
}

export const Enrolment = z.strictObject({
  s: z.string().max(100),
  /** Fingerprint of the key that shall be enrolled. */
  request: z.string().max(100),
  /** What the page showed beside it. */
  name: z.string().max(100),
  role: z.string().max(100),
  most: z.string().max(100),
  /** Fingerprint of the passkey that shall sign. */
  key: z.string().max(100),
  /** Teams of the person, as someone typed them. */
  groups: z.string().max(2200),
});

/**
 * Asks an approver's passkey to sign for someone else's. Anyone who writes the database may have put another name under
 * the same key while the admin compared its fingerprint: only what the page showed is asked for.
 * @throws not_found, not_enrolled, conflict
 */
export async function askEnrolment(page: Page, { request, key, groups, ...shown }: z.infer<typeof Enrolment>) {
  const enrolled = await readEnrolled(page);
  const signer = passkeysHere(enrolled.registry, page.rp.origin).find(({ id }) => id === key);
  const name = signer?.name ?? enrolled.registry.keys.get(key)?.name;
  return recordingRejection(page, attempt(name, request), async () => {
    if (!signer)
      throw new HoldshortError(
        'not_enrolled',
        'that passkey is revoked, or was never enrolled for this page',
        'let an approver sign',
      );
    const by = { id: signer.id, name: signer.name };
    const statement = enrolmentOf(enrolled, request, by, { now: page.now(), groups: groupsIn(groups) });
    const { name: owner, role, max_assurance: most } = statement;
    if (owner !== shown.name || role !== shown.role || most !== shown.most)
      throw new HoldshortError(
        'conflict',
        `this key's request is not the one on the page any more: now it is by ${owner}, as ${role}, for ${most}`,
        'load the page again, and compare the fingerprint with that person again',
      );
    return ask(page, 'enrolment', signer.passkey, by, statement);
  });
}

/** Takes the answer to `registered` or `askEnrolment` and records it. @returns the fingerprint that it is about */
export async function answerEnrolling(
  page: Page,
  sealed: string,
  response: z.infer<typeof AssertionResponse>,
): Promise<string> {
  let question: Extract<Challenge, { kind: 'request' | 'enrolment' }> | undefined;
  const event = () => attempt(question?.by.name, question?.by.id);
  return recordingRejection(page, event, async (proved) => {
    question = page.challenges.open(sealed, ['request', 'enrolment']);
    const signed = await signedAnswer(page, question, response);
    const { by } = question;
    // A request is signed by the very key that it is about: it proves the key, and not whose it is.
    if (question.kind === 'request') {
      await recordRequest(page, signed, 'page');
      return by.id;
    }
    proved(by.name);
    const statement: ReturnType<typeof enrolmentOf> = JSON.parse(question.statement);
    await recordSigned(page, enrolmentEvent(statement), (enrolled) => {
      // Meanwhile the signer may have been revoked, or the key enrolled by someone else.
      const { role, max_assurance } = enrolmentOf(enrolled, statement.public_key_id, by, { now: page.now() });
      if (role !== statement.role || max_assurance !== statement.max_assurance)
        throw new HoldshortError(
          'conflict',
          `${statement.name}'s role, or what the key proves, changed meanwhile`,
          'load the page and sign anew',
        );
      return signed;
    });
    return statement.public_key_id;
  });
}

async function ask(page: Page, kind: 'request' | 'enrolment', passkey: Passkey, by: KeyHolder, statement: Statement) {
  const text = statementText(statement);
  const challenge = challengeOf(signedBytes(text));
  return asking(page, { kind, challenge, statement: text, publicKey: passkeyText(passkey), by });
}

function attempt(claimed: string | undefined, key: string | undefined): Attempt {
  return { type: 'approver.rejected', door: 'page', claimed, detail: { attempt: 'enroll', key, on: 'page' } };
}
