import { rehearsalLines } from '../../approvals/render/rehearsal.ts';
import { LONGEST_CLAIM, nameClaimed } from '../../approvals/tickets/look.ts';
import { believe } from '../audit/believe.ts';
import { type Json, sha256 } from '../kernel/digest.ts';
import { HoldshortError } from '../kernel/errors.ts';
import { rehearsalFacts } from '../kernel/rehearsal.ts';
import { boundedText } from '../kernel/safe-text.ts';
import { type CommandResult, EXIT } from '../present/command-result.ts';
import { hanging } from '../present/wrap.ts';
import { REHEARSED } from '../rehearsal/copied.ts';
import { accountsOf } from './accounts.ts';
import type { Installation } from './installation.ts';

/** Where there is no screen. */
const WIDTH = 100;

/**
 * `rehearse`: a person has a ticket that waits played on a copy of its stack, before anyone decides. It reads AWS with
 * the credentials that planning reads with, and changes nothing there. What came of it is in the log from then on, and
 * shown with the ticket.
 * @throws usage, wrong_state, other_account
 * @throws as `ticket` and `recordRehearsal` of the store
 */
export async function rehearse(installation: Installation, ref: string, width = WIDTH): Promise<CommandResult> {
  const store = installation.store.forApprover();
  const ticket = believe(await store.ticket(ref));
  const { id, plan, state } = ticket;
  if (!plan || (state !== 'pending' && state !== 'approved'))
    throw new HoldshortError('wrong_state', `${id} is ${state}`, 'only what waits, or is yet to run, can be rehearsed');
  if (!REHEARSED.has(plan.tool))
    throw new HoldshortError(
      'wrong_state',
      `a ticket of ${plan.tool} can not be rehearsed`,
      'only what deploys or deletes a stack can (docs/rehearsal.md): decide by its plan',
    );
  if (installation.sandbox)
    throw new HoldshortError(
      'usage',
      'the embedded cloud is inside `serve --sandbox`',
      'let its agent ask with rehearse: true',
    );
  const aws = await accountsOf(installation).of(plan.account);
  const { account } = await aws.caller(plan.region);
  if (account !== plan.account)
    throw new HoldshortError(
      'other_account',
      `${id} is about account ${plan.account}, and these credentials are for ${account}`,
      `rehearse it with credentials for ${plan.account}`,
    );
  const { rehearse: play } = await import('../rehearsal/rehearse.ts');
  const rehearsal = await play(plan, { keepers: aws.keepers, now: store.now });
  const { env, osUser } = installation;
  const claimed = boundedText(nameClaimed({ env, osUser }), LONGEST_CLAIM, sha256);
  await store.recordRehearsal({ ticket: id, digest: ticket.digest, claimed, rehearsal });
  const { rehearsed, failed } = rehearsalFacts(rehearsal);
  return {
    data: { ticket: id, digest: ticket.digest, rehearsal: rehearsal as unknown as Json },
    text: rehearsalLines({ at: rehearsal.at, claimed, rehearsal })
      .flatMap((line) => hanging(line, width))
      .join('\n'),
    exit: rehearsed && !failed ? EXIT.done : EXIT.failed,
  };
}
