import { inputRequired, type ServerContext } from '@modelcontextprotocol/server';
import { requirementText } from '../../src/policy/requirement-text.ts';
import { chatText } from '../render/chat-text.ts';
import { firstScreenText } from '../render/ticket.ts';
import type { Review } from '../review.ts';
import type { Asked, Questions } from './questions.ts';

const WIDTH = 78;

/**
 * Has the client offer to open the ticket on the approval page, where a passkey decides. Whatever the client answers decides nothing:
 * `accept` means that it opened the address, or says so.
 */
export async function askByPage(
  questions: Questions,
  review: Review,
  asked: Asked & { readonly decision: 'approve' | 'deny' },
  url: string,
  now: Date,
  call: ServerContext,
) {
  const needs = asked.decision === 'approve' ? ` It needs ${requirementText(review.today ?? review.requirement)}.` : '';
  return inputRequired({
    inputRequests: {
      decision: inputRequired.elicitUrl({
        message: `Open the approval page to ${asked.decision} this as ${asked.person}?${needs} Opening it decides nothing.\n\n${chatText(firstScreenText(review, { width: WIDTH, now }))}`,
        url,
      }),
    },
    requestState: await questions.codec.mint({ question: questions.issue(asked) }, call),
  });
}
