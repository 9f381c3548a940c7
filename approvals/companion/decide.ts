import type { CallToolResult, ServerContext } from '@modelcontextprotocol/server';
import { personOf } from '../keys/signer.ts';
import { type Assessment, assessTicket } from '../tickets/assess.ts';
import { nameClaimed, noteLook } from '../tickets/look.ts';
import { checkMayDecide } from '../tickets/may-decide.ts';
import { answeredOnCard, answeredSealed, type CardAnswer } from './answered.ts';
import { elsewhere, facts, say } from './answers.ts';
import { checkMayDecideAnywhere, clientSignerOf } from './anywhere.ts';
import { withCard } from './cards.ts';
import type { CompanionContext } from './context.ts';
import { clientIsEnough } from './enough.ts';
import { askByForm } from './form.ts';
import type { Inquiries, Question } from './inquiries.ts';
import { askByPage } from './page.ts';
import type { Surface } from './surface.ts';

export interface DecideArguments {
  readonly ticket_id: string;
  readonly decision: 'approve' | 'deny';
  readonly reason?: string | undefined;
  readonly card?: CardAnswer | undefined;
}

/**
 * `approvals_decide`. What the chat model says decides nothing: it only chooses what the person is asked, by the best
 * that their client can do in this request. What they answer there is worth `client`, because a client can answer by
 * itself; for more, the client is asked to open the approval page.
 */
export async function decideByAsking(
  context: CompanionContext,
  inquiries: Inquiries,
  surface: Surface,
  args: DecideArguments,
  call: ServerContext,
) {
  const state = call.mcpReq.requestState<Question>();
  if (state !== undefined) return answeredSealed(context, inquiries.take(state, ['form', 'page']), args, surface, call);
  if (args.card) {
    const brought = await inquiries.verify(args.card.question).catch(() => undefined);
    return answeredOnCard(context, inquiries.take(brought, ['card']), args, args.card, surface);
  }
  const assessment = await assessTicket(context, await context.store.ticket(args.ticket_id));
  const asked = {
    named: args.ticket_id,
    ticket: assessment.ticket.id,
    digest: assessment.digest,
    decision: args.decision,
    reason: args.reason,
    person: personOf(context),
  };
  await checkMayDecideAnywhere(context, assessment, asked);
  const enough = args.decision === 'deny' || clientIsEnough(assessment);
  const key = await clientSignerOf(context, assessment, asked.person);
  if (enough && key && (surface.form || surface.card)) {
    checkMayDecide(assessment, { ...asked, key: key.id, assurance: 'client' });
    if (surface.form) {
      await noteLook(context, { ticket: assessment.ticket.id, door: 'companion', claimed: asked.person });
      return askByForm(inquiries, assessment, { ...asked, how: 'form' });
    }
  }
  const url = context.reviewUrl?.(assessment.ticket.id);
  if (url && surface.url && assessment.state === 'pending')
    return askByPage(inquiries, assessment, { ...asked, how: 'page' }, url, context);
  const why = key || !enough ? whyNotHere(enough, surface) : context.unsigned(asked.person);
  const answer = say(`Nothing was decided. ${why}\n\n${elsewhere(assessment, context)}`, {
    decided: false,
    ...facts(assessment),
  });
  return shown(context, inquiries, surface, assessment, answer);
}

/** With the card, in a client that renders it. */
export async function shown(
  context: CompanionContext,
  inquiries: Inquiries,
  surface: Surface,
  assessment: Assessment,
  answer: CallToolResult,
): Promise<CallToolResult> {
  if (!surface.card) return answer;
  await noteLook(context, { ticket: assessment.ticket.id, door: 'companion', claimed: nameClaimed(context) });
  return withCard(context, inquiries, assessment, answer);
}

function whyNotHere(enough: boolean, { card }: Surface): string {
  if (!enough) return 'This needs more than an answer in a chat client.';
  return card
    ? 'The card asks the person; nobody else can answer it.'
    : "This client can't show a form, so it can't ask you.";
}
