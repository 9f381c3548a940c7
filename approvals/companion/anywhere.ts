import { HoldshortError } from '../../src/kernel/errors.ts';
import { ASSURANCES } from '../../src/kernel/requirement.ts';
import type { Signer } from '../keys/keys.ts';
import type { Assessment } from '../tickets/assess.ts';
import { checkMayDecide, type Intention } from '../tickets/may-decide.ts';
import type { CompanionContext } from './context.ts';

type Wish = Pick<Intention, 'person' | 'digest' | 'decision'>;

/**
 * Says, before a person is sent to another place, what would keep them from deciding there too: a ticket that is
 * closed, an agent that works for them, a policy that forbids it. That they can't prove enough yet is not among it:
 * they may get a better key.
 * @throws as `checkMayDecide`, but not `assurance_too_low`
 */
export async function checkMayDecideAnywhere(
  context: CompanionContext,
  assessment: Assessment,
  wish: Wish,
): Promise<void> {
  const keys = [...assessment.enrolled.registry.keys.values()].filter(
    ({ name, revokedAt }) => name === wish.person && !revokedAt,
  );
  const [best] = keys.sort((a, b) => ASSURANCES.indexOf(b.maxAssurance) - ASSURANCES.indexOf(a.maxAssurance));
  if (!best) {
    // Nobody by this name: it says so, and who there is.
    await context.signer(assessment.enrolled, wish.person);
    return;
  }
  try {
    checkMayDecide(assessment, { ...wish, key: best.id, assurance: best.maxAssurance });
  } catch (error) {
    if (!(error instanceof HoldshortError) || error.code !== 'assurance_too_low') throw error;
  }
}

/**
 * What signs this person's answers in a chat client; undefined where they have none, as someone with nothing
 * but a passkey.
 */
export async function clientSignerOf(
  context: CompanionContext,
  { enrolled }: Assessment,
  person: string,
): Promise<Signer | undefined> {
  try {
    return await context.signer(enrolled, person);
  } catch (error) {
    if (error instanceof HoldshortError && error.code === 'not_enrolled') return undefined;
    throw error;
  }
}
