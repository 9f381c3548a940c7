import { acceptedContent, inputResponse, type McpServer, type ServerContext } from '@modelcontextprotocol/server';
import { HoldshortError } from '../../src/kernel/errors.ts';
import { isMet, type Requirement } from '../../src/kernel/requirement.ts';
import { decide } from '../decide.ts';
import { unlockKey } from '../keys.ts';
import { checkMayDecide } from '../may-decide.ts';
import { recordingRejection } from '../rejection.ts';
import { confirmationOf } from '../render/words.ts';
import { type Review, reviewTicket } from '../review.ts';
import { enrolledKey, personOf } from '../signer.ts';
import { elsewhere, facts, say } from './answers.ts';
import type { CompanionContext } from './context.ts';
import { Answer, type Asked, askPerson, canShowForm, type Forms } from './form.ts';

export interface DecideArguments {
  readonly ticket_id: string;
  readonly decision: 'approve' | 'deny';
  readonly reason?: string | undefined;
}

/**
 * `approvals_decide`. The arguments come from a chat model and decide nothing: they only choose which form the person is shown. What
 * the person types there is worth `client`, because a client can fill a form in by itself.
 */
export async function decideByForm(
  context: CompanionContext,
  forms: Forms,
  server: McpServer,
  args: DecideArguments,
  call: ServerContext,
) {
  const state = call.mcpReq.requestState();
  if (state !== undefined) return answered(context, forms.redeem(state), args, call);
  const person = personOf(context);
  const review = await reviewTicket(context, await context.store.ticket(args.ticket_id));
  const { decision, reason } = args;
  if (decision === 'approve' && !clientIsEnough(review))
    return say(
      `Nothing was decided. This needs more than an answer in a chat client.\n\n${elsewhere(review, context)}`,
      {
        decided: false,
        ...facts(review),
      },
    );
  if (!canShowForm(server, call))
    return say(
      `Nothing was decided. This client can't show a form, so it can't ask you.\n\n${elsewhere(review, context)}`,
      {
        decided: false,
        ...facts(review),
      },
    );
  const file = await enrolledKey(context, review.enrolled, person, 'client');
  checkMayDecide(review, { person, key: file.id, digest: review.digest, decision, assurance: 'client' });
  const asked = forms.issue({
    named: args.ticket_id,
    ticket: review.ticket.id,
    digest: review.digest,
    decision,
    reason,
    person,
  });
  return askPerson(forms, review, asked, context.now(), call);
}

/** Would an answer worth `client` do, both as promised and as policy stands today? */
function clientIsEnough({ requirement, today }: Review): boolean {
  const client = { all: COUNT, without_operator: COUNT };
  const only = (asked: Requirement) => isMet({ ...asked, approvals: 1 }, client);
  return only(requirement) && today !== undefined && only(today);
}

const COUNT = { client: 1, key: 0, presence: 0, hardware: 0 };

/** The form came back. Everything is looked at again: the ticket may have changed while the person was reading. */
async function answered(
  context: CompanionContext,
  asked: Asked | undefined,
  args: DecideArguments,
  call: ServerContext,
) {
  if (
    !asked ||
    asked.named !== args.ticket_id ||
    asked.decision !== args.decision ||
    asked.person !== personOf(context)
  )
    throw new HoldshortError(
      'not_confirmed',
      'this answer belongs to no open question, so nothing was decided',
      'call approvals_decide again, without any state',
    );
  const review = await reviewTicket(context, await context.store.ticket(asked.ticket));
  const response = inputResponse(call.mcpReq.inputResponses, 'decision');
  if (response.kind !== 'elicit' || response.action !== 'accept')
    return say(`Nothing was decided: the form was not accepted.\n\n${elsewhere(review, context)}`, {
      decided: false,
      ...facts(review),
    });
  const { decision, digest, person } = asked;
  const attempt = {
    type: 'decision.rejected',
    actor: `approver:${person}`,
    ticket: asked.ticket,
    tool: review.plan.tool,
    detail: { decision, digest, assurance: 'client' },
  } as const;
  const decided = await recordingRejection(context, attempt, async () => {
    const { text, what } = confirmationOf(review.plan, review.digest);
    const answer = acceptedContent(call.mcpReq.inputResponses, 'decision', Answer);
    if (answer?.target_name !== text)
      throw new HoldshortError(
        'not_confirmed',
        `the form did not hold ${what}, so nothing was decided`,
        `ask the person again, or in a terminal: holdshort ${decision} ${asked.ticket}`,
      );
    const file = await enrolledKey(context, review.enrolled, person, 'client');
    const signer = await unlockKey(file, async () => '');
    const reason = answer.reason?.trim() || asked.reason;
    return decide(context, { ticket: review.ticket.id, digest, decision, assurance: 'client', signer, reason });
  });
  return say(outcomeText(decided.review, decision, decided.moved, person), {
    decided: true,
    decision,
    by: person,
    ...facts(decided.review),
  });
}

function outcomeText(
  { ticket, missing }: Review,
  decision: 'approve' | 'deny',
  moved: boolean,
  person: string,
): string {
  if (decision === 'deny') return `Denied by ${person}: ${ticket.id} will never run.`;
  return moved
    ? `Approved by ${person}: ${ticket.id} may run, once, exactly as shown. An executor runs it after checking everything again.`
    : `${person}'s approval of ${ticket.id} is recorded; still needed: ${missing ?? 'nothing'}.`;
}
