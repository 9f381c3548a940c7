import { z } from 'zod';
import { HoldshortError } from '../../src/kernel/errors.ts';
import { keyIdOf, type Statement, signedBytes, statementText } from '../../src/kernel/statement.ts';
import { challengeOf, type Passkey, passkeyText } from '../../src/kernel/webauthn.ts';
import { personName, readEnrolled } from '../desk.ts';
import type { KeyHolder } from '../record-statement.ts';
import { recordSigned, signedNow } from '../record-statement.ts';
import { recordingRejection } from '../rejection.ts';
import { enrolmentEvent, enrolmentOf, recordRequest } from '../requests.ts';
import { groupsIn } from '../rights.ts';
import { type Page, passkeysHere } from './context.ts';
import { signedAnswer } from './deciding.ts';
import {
  type AssertionResponse,
  assertionOptions,
  type RegistrationResponse,
  registeredPasskey,
  registrationOptions,
} from './passkeys.ts';
import type { Question } from './questions.ts';

export const Registration = z.strictObject({
  s: z.string().max(100),
  name: z.string().max(200),
  hardware: z.boolean(),
});

/** Asks the browser to make a passkey. Errors: `usage` for a name that can't be enrolled. */
export async function askRegistration(page: Page, { name, hardware }: z.infer<typeof Registration>) {
  const person = personName(name.trim(), `'${name.trim()}'`);
  const options = await registrationOptions(page.rp, person, hardware);
  page.questions.ask(options.challenge, { kind: 'registration', name: person, hardware });
  return options;
}

/** The passkey was made; now asks it to sign its own request, which shows that it works here. Errors: `approval_invalid`. */
export async function registered(page: Page, challenge: string, response: z.infer<typeof RegistrationResponse>) {
  const { name, hardware } = page.questions.take(challenge, ['registration']);
  const passkey = await registeredPasskey(page.rp, challenge, hardware, response);
  if (hardware && passkey.attested === undefined)
    throw new HoldshortError(
      'approval_invalid',
      'this authenticator does not prove its make, or by no maker that is known here',
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
  /** Fingerprint of the passkey that shall sign. */
  key: z.string().max(100),
  /** Teams of the person, as somebody typed them. */
  groups: z.string().max(2200),
});

/** Asks an approver's passkey to sign for somebody else's. Errors: `not_found`, `not_enrolled`. */
export async function askEnrolment(page: Page, { request, key, groups }: z.infer<typeof Enrolment>) {
  const enrolled = await readEnrolled(page);
  const signer = passkeysHere(enrolled.registry, page.rp.origin).find(({ id }) => id === key);
  const name = signer?.name ?? enrolled.registry.keys.get(key)?.name ?? 'unknown';
  return recordingRejection(page, attempt(name, request), async () => {
    if (!signer)
      throw new HoldshortError(
        'not_enrolled',
        'that passkey is revoked, or was never enrolled for this page',
        'let an approver sign',
      );
    const by = { id: signer.id, name: signer.name };
    const statement = enrolmentOf(enrolled, request, by, { now: page.now(), groups: groupsIn(groups) });
    return ask(page, 'enrolment', signer.passkey, by, statement);
  });
}

/** Takes the answer to `registered` or `askEnrolment` and records it. @returns the fingerprint that it is about */
export async function answerEnrolling(
  page: Page,
  challenge: string,
  response: z.infer<typeof AssertionResponse>,
): Promise<string> {
  let question: Extract<Question, { kind: 'request' | 'enrolment' }> | undefined;
  const event = () => attempt(question?.by.name ?? 'unknown', question?.by.id);
  return recordingRejection(page, event, async () => {
    question = page.questions.take(challenge, ['request', 'enrolment']);
    const signed = await signedAnswer(page, challenge, question, response);
    if (question.kind === 'request') {
      await recordRequest(page, signed);
      return question.by.id;
    }
    const { by } = question;
    const statement: ReturnType<typeof enrolmentOf> = JSON.parse(question.statement);
    await recordSigned(page, enrolmentEvent(statement), (enrolled) => {
      // Meanwhile the signer may have been revoked, or the key enrolled by somebody else.
      const { role } = enrolmentOf(enrolled, statement.public_key_id, by, { now: page.now() });
      if (role !== statement.role)
        throw new HoldshortError(
          'conflict',
          `${statement.name}'s role changed meanwhile`,
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
  page.questions.ask(challenge, { kind, statement: text, publicKey: passkeyText(passkey), by });
  return assertionOptions(page.rp, passkey, challenge);
}

function attempt(name: string, key: string | undefined) {
  return {
    type: 'approver.rejected',
    actor: `approver:${name}`,
    detail: { attempt: 'enroll', key, on: 'page' },
  } as const;
}
