import { altered } from '../../src/audit/believe.ts';
import { HoldshortError } from '../../src/kernel/errors.ts';
import { questionOf } from '../../src/policy/question.ts';
import { shortageToday } from '../../src/policy/shortage.ts';
import type { StoredTicket } from '../../src/store/port.ts';
import { type Desk, readEnrolled } from '../desk.ts';
import { isListedTicket, type Listed, listed } from '../render/list.ts';
import { whyUnheard } from './heard.ts';

/**
 * Tickets for a list; those that wait come with why nobody who is enrolled could approve them. The list is there even
 * where that can't be read.
 */
export async function listedHere(desk: Desk, tickets: readonly StoredTicket[]): Promise<readonly Listed[]> {
  const all = await heard(desk, tickets.map(listed));
  const now = await desk.store.now();
  if (!all.some((one) => waits(one, now))) return all;
  try {
    const [{ registry }, policy, rules] = [await readEnrolled(desk), await desk.policy(), await desk.rules()];
    return all.map((one) => {
      const { plan, opened } = isListedTicket(one) ? one.ticket : {};
      if (!plan || opened === undefined || !waits(one, now)) return one;
      const shortage = shortageToday({ plan, opened }, registry, policy, questionOf(plan, rules, now), rules);
      return shortage ? { ...one, shortage } : one;
    });
  } catch (error) {
    if (error instanceof HoldshortError) return all;
    throw error;
  }
}

/** A ticket that a person is said to have resolved, who didn't or may not, is listed as what it is. */
async function heard(desk: Desk, all: readonly Listed[]): Promise<readonly Listed[]> {
  if (!all.some((one) => isListedTicket(one) && one.ticket.state === 'resolved')) return all;
  const { registry } = await readEnrolled(desk);
  return all.map((one) => {
    const why = isListedTicket(one) && one.ticket.plan ? whyUnheard(one.ticket, registry) : undefined;
    return why && isListedTicket(one) ? { altered: one.ticket.id, problem: altered(one.ticket.id, why).message } : one;
  });
}

function waits(one: Listed, now: string): boolean {
  if (!isListedTicket(one)) return false;
  const { state, plan } = one.ticket;
  return state === 'pending' && plan !== undefined && Date.parse(now) < Date.parse(plan.expires_at);
}
