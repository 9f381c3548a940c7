import type { Believed, Unplanned } from '../audit/believe.ts';
import { HoldshortError } from '../kernel/errors.ts';
import { questionOf } from '../policy/question.ts';
import { shortageToday } from '../policy/shortage.ts';
import type { ShortageText } from '../policy/shortage-text.ts';
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

export async function besideOf(context: Context, ticket: Believed | Unplanned): Promise<Beside> {
  const { reviewUrl, log } = context;
  try {
    return { reviewUrl, shortage: await shortageIn(context, ticket) };
  } catch (error) {
    // The ticket is there, whatever can't be read beside it; what decides is read again, and checked, where people
    // decide.
    if (!(error instanceof HoldshortError)) throw error;
    log.warn({ err: error, ticket: ticket.id }, 'it can not be told who could approve this');
    return { reviewUrl };
  }
}

async function shortageIn(
  { enrolled, policy, rules, store }: Context,
  { state, plan, opened }: Believed | Unplanned,
): Promise<ShortageText | undefined> {
  if (state !== 'pending' || !plan) return undefined;
  const today = await rules();
  const question = questionOf(plan, today, await store.now());
  return shortageToday({ plan, opened }, await enrolled(), await policy(), question, today);
}
