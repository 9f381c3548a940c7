import {
  acceptedContent,
  type CallToolResult,
  type InputResponseView,
  inputResponse,
  type ServerContext,
} from '@modelcontextprotocol/server';
import { z } from 'zod';
import { HoldshortError } from '../../src/kernel/errors.ts';
import { personOf } from '../keys/signer.ts';
import { telling } from '../record/record-statement.ts';
import { attemptToDecide, recordAttempt, recordingRejection, vouched } from '../record/rejection.ts';
import { confirmationOf, DENIAL, isDenial } from '../render/words.ts';
import { type Assessment, assessTicket } from '../tickets/assess.ts';
import { decide } from '../tickets/decide.ts';
import { elsewhere, facts, say } from './answers.ts';
import type { CompanionContext } from './context.ts';
import { Answer } from './form.ts';
import { MOST_ON_CARD, type Question } from './inquiries.ts';
import type { Surface } from './surface.ts';

/** What the card sends: the question that it was shown, and what the person typed. */
export const CardAnswer = Answer.extend({ question: z.string().max(MOST_ON_CARD) });
export type CardAnswer = z.infer<typeof CardAnswer>;

interface Called {
  readonly ticket_id: string;
  readonly decision: 'approve' | 'deny';
}

/** An answer came back to a form or to an offer to open the page. */
export async function answeredSealed(
  context: CompanionContext,
  asked: Question | undefined,
  args: Called,
  surface: Surface,
  call: ServerContext,
): Promise<CallToolResult> {
  if (asked?.named !== args.ticket_id || asked.decision !== args.decision || asked.person !== personOf(context))
    return unknownQuestion(context, args, surface);
  const { decision, ...open } = { ...asked, decision: args.decision };
  const assessment = await assessTicket(context, await context.store.ticket(open.ticket));
  const response = inputResponse(call.mcpReq.inputResponses, 'decision');
  const action = actionOf(response);
  if (action !== 'accept') return declined(context, assessment, { ...open, decision }, action, surface);
  if (open.how === 'page')
    return say(
      `Nothing is decided yet: the client says that it opened the approval page. ${open.person} decides there, with a passkey; approvals_show then says what came of it.\n\n${elsewhere(assessment, context)}`,
      { decided: false, offered: 'page', ...facts(assessment) },
    );
  const answer = acceptedContent(call.mcpReq.inputResponses, 'decision', Answer);
  const typed = answer ?? {};
  return recordAnswer(
    context,
    assessment,
    { ...open, decision },
    { ...typed, reason: typed.reason?.trim() || open.reason },
    surface,
  );
}

/** The person used the card. The model is never shown the question, and so can't have made this answer up. */
export async function answeredOnCard(
  context: CompanionContext,
  asked: Question | undefined,
  args: Called,
  card: CardAnswer,
  surface: Surface,
): Promise<CallToolResult> {
  const assessment = await assessTicket(context, await context.store.ticket(args.ticket_id));
  if (asked?.ticket !== assessment.ticket.id || asked.person !== personOf(context))
    return unknownQuestion(context, args, surface);
  return recordAnswer(context, assessment, { ...asked, decision: args.decision }, card, surface);
}

/** Late, given twice, or made up: anyone who makes answers up leaves a trace, under what the client calls itself. */
async function unknownQuestion(context: CompanionContext, args: Called, { client }: Surface): Promise<never> {
  const about = vouched(await context.store.ticket(args.ticket_id));
  const detail = { decision: args.decision, assurance: 'client', client_version: client.version };
  const attempt = attemptToDecide(`client:${client.name}`, undefined, about, detail);
  return recordingRejection(context, attempt, async () => {
    throw new HoldshortError(
      'not_confirmed',
      'this answer belongs to no open question, so nothing was decided: each is good for ten minutes and one answer',
      'on a card, answer it again as it is now; otherwise call approvals_decide again, with nothing but the ticket and the decision',
    );
  });
}

type Decision = Omit<Question, 'decision'> & { readonly decision: 'approve' | 'deny' };

/** Everything is looked at again: the ticket may have changed while the person was reading. */
async function recordAnswer(
  context: CompanionContext,
  assessment: Assessment,
  { decision, digest, person, ticket, how, nonce }: Decision,
  typed: z.infer<typeof Answer>,
  { client }: Surface,
): Promise<CallToolResult> {
  const detail = { decision, digest, assurance: 'client', on: how };
  const attempt = attemptToDecide(`client:${client.name}`, person, assessment.plan, detail);
  const decided = await recordingRejection(context, attempt, async (proved) => {
    const lacking = lackingIn(typed, decision, assessment);
    if (lacking !== undefined)
      throw new HoldshortError(
        'not_confirmed',
        `the ${how} did not hold ${lacking}, so nothing was decided`,
        `ask the person again, or in a terminal: holdshort ${decision} ${ticket}${decision === 'deny' ? ' --reason TEXT' : ''}`,
      );
    const signer = telling(await context.signer(assessment.enrolled, person), proved);
    const reason = typed.reason?.trim() || undefined;
    const about = { ticket: assessment.ticket.id, digest, decision, assurance: 'client', reason } as const;
    return decide(context, { ...about, signer, nonce });
  });
  return say(outcomeText(decided.assessment, decision, decided.moved, person), {
    decided: true,
    decision,
    by: person,
    ...facts(decided.assessment),
  });
}

/** What was to be typed, where it wasn't. */
function lackingIn(
  { deny, target_name }: z.infer<typeof Answer>,
  decision: Decision['decision'],
  { plan, digest }: Assessment,
): string | undefined {
  if (decision === 'deny') return isDenial(deny) ? undefined : `the ${DENIAL} of a denial`;
  const { text, what } = confirmationOf(plan, digest);
  return target_name === text ? undefined : what;
}

function actionOf(response: InputResponseView): 'accept' | 'decline' | 'cancel' | 'none' {
  return response.kind === 'elicit' ? response.action : 'none';
}

/**
 * A client that says no. Clients do that by themselves, without anything that a person could see: it is recorded as the
 * client's answer, and denies nothing.
 */
async function declined(
  context: CompanionContext,
  assessment: Assessment,
  { decision, digest, person, ticket, how }: Decision,
  action: 'decline' | 'cancel' | 'none',
  { client }: Surface,
): Promise<CallToolResult> {
  const attempt = {
    type: 'decision.declined',
    door: `client:${client.name}`,
    claimed: undefined,
    ticket,
    tool: assessment.plan.tool,
    detail: { decision, digest, asked: person, on: how, client_version: client.version },
  } as const;
  await recordAttempt(context, attempt, action);
  const what = how === 'form' ? 'the form was not accepted' : 'the client did not open the approval page';
  return say(`Nothing was decided: ${what}.\n\n${elsewhere(assessment, context)}`, {
    decided: false,
    ...facts(assessment),
  });
}

function outcomeText(
  { ticket, missing }: Assessment,
  decision: 'approve' | 'deny',
  moved: boolean,
  person: string,
): string {
  if (decision === 'deny')
    return ticket.state === 'executing'
      ? `Denied by ${person}: ${ticket.id} has begun; after the request that is under way, no other is sent.`
      : `Denied by ${person}: ${ticket.id} will never run.`;
  return moved
    ? `Approved by ${person}: ${ticket.id} may run, once, exactly as shown. An executor runs it after checking everything again.`
    : `${person}'s approval of ${ticket.id} is recorded; still needed: ${missing ?? 'nothing'}.`;
}
