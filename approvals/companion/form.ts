import { inputRequired, type ServerContext } from '@modelcontextprotocol/server';
import { z } from 'zod';
import { chatText } from '../render/chat-text.ts';
import { marked } from '../render/layout.ts';
import { ticketText } from '../render/ticket.ts';
import { confirmationOf, quoted } from '../render/words.ts';
import type { Review } from '../review.ts';
import type { Asked, Questions } from './questions.ts';

/** What a person answers. A client that accepts by itself has no name to type. */
export const Answer = z.object({ target_name: z.string().max(200), reason: z.string().max(2000).optional() });

const FORM_WIDTH = 78;
const FORM_IMPACT = 10;

/** The form: the same rendering as everywhere, and the name of the target to be typed. */
export async function askByForm(
  questions: Questions,
  review: Review,
  asked: Asked & { readonly decision: 'approve' | 'deny' },
  now: Date,
  call: ServerContext,
) {
  const { what } = confirmationOf(review.plan, review.digest);
  const rendering = ticketText(review, { width: FORM_WIDTH, impact: FORM_IMPACT, now });
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
            target_name: {
              type: 'string',
              title: `To ${asked.decision}, type ${what}`,
              description: 'Exactly as it is shown above. Decline or cancel to decide nothing.',
            },
            reason: { type: 'string', title: 'Reason (optional)', maxLength: 2000 },
          },
          required: ['target_name'],
        },
      }),
    },
    requestState: await questions.codec.mint({ question: questions.issue(asked) }, call),
  });
}
