import type { StoredTicket } from '../../src/store/port.ts';
import { type Attempt, attemptToDecide, vouched } from '../record/rejection.ts';
import type { DecisionRequest } from '../tickets/decide.ts';

/** To decide a ticket on its page, for the log. */
export function attemptToAnswer(
  ticket: StoredTicket,
  claimed: string | undefined,
  asked: Partial<Pick<DecisionRequest, 'decision' | 'digest' | 'breakGlass'>> = {},
): Attempt {
  const { digest, ...about } = vouched(ticket);
  return attemptToDecide('page', claimed, about, {
    decision: asked.decision,
    digest: asked.digest ?? digest,
    break_glass: asked.breakGlass || undefined,
    on: 'page',
  });
}
