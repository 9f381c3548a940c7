import type { CallToolResult } from '@modelcontextprotocol/server';
import { HoldshortError, refusalOf } from '../../src/kernel/errors.ts';
import { safeText } from '../../src/kernel/safe-text.ts';
import { type Desk, typedHere } from '../desk.ts';
import { chatText } from '../render/chat-text.ts';
import { outside } from '../render/words.ts';
import type { Assessment } from '../tickets/assess.ts';
import { proofNote } from '../tickets/stronger-proof.ts';
import { shortageData } from '../tickets/ticket-data.ts';
import type { CompanionContext } from './context.ts';

/** The same width as the rendering above it. */
const WIDTH = 100;

export function say(text: string, data: { readonly [key: string]: unknown } = {}): CallToolResult {
  return { content: [{ type: 'text', text }], structuredContent: { ...data } };
}

/** The one edge where a failure becomes an answer: its code, what happened, and how to go on. */
export async function answering<T>(
  desk: Pick<CompanionContext, 'command' | 'refused'>,
  work: () => Promise<T>,
): Promise<T | CallToolResult> {
  try {
    if (desk.refused) throw desk.refused;
    return await work();
  } catch (error) {
    if (!(error instanceof HoldshortError)) throw error;
    const { code, message, recovery } = refusalOf(error);
    const refusal = { code, message: safeText(message), recovery: typedHere(desk, safeText(recovery)) };
    return { ...say(chatText(`${refusal.message}\n${refusal.recovery}`), { refusal }), isError: true };
  }
}

/**
 * What a chat model may be handed as data: our own words and numbers. Names and prose from outside stay in the rendered
 * text.
 */
export function facts(assessment: Assessment) {
  const { ticket, plan, state, digest, requirement, missing } = assessment;
  return {
    ticket_id: ticket.id,
    state,
    digest,
    environment: plan.environment,
    effects: plan.effects,
    targets: plan.targets.slice(0, 10).map(({ name }) => outside(name, 128)),
    requirement,
    missing: missing ?? null,
    cannot_be_approved: shortageData(assessment, assessment),
    expires_at: plan.expires_at,
  };
}

/** How to decide where no chat client and no model is in between. */
export function elsewhere(assessment: Assessment, desk: Pick<Desk, 'reviewUrl' | 'command'>): string {
  const { ticket, digest } = assessment;
  const { reviewUrl } = desk;
  const lines = [
    ...(reviewUrl ? ['To decide in a browser, with a passkey:', `  ${reviewUrl(ticket.id)}`] : []),
    'To decide in a terminal of your own (it shows the plan and asks for the name):',
    `  holdshort approve ${ticket.id}`,
    `  holdshort deny ${ticket.id} --reason TEXT`,
    ...proofNote(assessment, WIDTH),
    `Digest of this plan: ${digest}`,
  ];
  return typedHere(desk, lines.join('\n'));
}
