import type { Attempt, ChangeTool, Observation, Readers } from '../../tools/define.ts';
import { HoldshortError } from '../kernel/errors.ts';
import type { PlanRecord } from '../kernel/plan.ts';
import { type Attendance, overOf } from './attendance.ts';
import type { RecheckContext } from './context.ts';
import { otherAccount } from './refusals.ts';

/** What is watched, and by whom. */
interface Watching {
  readonly attendance: Attendance;
  readonly context: RecheckContext;
  readonly plan: PlanRecord;
  readonly tool: ChangeTool;
}

/** What was seen; `blind` where AWS couldn't be looked at, `together` where others had a part in the listing. */
export type Look = Observation & { readonly blind?: true; readonly together?: boolean };

/** Pauses between the first looks, in milliseconds. */
const PAUSES = [50, 100, 200, 400, 800, 1500] as const;
const LATER_MS = 3000;
/** What takes longer shares ten looks a second: an account has only so many, and others need them too. */
const LOOK_EVERY_MS = 100;

/**
 * How long until the next look, in milliseconds. Those that are listed together come at the same moments, so that
 * however many there are cost one listing each time; others have to share what may be asked.
 */
export function pauseAfter({ together }: Look, looks: number, watched: number): number {
  const first = PAUSES[looks];
  if (!together) return first ?? Math.max(LATER_MS, LOOK_EVERY_MS * watched);
  const beat = first ?? LATER_MS;
  return Math.ceil(beat - (performance.now() % beat));
}

/**
 * A look that failed, or took too long, is no evidence of anything: look again, for a while.
 * @throws other_account when the credentials came to be for another one: there everything looks gone, or never begun
 */
export async function look(watching: Watching, attempt: Attempt): Promise<Look> {
  const { attendance, context, plan, tool } = watching;
  const slots = attendance.slots.looking(`${plan.account} ${plan.region}`);
  let together = false;
  try {
    const seen = await slots.in(async (aside) => {
      const line = {
        in: slots.in,
        aside: async <T>(work: () => Promise<T>) => {
          together = true;
          return await aside(work);
        },
      };
      const aws = await context.awsOf(plan.account);
      const readers = demandAccount(plan, await aws.watching(plan.region, overOf(attendance), line));
      return await tool.observe(plan, readers, attempt);
    });
    return { ...seen, together };
  } catch (error) {
    if (!(error instanceof HoldshortError) || error.code === 'other_account') throw error;
    return { state: 'pending', detail: error.message, blind: true, together };
  }
}

/** Are there credentials for it? @throws other_account, aws_denied, aws_unreachable */
export async function demandReaders({ attendance, context, plan }: Omit<Watching, 'tool'>): Promise<void> {
  const aws = await context.awsOf(plan.account);
  demandAccount(plan, await aws.readers(plan.region, overOf(attendance)));
}

function demandAccount({ account }: PlanRecord, readers: Readers): Readers {
  if (readers.caller.account !== account) throw otherAccount(account, readers.caller.account);
  return readers;
}
