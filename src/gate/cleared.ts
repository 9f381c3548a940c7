import type { Believed } from '../audit/believe.ts';
import { registryOf } from '../kernel/approvers.ts';
import type { Makers } from '../kernel/attestation.ts';
import { operatorsOf } from '../kernel/bindings.ts';
import { askedUntil, recreatableOf, untoldDeletion } from '../kernel/circumstances.ts';
import { type Clearance, clear, countDecisions } from '../kernel/decisions.ts';
import { HoldshortError, refusalOf } from '../kernel/errors.ts';
import { haltOf } from '../kernel/halt.ts';
import type { Logins } from '../kernel/login.ts';
import type { Pinned } from '../kernel/pinned.ts';
import { type PlanRecord, tooLate } from '../kernel/plan.ts';
import { resolveHint } from '../kernel/resolution.ts';
import type { Rules } from '../kernel/rules.ts';
import type { RecordedDecision } from '../kernel/statement.ts';
import { decide } from '../kernel/ticket.ts';
import { unsettledText, untold } from '../kernel/unsettled.ts';
import type { PolicyEngine } from '../policy/engine.ts';
import { questionOf } from '../policy/question.ts';
import type { Verified } from '../store/head/port.ts';
import type { ExecutorStore } from '../store/port.ts';
import { notVerified, whyNotCleared } from './not-cleared.ts';
import { tampered } from './tampered.ts';
import { type NotNow, stale, wait } from './verdict.ts';

/** What is asked: the record, which is only read, and what this process knows of its own. */
export interface Verifying {
  readonly store: Pick<ExecutorStore, 'now' | 'ticket' | 'verified' | 'unsettled' | 'deletion'>;
  /** The policy as it is now. @throws policy_invalid */
  readonly policy: () => Promise<PolicyEngine>;
  /** The configuration's rules as they are now. @throws config_invalid */
  readonly rules: () => Promise<Rules>;
  /** What this installation says in files beside its keys. @throws key_invalid */
  readonly pinned: () => Pinned;
  /** The makers of authenticators who are believed now. @throws config_invalid */
  readonly makers: () => Promise<Makers>;
  /**
   * The login that approvals must come with now, and those of these as they were looked at here, with keys that this
   * process got from the issuer itself; undefined where none is asked for. @throws config_invalid
   */
  readonly logins: (decisions: readonly RecordedDecision[]) => Promise<Logins | undefined>;
}

/** By the record it may run now. */
export interface Cleared {
  readonly kind: 'go';
  readonly plan: PlanRecord;
  readonly clearance: Clearance;
  /** How much was weighed; whatever is added before the intent is written makes it a conflict. */
  readonly weighed: { readonly decisions: number; readonly statements: number; readonly approvals: number };
}

/**
 * Do the decisions, halt and policy let it begin, or go on? Who asks verifies all of it: the trail and the
 * signatures, from the first key that is pinned there. It needs nothing of what executes, so that a process that only
 * issues sessions can ask before it issues one.
 */
export async function cleared(
  ticket: Believed,
  context: Verifying,
  kind: 'begin' | 'next_step',
): Promise<Cleared | NotNow> {
  const { plan, digest } = ticket;
  const { statements, decisions, ...log } = await context.store.verified(ticket.id);
  if (log.state !== ticket.state || log.digest !== digest) return await notAsSeen(ticket, log, context);
  const registry = registryOf(statements, context.pinned(), await context.makers());
  const halt = haltOf(statements, registry);
  const logins = await context.logins(decisions);
  // After what may take a while.
  const now = await context.store.now();
  const late = kind === 'begin' ? tooLate(plan, now) : undefined;
  if (late) return stale(late, 'let the agent ask again, and approve it in time');
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
  const go = { kind: 'go', plan, clearance, weighed } as const;
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
async function othersGate(plan: PlanRecord, approvals: number, context: Verifying): Promise<NotNow | undefined> {
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
  { store }: Verifying,
): Promise<NotNow> {
  const now = await store.ticket(ticket.id);
  if (now.state !== ticket.state && now.state === state && now.plan?.digest === digest)
    return wait(new HoldshortError('conflict', `${ticket.id} is ${state}`, 'nothing to do'));
  const what =
    state === ticket.state
      ? 'its digest is not the one in the log'
      : `its row says ${ticket.state}, the log ${state ?? 'nothing'}`;
  return { kind: 'stop', to: 'denied', refusal: refusalOf(tampered(ticket, what)) };
}
