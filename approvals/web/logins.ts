import { z } from 'zod';
import { statementText } from '../../src/kernel/statement.ts';
import { claimEvent, claimOf, identityFrom } from '../people/bind.ts';
import { recordSigned } from '../record/record-statement.ts';
import { type Attempt, attemptToManage } from '../record/rejection.ts';
import type { Page } from './context.ts';
import { type Answered, askSignature, takeSignature } from './signing.ts';

export const Logins = z.strictObject({
  s: z.string().max(100),
  login: z.enum(['bind', 'unbind']),
  person: z.string().max(100),
  issuer: z.string().max(1000),
  subject: z.string().max(1000),
  /** Fingerprint of the passkey that shall sign. */
  key: z.string().max(100),
});

/**
 * Asks a passkey to sign whose login it is, or that it isn't theirs any more.
 * @throws as `claimOf`
 * @throws usage
 */
export async function askLogin(page: Page, { login, person, issuer, subject, key }: z.infer<typeof Logins>) {
  const attempt = (claimed?: string) => attemptToClaim(claimed, login, person);
  return askSignature(page, { key, attempt, recovery: 'let an admin sign' }, (signer, enrolled) => {
    const about = { kind: login, name: person, identity: identityFrom(issuer, subject) };
    return { kind: 'login', statement: statementText(claimOf(enrolled, about, signer)), about };
  });
}

/**
 * Takes the answer and records it.
 * @throws as `takeSignature`
 * @throws as `claimOf`
 */
export async function answerLogin(page: Page, answered: Answered): Promise<void> {
  await takeSignature(page, answered, {
    kinds: ['login'],
    attempt: (question) => attemptToClaim(question?.by.name, question?.about.kind, question?.about.name),
    record: async ({ by, about }, signed) => {
      await recordSigned(page, claimEvent(about, by), (enrolled) => {
        // Meanwhile the signer may have been revoked, or the login bound.
        claimOf(enrolled, about, by);
        return signed;
      });
    },
  });
}

function attemptToClaim(claimed: string | undefined, kind: string | undefined, person: string | undefined): Attempt {
  return attemptToManage('page', claimed, { attempt: kind ?? 'bind', name: person?.slice(0, 64), on: 'page' });
}
