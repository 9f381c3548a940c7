import type { ChangeTool, Planned, Readers } from '../../tools/define.ts';
import type { Believed } from '../audit/believe.ts';
import { accountNamed } from '../kernel/account.ts';
import { amended } from '../kernel/amended.ts';
import { registryOf } from '../kernel/approvers.ts';
import { operatorsOf } from '../kernel/bindings.ts';
import { askedUntil, recreatableOf, untoldDeletion } from '../kernel/circumstances.ts';
import { type Clearance, clear, countDecisions } from '../kernel/decisions.ts';
import { type Json, stableJson } from '../kernel/digest.ts';
import { HoldshortError, type Refusal, refusalOf } from '../kernel/errors.ts';
import { haltOf } from '../kernel/halt.ts';
import { type PlanRecord, tooLate } from '../kernel/plan.ts';
import { resolveHint } from '../kernel/resolution.ts';
import type { PlanningRules } from '../kernel/rules.ts';
import { decide } from '../kernel/ticket.ts';
import { unsettledText, untold } from '../kernel/unsettled.ts';
import { questionOf } from '../policy/question.ts';
import type { Verified } from '../store/head/port.ts';
import type { RecheckContext } from './context.ts';
import { notVerified, whyNotCleared } from './not-cleared.ts';
import { otherAccount, tampered } from './refusals.ts';

/** It may run now. */
export interface Go {
  readonly kind: 'go';
  readonly plan: PlanRecord;
  readonly tool: ChangeTool;
  readonly clearance: Clearance;
  /** How much was weighed; whatever is added before the intent is written makes it a conflict. */
  readonly weighed: { readonly decisions: number; readonly statements: number; readonly approvals: number };
}

export type Recheck =
  | Go
  /** Not what was approved: the ticket ends here. */
  | { readonly kind: 'stop'; readonly to: 'stale' | 'denied'; readonly refusal: Refusal }
  | { readonly kind: 'expired' }
  /** Nothing wrong with the ticket, but it can't run now. */
  | { readonly kind: 'wait'; readonly refusal: Refusal };

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
    const late = tooLate(plan, moment);
    if (late) return stale(late, 'let the agent ask again, and approve it in time');
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
    const readers = await aws.readers(plan.region, AbortSignal.timeout(RECHECK_MS));
    const now = await planAgain(plan, known.tool, readers, await context.rules());
    if (now.differs)
      return stale(`AWS is no longer as planned: ${now.differs}`, 'read the present state and let the agent ask again');
    return gated;
  } catch (error) {
    return whyNot(error);
  }
}

/**
 * The decisions, halt and policy; asked a second time right before the intent is written, and before each further step.
 */
export async function gate(
  ticket: Believed,
  tool: ChangeTool,
  context: RecheckContext,
  kind: 'begin' | 'next_step' = 'begin',
): Promise<Recheck> {
  const { plan, digest } = ticket;
  const { statements, decisions, ...log } = await context.store.verified(ticket.id);
  if (log.state !== ticket.state || log.digest !== digest) return await notAsSeen(ticket, log, context);
  const registry = registryOf(statements, context.pinned(), await context.makers());
  const halt = haltOf(statements, registry);
  const logins = await context.logins(decisions);
  // After what may take a while.
  const now = await context.store.now();
  const counted = countDecisions(decisions, {
    ticket: ticket.id,
    digest,
    opened: ticket.opened,
    registry,
    now,
    logins,
  });
  const policy = await context.policy();
  const question = questionOf(plan, await context.rules(), now);
  const asked = { operators: operatorsOf(registry, plan, ticket.opened), requirement: plan.requirement };
  const clearance = clear(counted, asked, (tally, glass) => policy.permits(question, tally, glass));
  const verdict = decide(
    { state: ticket.state, expires_at: plan.expires_at },
    { kind, clearance, halted: halt !== undefined },
    now,
  );
  const approvals = counted.approvals.length;
  const weighed = { decisions: decisions.length, statements: statements.length, approvals };
  const go = { kind: 'go', plan, tool, clearance, weighed } as const;
  // While a ticket is carried out, others about the same wait.
  if ('next' in verdict) return kind === 'begin' ? ((await othersGate(plan, approvals, context)) ?? go) : go;
  switch (verdict.refused) {
    case 'expired':
      return { kind: 'expired' };
    case 'halted':
      return wait(
        new HoldshortError(
          'halted',
          `every change is halted by ${halt?.by}`,
          'an approver lifts it with `holdshort resume`',
        ),
      );
    case 'not_cleared':
      if (!clearance.cleared && clearance.why !== 'denied' && counted.unverified.length > 0)
        return wait(notVerified(counted.unverified, logins));
      return { kind: 'stop', to: 'denied', refusal: whyNotCleared(clearance, policy, question, kind) };
    default:
      return wait(new HoldshortError('conflict', `${ticket.id} is ${ticket.state}`, 'nothing to do'));
  }
}

/**
 * Two tickets about the same don't run at once: the second waits for what becomes of the first. A ticket of which
 * nobody knows whether it happened stops it, unless those who decided had been told of it; and there are some. So does
 * one that deletes what this one makes or changes, unless policy was asked about both. The attacker may write a row
 * whose plan says of itself that nothing is unsettled, or that everyone was told, where policy asks for nobody: so the
 * store is asked. (Where one begins at this very moment, the store finds it.)
 */
async function othersGate(plan: PlanRecord, approvals: number, context: RecheckContext): Promise<Recheck | undefined> {
  const now = await context.store.unsettled(plan);
  const running = now.filter(({ state }) => state === 'executing');
  const unknown = approvals > 0 ? untold(now, plan.circumstances.unsettled) : now;
  if (running.length > 0)
    return wait(
      new HoldshortError('unsettled', unsettledText(running), 'it runs, if it still may, when that one has ended'),
    );
  if (unknown.length > 0)
    return stale(
      unsettledText(unknown),
      `let a person look at AWS and settle it; whatever is asked for there is held until then: ${resolveHint(unknown[0]?.ticket ?? 'TICKET')}`,
    );
  const of = recreatableOf(plan);
  const deletion = of && untoldDeletion(plan, await context.store.deletion(of, askedUntil(plan)));
  if (deletion)
    return stale(
      `ticket ${deletion.ticket} deletes the same (${deletion.state}), and this plan does not say so`,
      'let the agent ask again: both are then decided as one',
    );
  return undefined;
}

/**
 * What the executor saw of the log itself must say the same of the ticket as its row: anyone who writes the database
 * may have hidden that it was withdrawn, denied or run, or may have put another plan under it. Or it moved on since it
 * was read.
 */
async function notAsSeen(
  ticket: Believed,
  { state, digest }: Pick<Verified, 'state' | 'digest'>,
  { store }: RecheckContext,
): Promise<Recheck> {
  const now = await store.ticket(ticket.id);
  if (now.state !== ticket.state && now.state === state && now.plan?.digest === digest)
    return wait(new HoldshortError('conflict', `${ticket.id} is ${state}`, 'nothing to do'));
  const what =
    state === ticket.state
      ? 'its digest is not the one in the log'
      : `its row says ${ticket.state}, the log ${state ?? 'nothing'}`;
  return { kind: 'stop', to: 'denied', refusal: refusalOf(tampered(ticket, what)) };
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
  if (!same(plan.undo, now.undo)) return 'how it could be taken back changed';
  return undefined;
}

export function stale(message: string, recovery: string): Recheck {
  return { kind: 'stop', to: 'stale', refusal: { code: 'stale', message, recovery } };
}

function wait(error: HoldshortError): Recheck {
  return { kind: 'wait', refusal: refusalOf(error) };
}

/**
 * A refusal of planning means that AWS moved on; an AWS that can't be read, or a policy that can't be loaded, means not
 * now.
 */
export function whyNot(error: unknown): Recheck {
  if (!(error instanceof HoldshortError)) throw error;
  switch (error.code) {
    case 'tampered':
      return { kind: 'stop', to: 'denied', refusal: refusalOf(error) };
    case 'protected':
    case 'wrong_state':
    case 'in_use':
    case 'not_found':
    case 'no_changes':
    case 'invalid_input':
    case 'planning_failed':
      return stale(`AWS is no longer as planned: ${error.message}`, error.recovery);
    default:
      return wait(error);
  }
}
