import { type Believed, judge } from '../audit/believe.ts';
import type { StoredTicket } from '../store/port.ts';
import { tampered } from './tampered.ts';
import { type NotNow, whyNot } from './verdict.ts';

/**
 * Reads a row that an attacker may have written.
 * @throws tampered when the log doesn't vouch for it, or it has no plan
 */
export function believed(stored: StoredTicket): Believed {
  const belief = judge(stored);
  if (belief.kind === 'believed') return belief.ticket;
  throw tampered(stored, belief.kind === 'altered' ? belief.problem : 'it has no plan');
}

/** What is to be made of a row, weighed once it is believed: a row that isn't ends the ticket. */
export async function weigh<T>(stored: StoredTicket, weighed: (ticket: Believed) => Promise<T>): Promise<T | NotNow> {
  let ticket: Believed;
  try {
    ticket = believed(stored);
  } catch (error) {
    return whyNot(error);
  }
  return await weighed(ticket);
}
