import type { ChangeTool, Planned, Readers } from '../../tools/define.ts';
import type { Believed } from '../audit/believe.ts';
import { type Cleared, cleared } from '../gate/cleared.ts';
import { tampered } from '../gate/tampered.ts';
import { type NotNow, stale, whyNot } from '../gate/verdict.ts';
import { accountNamed } from '../kernel/account.ts';
import { amended } from '../kernel/amended.ts';
import { type Json, stableJson } from '../kernel/digest.ts';
import { roleOf } from '../kernel/goes-on.ts';
import type { PlanRecord } from '../kernel/plan.ts';
import type { PlanningRules } from '../kernel/rules.ts';
import type { RecheckContext } from './context.ts';
import { noSession, otherAccount } from './refusals.ts';

/** It may run now. */
export interface Go extends Cleared {
  readonly tool: ChangeTool;
}

export type Recheck = Go | NotNow;

/** How long planning again may take: a claim isn't held for ever by an endpoint that goes on answering. */
export const RECHECK_MS = 10 * 60_000;

/**
 * Everything that must hold just before an effect, read afresh. The attackers: anyone who can write the database
 * (state, plan, requirement, decisions), anyone who edits policy or configuration meanwhile, and the world, which moves
 * on between approval and execution.
 */
export async function recheck(ticket: Believed, context: RecheckContext): Promise<Recheck> {
  const { plan } = ticket;
  try {
    if (context.executed.has(ticket.id)) {
      // Of a log that isn't the one that was seen nothing is ended either: an admin may put the right one back.
      await context.store.verified(ticket.id);
      throw tampered(ticket, 'it was begun before, and the log does not say so: it may have happened');
    }
    const moment = await context.store.now();
    if (Date.parse(moment) >= Date.parse(plan.expires_at)) return { kind: 'expired' };
    const known = context.toolOf(plan.tool);
    if (known?.schema !== plan.tool_schema) {
      return stale(`${plan.tool} is not the version that made this plan`, 'let the agent ask again');
    }
    const called = accountNamed((await context.rules()).accounts ?? [], plan.account)?.name;
    if (called !== undefined && plan.account_name !== undefined && called !== plan.account_name)
      return stale(
        `account ${plan.account} was shown as ${plan.account_name}, and is ${called}`,
        'let the agent ask again',
      );
    // People and policy first: for a ticket that they don't clear, AWS isn't even read.
    const gated = await gate(ticket, known.tool, context);
    if (gated.kind !== 'go') return gated;
    const aws = await context.awsOf(plan.account);
    // A person said yes to no more than the session may do.
    if (plan.goes_on?.as === 'session' && !aws.perRequest) throw noSession(plan.account);
    const readers = await aws.readers(plan.region, AbortSignal.timeout(RECHECK_MS));
    const now = await planAgain(plan, known.tool, readers, await context.rules());
    if (now.differs)
      return stale(`AWS is no longer as planned: ${now.differs}`, 'read the present state and let the agent ask again');
    return gated;
  } catch (error) {
    return whyNot(error);
  }
}

/** What the record says of it, asked a second time right before the intent is written, and before each further step. */
export async function gate(
  ticket: Believed,
  tool: ChangeTool,
  context: RecheckContext,
  kind: 'begin' | 'next_step' = 'begin',
): Promise<Recheck> {
  const now = await cleared(ticket, context, kind);
  return now.kind === 'go' ? { ...now, tool } : now;
}

/** What the plan rests on, once more from AWS, in the account that it was made for, and from the configuration. */
export async function planAgain(
  plan: PlanRecord,
  tool: ChangeTool,
  readers: Readers,
  rules: PlanningRules,
): Promise<{ readonly differs: string | undefined }> {
  if (readers.caller.account !== plan.account) throw otherAccount(plan.account, readers.caller.account);
  const now = await tool.plan(plan.arguments, readers, plan.made, rules);
  return { differs: firstDifference(plan, amended(now, plan.circumstances)) };
}

/** Names the first member that isn't as stored: guard members by name, because they say what moved. */
function firstDifference(plan: PlanRecord, now: Planned): string | undefined {
  const same = (a: Json | undefined, b: Json | undefined) => stableJson(a) === stableJson(b);
  for (const key of new Set([...Object.keys(plan.guard), ...Object.keys(now.guard)])) {
    if (!same(plan.guard[key], now.guard[key])) return `${key.replaceAll('_', ' ')} changed`;
  }
  if (!same(plan.targets, [...now.targets])) return 'the targets or their tags changed';
  if (!same(plan.impact, [...now.impact])) return 'what it would do changed';
  if (plan.snapshot_first !== now.snapshot_first) return 'that snapshots are taken first changed';
  if (!same(plan.steps, now.steps && [...now.steps])) return 'the requests that it takes changed';
  if (!same(plan.lifecycle, now.lifecycle)) return 'what it makes or deletes changed';
  if (roleOf(plan.goes_on) !== now.service_role) return 'the service role changed';
  if (!same(plan.undo, now.undo)) return 'how it could be taken back changed';
  return undefined;
}
