import { inputRequired } from '@modelcontextprotocol/server';
import { z } from 'zod';
import { chatText } from '../render/chat-text.ts';
import { marked } from '../render/layout.ts';
import { ticketText } from '../render/ticket.ts';
import { confirmationOf, DENIAL, quoted } from '../render/words.ts';
import type { Assessment } from '../tickets/assess.ts';
import type { Inquiries, Inquiry } from './inquiries.ts';

/** What a person answers: to approve the target's name, to deny a y. A client that accepts by itself types neither. */
export const Answer = z.object({
  target_name: z.string().max(200).optional(),
  deny: z.string().max(10).optional(),
  reason: z.string().max(2000).optional(),
});

const FORM_WIDTH = 78;
const FORM_IMPACT = 10;

/** The form: the same rendering as everywhere, and what is to be typed. */
export async function askByForm(
  inquiries: Inquiries,
  assessment: Assessment,
  asked: Inquiry & { readonly decision: 'approve' | 'deny' },
) {
  const rendering = ticketText(assessment, {
    width: FORM_WIDTH,
    impact: FORM_IMPACT,
    now: new Date(assessment.enrolled.at),
  });
  const field = fieldFor(asked.decision, assessment);
  const reason =
    asked.reason === undefined
      ? []
      : ['', 'Reason that would be recorded as yours:', ...marked('| ', quoted(asked.reason, 2000), FORM_WIDTH)];
  return inputRequired({
    inputRequests: {
      decision: inputRequired.elicit({
        message: `${asked.decision.toUpperCase()} this as ${asked.person}?\n\n${chatText([rendering, ...reason].join('\n'))}`,
        requestedSchema: {
          type: 'object',
          properties: {
            ...field,
            reason: { type: 'string', title: 'Reason (optional)', maxLength: 2000 },
          },
          required: Object.keys(field),
        },
      }),
    },
    requestState: await inquiries.ask(asked),
  });
}

function fieldFor(decision: 'approve' | 'deny', { plan, digest }: Assessment) {
  const description = 'Decline or cancel to decide nothing.';
  if (decision === 'deny') return { deny: { type: 'string' as const, title: `To deny, type ${DENIAL}`, description } };
  const title = `To approve, type ${confirmationOf(plan, digest).what}`;
  return {
    target_name: { type: 'string' as const, title, description: `Exactly as it is shown above. ${description}` },
  };
}
