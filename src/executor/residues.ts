import { z } from 'zod';
import type { Residue } from '../../tools/define.ts';
import { HoldshortError } from '../kernel/errors.ts';
import type { StoredResidue } from '../store/port.ts';
import type { RecheckContext } from './context.ts';
import { otherAccount } from './refusals.ts';

/** How long a request that planning announced may take to show in AWS; "nothing there" is believed only after that. */
const SETTLED_MS = 5 * 60_000;

/** How long it may take to read what is to be removed. */
const REMOVING_MS = 2 * 60_000;
/** How long it is one executor's: longer than reading and the few requests that remove it, each of which is bounded. */
const LEASE_MS = 10 * 60_000;

/** Is it of one of these regions, or are there none? */
export const isIn =
  (regions: readonly string[]) =>
  ({ residue: { region } }: StoredResidue): boolean =>
    regions.length === 0 || (typeof region === 'string' && regions.includes(region));

const Place = { account: z.string(), region: z.string() };

/**
 * Removes what planning left in AWS for a ticket that didn't run, unless another executor is about to.
 * @returns false when it has to be looked at again later
 */
export async function removeResidue(
  stored: StoredResidue,
  executor: string,
  context: RecheckContext,
  begun: Set<string>,
): Promise<boolean> {
  const { store } = context;
  if (!(await store.takeResidue(stored, LEASE_MS))) return false;
  let gone = false;
  try {
    gone = await remove(stored, executor, context, begun);
    return gone;
  } finally {
    // A claim that can't be let go lapses.
    if (!gone) await store.releaseResidue(stored).catch(() => undefined);
  }
}

/**
 * Removes what planning left in AWS for a ticket that didn't run.
 * @param begun the tickets for which this executor wrote down that it removes what they left; added to
 * @returns false when it has to be looked at again later
 * @throws other_account when these credentials are for another account: another executor's to do
 */
async function remove(
  stored: StoredResidue,
  executor: string,
  context: RecheckContext,
  begun: Set<string>,
): Promise<boolean> {
  const { awsOf, store } = context;
  // The residue table is written by planning, but the attacker may write to the database, and removing is a change:
  // only what carries the name that this very ticket gave it is touched.
  const { discard, makes } = context.toolOf(stored.tool)?.tool ?? {};
  const residue = makes?.residue.extend(Place).parse(stored.residue) as Residue | undefined;
  if (!discard || !residue || !makes?.ofTicket(residue, stored.ticket)) {
    throw new HoldshortError(
      'tampered',
      `what ${stored.ticket} is said to have left is not what it would have made`,
      `run \`holdshort audit verify\`; remove the ${makes?.what ?? 'rest'} by hand`,
    );
  }
  const aws = await awsOf(residue.account);
  const readers = await aws.readers(residue.region, AbortSignal.timeout(REMOVING_MS));
  if (readers.caller.account !== residue.account) throw otherAccount(residue.account, readers.caller.account);
  const event = { actor: `executor:${executor}`, ticket: stored.ticket, tool: stored.tool, detail: residue };
  const writers = await aws.writers(residue.region);
  // The record comes before the effect; that it may take several tries needs no second one.
  if (!begun.has(stored.ticket)) await store.append({ type: 'aws.removing', ...event });
  begun.add(stored.ticket);
  const outcome = await discard(residue, { readers, writers });
  if (outcome === 'in_use') return false;
  if (outcome === 'absent' && !(await mustHaveShown(stored, context))) return false;
  await store.residueRemoved(stored, { type: 'aws.removed', outcome, ...event });
  return true;
}

/** Once there was a plan, AWS had shown what it made; before that, a request may still be on its way. */
async function mustHaveShown({ ticket, announced_at }: StoredResidue, { store }: RecheckContext): Promise<boolean> {
  if (Date.parse(await store.now()) - Date.parse(announced_at) > SETTLED_MS) return true;
  try {
    return (await store.ticket(ticket)).plan !== undefined;
  } catch (error) {
    if (error instanceof HoldshortError && error.code === 'not_found') return false;
    throw error;
  }
}
