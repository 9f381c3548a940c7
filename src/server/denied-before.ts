import { HoldshortError } from '../kernel/errors.ts';
import type { Subject } from '../kernel/same-subject.ts';
import type { ServerContext } from './context.ts';

/**
 * An agent that was told no and asks again and again wears people down until someone says yes. For an hour, the same
 * call gets the same no without anyone being asked, under whatever name it comes.
 * @throws denied
 */
export async function refuseDenied({ store }: Pick<ServerContext, 'store'>, asked: Subject): Promise<void> {
  const denial = await store.deniedBefore(asked);
  if (!denial) return;
  throw new HoldshortError(
    'denied',
    `the same was ${denial.refusal.message} (${denial.ticket}, ${denial.at})`,
    `talk to the person who denied it, or propose something else; the same can be asked for again after ${denial.until}`,
  );
}
