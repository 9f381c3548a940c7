import { z } from 'zod';
import type { Attempt, ChangeTool, Observation } from '../../tools/define.ts';
import type { TrailRecord } from '../aws/trail/accepted.ts';
import { HoldshortError } from '../kernel/errors.ts';
import type { PlanRecord } from '../kernel/plan.ts';
import type { RecheckContext } from './context.ts';
import { type Outcome, outcomeOf, type Sent } from './outcome.ts';
import { begunName, isMade, stepAction } from './steps.ts';

/** CloudTrail shows a request within minutes; what it doesn't show by then it never will. */
const SHOWN_WITHIN_MS = 24 * 3_600_000;
/** Between this machine's clock and AWS's. */
const SKEW_MS = 5 * 60_000;

/** What is known from before of a request that is looked at again. */
export interface Again {
  /** CloudTrail's event of it, to be told again: the attacker who writes the database can put one there. */
  readonly known: TrailRecord | undefined;
}

const Shown = z.object({ trail: z.object({ event: z.string(), at: z.string() }) });

/** CloudTrail's event stands in the ticket's result, once it was found. */
export function shownBefore(result: unknown): TrailRecord | undefined {
  return Shown.safeParse(result).data?.trail;
}

type Seen = Exclude<Observation, { readonly state: 'pending' }>;

interface Request {
  readonly context: Pick<RecheckContext, 'awsOf' | 'executed' | 'store'>;
  readonly plan: PlanRecord;
  readonly tool: Pick<ChangeTool, 'action' | 'several' | 'evidence'>;
  readonly attempt: Attempt;
  readonly again?: Again | undefined;
}

/**
 * What a look proves: by a mark of the request only where its tool says that it leaves one; where that could be
 * anyone's doing, and the request is looked at again, also by CloudTrail's event of the session that was made for this
 * one request.
 *
 * A yes of AWS's counts only as long as no look has shown the change not done: people are told, may do the rest by
 * hand, and that must not pass for the ticket's doing when the event comes, minutes later. That it wasn't done is noted
 * in the folder with the keys, beside the note that it was begun with this intent: where that isn't, CloudTrail settles
 * nothing.
 * @param over ends the look
 */
export async function proven(
  request: Request,
  shown: Seen,
  sent: Exclude<Sent, { readonly kind: 'not_sent' }>,
  over: AbortSignal,
): Promise<Outcome> {
  const { again, attempt, context, plan } = request;
  const { executed } = context;
  const name = begunName(plan.ticket, attempt.step);
  const onlyMakes = isMade(request.tool, plan, attempt.step);
  const seen: Seen = request.tool.evidence === undefined && !onlyMakes ? { ...shown, evidence: 'state' } : shown;
  let outcome = outcomeOf(seen, sent, { onlyMakes });
  // Also of a process that was suspended, and sent it when others had long looked.
  if (sent.kind === 'accepted' && seen.evidence === 'state' && outcome.to === 'succeeded' && executed.wasDoubted(name))
    outcome = outcomeOf(seen, { kind: 'unclear' }, { onlyMakes });
  if (outcome.to !== 'unknown') return outcome;
  const doubted = executed.wasDoubted(name);
  if (seen.state !== 'succeeded' && !doubted) executed.doubt(name);
  const found = again && !again.known ? await lookedUp(request, over) : undefined;
  const record = found ?? again?.known;
  if (!record) return outcome;
  const ours = found !== undefined && seen.state === 'succeeded' && executed.hasAs(name, attempt) && !doubted;
  return outcomeOf(seen, { kind: ours ? 'accepted' : 'unclear', record });
}

async function lookedUp(
  { context: { awsOf, store }, plan, tool, attempt: { session, step, intended_at } }: Request,
  over: AbortSignal,
): Promise<TrailRecord | undefined> {
  const began = Date.parse(intended_at);
  if (!session || Date.parse(await store.now()) - began > SHOWN_WITHIN_MS) return undefined;
  const since = new Date(began - SKEW_MS).toISOString();
  const action = stepAction(plan, step) ?? tool.action;
  const request = { access_key: session.access_key, source_identity: plan.ticket, action, since };
  try {
    const aws = await awsOf(plan.account);
    return await aws.accepted(plan.region, request, over);
  } catch (error) {
    // It may not be asked, or can't be reached: that proves nothing.
    if (error instanceof HoldshortError) return undefined;
    throw error;
  }
}
