import { sessionSeconds } from '../../tools/session/permits.ts';
import { sessionPolicy } from '../../tools/session/policy.ts';
import type { SendingAs } from '../aws/index.ts';
import { sessionNameOf } from '../kernel/ticket.ts';
import type { Go } from './recheck.ts';

/** What STS takes as a tag's value. https://docs.aws.amazon.com/STS/latest/APIReference/API_Tag.html */
const NOT_IN_TAG = /[^\p{L}\p{Z}\p{N}_.:/=+\-@]/gu;

/**
 * The session for one request of a ticket: a session that leaks can do what its people decided, and nothing else.
 * @throws invalid_input where what it needs doesn't fit into a session's policy
 */
export function sendingAs({ plan, tool, clearance }: Go, step: number | undefined): SendingAs {
  const permits = tool.permits(plan, { step });
  const approvers = clearance.counted.approvals.map(({ person }) => person);
  return {
    name: sessionNameOf(plan.ticket),
    grant: {
      policy: sessionPolicy(permits),
      source_identity: plan.ticket,
      tags: {
        HoldshortAgent: tagValue(plan.agent),
        HoldshortApprovers: tagValue(approvers.join(' ') || 'none'),
      },
      seconds: sessionSeconds(permits),
    },
  };
}

/** Of more than fit the first are named; the log names all. */
function tagValue(text: string): string {
  return text.replace(NOT_IN_TAG, '-').slice(0, 256);
}
