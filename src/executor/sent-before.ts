import type { Attempt, ChangeTool } from '../../tools/define.ts';
import { HoldshortError } from '../kernel/errors.ts';
import type { PlanRecord } from '../kernel/plan.ts';
import type { RecheckContext } from './context.ts';
import type { Sent } from './outcome.ts';
import { begunName, stepAction } from './steps.ts';

/** CloudTrail shows a request within minutes; what it doesn't show by then it never will. */
const SHOWN_WITHIN_MS = 24 * 3_600_000;
/** Between this machine's clock and AWS's. */
const SKEW_MS = 5 * 60_000;

interface SentBefore {
  readonly plan: PlanRecord;
  readonly tool: Pick<ChangeTool, 'action'>;
  readonly intent: Attempt;
}

/**
 * What is known of a request that this process didn't see answered: that AWS accepted it, where this machine wrote that
 * down, or CloudTrail shows it without an error by the session that was made for this one request. Where AWS had said
 * yes and then didn't show it done, its yes counts no more: what came to be so later may be another's.
 * @param over ends the look
 */
export async function sentBefore(
  { plan, tool, intent }: SentBefore,
  { aws, executed, store }: Pick<RecheckContext, 'aws' | 'executed' | 'store'>,
  over: AbortSignal,
): Promise<Exclude<Sent, { readonly kind: 'refused' | 'not_sent' }>> {
  const { ticket, region } = plan;
  const { session, step, intended_at } = intent;
  const name = begunName(ticket, step);
  if (executed.wasAccepted(name)) return { kind: 'accepted' };
  const began = Date.parse(intended_at);
  if (!session || Date.parse(store.now()) - began > SHOWN_WITHIN_MS) return { kind: 'unclear' };
  const since = new Date(began - SKEW_MS).toISOString();
  const action = stepAction(plan, step) ?? tool.action;
  const request = { access_key: session.access_key, source_identity: ticket, action, since };
  const record = await aws.accepted(region, request, over).catch((error) => {
    // It may not be asked, or can't be reached: that proves nothing either.
    if (error instanceof HoldshortError) return undefined;
    throw error;
  });
  if (!record) return { kind: 'unclear' };
  return { kind: executed.wasDoubted(name) ? 'unclear' : 'accepted', record };
}
