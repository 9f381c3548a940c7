import { openedAt } from '../audit/trail.ts';
import { HoldshortError } from '../kernel/errors.ts';
import { readPlan } from '../kernel/plan.ts';
import { questionOf } from '../policy/question.ts';
import { shortageToday } from '../policy/shortage.ts';
import type { ShortageText } from '../policy/shortage-text.ts';
import type { StoredTicket } from '../store/port.ts';
import type { ServerContext } from './context.ts';

/** What an agent is told beside a ticket itself. */
export interface Beside {
  /** Where people look at it. */
  readonly reviewUrl?: ((ticket: string) => string) | undefined;
  /** Why nobody who is enrolled can let it run, and the way out. */
  readonly shortage?: ShortageText | undefined;
}

type Context = Pick<ServerContext, 'enrolled' | 'policy' | 'rules' | 'reviewUrl'> & {
  readonly store: Pick<ServerContext['store'], 'now'>;
  readonly log: Pick<ServerContext['log'], 'warn'>;
};

export async function besideOf(context: Context, stored: StoredTicket): Promise<Beside> {
  const { reviewUrl, log } = context;
  try {
    return { reviewUrl, shortage: await shortageIn(context, stored) };
  } catch (error) {
    // The ticket is there, whatever can't be read beside it; what decides is read again, and checked, where people
    // decide.
    if (!(error instanceof HoldshortError)) throw error;
    log.warn({ err: error, ticket: stored.id }, 'it can not be told who could approve this');
    return { reviewUrl };
  }
}

async function shortageIn(
  { enrolled, policy, rules, store }: Context,
  stored: StoredTicket,
): Promise<ShortageText | undefined> {
  if (stored.state !== 'pending' || !stored.plan) return undefined;
  const plan = readPlan(stored.plan, stored.id);
  const question = questionOf(plan, await rules(), store.now());
  return shortageToday({ plan, opened: openedAt(stored) }, await enrolled(), await policy(), question);
}
