import { type CommandResult, EXIT } from '../../src/present/command-result.ts';
import { checkedReason, readEnrolled } from '../desk.ts';
import { recordStatement, signedAt, telling } from '../record/record-statement.ts';
import { attemptToDecide, recordingRejection } from '../record/rejection.ts';
import { assessTicket } from '../tickets/assess.ts';
import { checkMayReview, reviewEvent } from '../tickets/broken-glass.ts';
import { reviewData } from '../tickets/ticket-data.ts';
import type { CommandContext } from './context.ts';
import { checkFlags, confirm, type DecideOptions } from './decide.ts';
import { heldKey } from './held-key.ts';

/**
 * `tickets review`: a second person has looked at what someone did alone. It decides nothing, and ends the shouting.
 * @throws as `checkMayReview`
 * @throws usage
 * @throws not_confirmed as `approve`
 */
export async function ticketsReview(
  context: CommandContext,
  id: string,
  options: DecideOptions,
): Promise<CommandResult> {
  checkFlags(context, id, 'tickets review', options);
  const reason = options.reason === undefined ? undefined : checkedReason(options.reason);
  const key = await heldKey(context, await readEnrolled(context), options);
  const assessment = await assessTicket(context, await context.store.ticket(id));
  const digest = options.digest ?? assessment.digest;
  const attempt = attemptToDecide('cli', key.name, assessment.plan, { decision: 'review', digest });
  await recordingRejection(context, attempt, async (proved) => {
    checkMayReview(assessment, key, digest);
    if (!options.yes) await confirm(context, assessment, 'say that you have reviewed', key.name);
    const signer = telling(await key.open(), proved);
    await recordStatement(context, signer, reviewEvent(assessment, key, reason), (enrolled) => {
      // Anyone who was revoked while reading doesn't end it any more.
      checkMayReview({ ...assessment, enrolled }, key, digest);
      const { ticket } = assessment.plan;
      const said = reason === undefined ? {} : { reason };
      return { kind: 'review', ticket, digest, ...said, ...signedAt(signer, enrolled.at) };
    });
  });
  const after = await assessTicket(context, await context.store.ticket(assessment.ticket.id));
  return {
    data: { reviewed_by: key.name, ...reviewData(after) },
    text: `Reviewed by ${key.name}: ${assessment.ticket.id} is not shouted about any more. The log keeps who broke the glass, and why.`,
    exit: EXIT.done,
  };
}
