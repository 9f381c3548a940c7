import { z } from 'zod';
import { statementText } from '../../src/kernel/statement.ts';
import { membershipEvent, membershipOf } from '../people/groups.ts';
import { groupsIn } from '../people/rights.ts';
import { recordSigned } from '../record/record-statement.ts';
import { type Attempt, attemptToManage } from '../record/rejection.ts';
import type { Page } from './context.ts';
import { type Answered, askSignature, takeSignature } from './signing.ts';

export const Teams = z.strictObject({
  s: z.string().max(100),
  person: z.string().max(100),
  /** The teams as someone typed them. */
  groups: z.string().max(2200),
  /** Fingerprint of the passkey that shall sign. */
  key: z.string().max(100),
});

/**
 * Asks an admin's passkey to sign which teams a person belongs to.
 * @throws as `membershipOf`
 * @throws usage
 */
export async function askTeams(page: Page, { person, groups, key }: z.infer<typeof Teams>) {
  const attempt = (claimed?: string) => attemptToGroup(claimed, person);
  return askSignature(page, { key, attempt, recovery: 'let an admin sign' }, (signer, enrolled) => {
    const about = { name: person, groups: groupsIn(groups) };
    const statement = statementText(membershipOf(enrolled, about.name, about.groups, signer));
    return { kind: 'membership', statement, about };
  });
}

/**
 * Takes the answer and records it.
 * @throws as `takeSignature`
 * @throws as `membershipOf`
 */
export async function answerTeams(page: Page, answered: Answered): Promise<void> {
  await takeSignature(page, answered, {
    kinds: ['membership'],
    attempt: (question) => attemptToGroup(question?.by.name, question?.about.name),
    record: async ({ by, about }, signed) => {
      await recordSigned(page, membershipEvent(about.name, about.groups, by), (enrolled) => {
        // Meanwhile the signer may have been revoked.
        membershipOf(enrolled, about.name, about.groups, by);
        return signed;
      });
    },
  });
}

function attemptToGroup(claimed: string | undefined, person: string | undefined): Attempt {
  return attemptToManage('page', claimed, { attempt: 'groups', name: person?.slice(0, 64), on: 'page' });
}
