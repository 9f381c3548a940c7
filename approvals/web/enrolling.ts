import { z } from 'zod';
import { makeClaimOf } from '../../src/kernel/attestation.ts';
import { HoldshortError } from '../../src/kernel/errors.ts';
import { keyIdOf, statementText } from '../../src/kernel/statement.ts';
import { passkeyText } from '../../src/kernel/webauthn.ts';
import { personName } from '../desk.ts';
import { enrolmentEvent, enrolmentOf, recordRequest } from '../people/requests.ts';
import { groupsIn } from '../people/rights.ts';
import { recordSigned, signedAt } from '../record/record-statement.ts';
import { type Attempt, attemptToManage } from '../record/rejection.ts';
import type { Page } from './context.ts';
import { type RegistrationResponse, registeredPasskey, registrationOptions } from './passkeys.ts';
import { type Answered, askSignature, sealed, takeSignature } from './signing.ts';

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
  const question = await page.challenges.ask({ kind: 'registration', challenge, name: person, hardware });
  return { options, question };
}

/**
 * The passkey was made; now asks it to sign its own request, which shows that it works here.
 * @throws approval_invalid
 */
export async function registered(page: Page, brought: string, response: z.infer<typeof RegistrationResponse>) {
  const question = await page.challenges.open(brought, ['registration']);
  const { name, hardware } = question;
  const makers = await page.makers();
  const asked = { challenge: question.challenge, hardware, makers };
  const passkey = await registeredPasskey(page.rp, asked, response);
  page.challenges.use(question);
  const make = makeClaimOf(passkey, makers, await page.store.now());
  if (hardware && !make?.verified)
    throw new HoldshortError(
      'approval_invalid',
      `this authenticator does not prove its make: ${make?.why ?? 'no maker vouches for it'}`,
      'register it without "hardware", or let your operator add its maker to web.attestation_roots',
    );
  const publicKey = passkeyText(passkey);
  const id = keyIdOf(publicKey);
  const now = signedAt({ id, name }, await page.store.now());
  const statement = statementText({ kind: 'request', name, public_key: publicKey, public_key_id: id, ...now });
  return sealed(page, { id, name, publicKey, passkey }, { kind: 'request', statement });
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
  const attempt = (claimed?: string) => attemptToEnroll(claimed, request);
  return askSignature(page, { key, attempt, recovery: 'let an approver sign' }, (signer, enrolled) => {
    const statement = enrolmentOf(enrolled, request, signer, { groups: groupsIn(groups) });
    const { name: owner, role, max_assurance: most } = statement;
    if (owner !== shown.name || role !== shown.role || most !== shown.most)
      throw new HoldshortError(
        'conflict',
        `this key's request is not the one on the page any more: now it is by ${owner}, as ${role}, for ${most}`,
        'load the page again, and compare the fingerprint with that person again',
      );
    return { kind: 'enrolment', statement: statementText(statement) };
  });
}

/** Takes the answer to `registered` or `askEnrolment` and records it. @returns the fingerprint that it is about */
export async function answerEnrolling(page: Page, answered: Answered): Promise<string> {
  return takeSignature(page, answered, {
    kinds: ['request', 'enrolment'],
    attempt: (question) => attemptToEnroll(question?.by.name, question?.by.id),
    record: async (question, signed) => {
      const { by } = question;
      if (question.kind === 'request') {
        await recordRequest(page, signed, 'page');
        return by.id;
      }
      const statement: ReturnType<typeof enrolmentOf> = JSON.parse(question.statement);
      await recordSigned(page, enrolmentEvent(statement), (enrolled) => {
        // Meanwhile the signer may have been revoked, or the key enrolled by someone else.
        const { role, max_assurance } = enrolmentOf(enrolled, statement.public_key_id, by, {});
        if (role !== statement.role || max_assurance !== statement.max_assurance)
          throw new HoldshortError(
            'conflict',
            `${statement.name}'s role, or what the key proves, changed meanwhile`,
            'load the page and sign anew',
          );
        return signed;
      });
      return statement.public_key_id;
    },
  });
}

function attemptToEnroll(claimed: string | undefined, key: string | undefined): Attempt {
  return attemptToManage('page', claimed, { attempt: 'enroll', key, on: 'page' });
}
