import type { Attempt, ChangeTool } from '../../tools/define.ts';
import type { Believed } from '../audit/believe.ts';
import type { Sender } from '../aws/index.ts';
import { weigh } from '../gate/believed.ts';
import { HoldshortError, type Refusal, refusalOf } from '../kernel/errors.ts';
import { stepsLeft } from '../kernel/plan.ts';
import type { TicketState } from '../kernel/ticket.ts';
import { factsOf } from '../telemetry/telemetry.ts';
import { type Aside, askingAside } from './aside.ts';
import { type Attendance, overOf } from './attendance.ts';
import type { RecheckContext } from './context.ts';
import { keptKit, withoutKit } from './kept-kit.ts';
import { LEASE_MS } from './leases.ts';
import { demandReaders, type Look, look, pauseAfter } from './look.ts';
import { type Begun, nextStep } from './next-step.ts';
import { notInTime, notSent, type Outcome, outcomeOf, type Sent, unsettled } from './outcome.ts';
import { progressOf } from './progress.ts';
import { proven, shownBefore } from './proven.ts';
import { type Go, gate, type Recheck, recheck } from './recheck.ts';
import { intentOf, newAttempt, type Run, wireOf } from './run.ts';
import { send } from './send.ts';
import { sendingAs } from './sending-as.ts';
import { overSteps } from './step-outcome.ts';
import { begunName, isMade } from './steps.ts';

/** How long AWS's records may take to show a request that was sent, before "no trace" is believed. */
const TRACE_GRACE_MS = 10_000;
/**
 * The same for what AWS said yes to and which is made so that something else may follow: without it the ticket ends,
 * and nothing looks again. So long AWS itself advises to look for what was made (`docs/recovery.md`).
 */
const MADE_GRACE_MS = 5 * 60_000;
/** How long AWS may refuse to be looked at before nothing more is expected of looking. */
const BLIND_MS = 10 * 60_000;
const BLIND = {
  state: 'unknown',
  evidence: 'state',
  detail: 'AWS could not be looked at to see what came of it',
  resources: [],
} as const;
/**
 * Runs one approved ticket that is claimed: recheck, durable intent and one send, observe, outcome. Returns what kept
 * it from running, if anything. A crash anywhere after `begin` leaves `executing`, which `settle` observes and nothing
 * resends.
 * @param heldBack is told what it waits for while it still has its place to send from: until that is noted, nothing of
 * the same kind is taken in its stead
 */
export async function execute(
  attendance: Attendance,
  context: RecheckContext,
  heldBack: (refusal: Refusal) => Promise<void>,
): Promise<Recheck> {
  const { telemetry } = context;
  return await telemetry.span('execution', { ticket: attendance.claim.ticket }, async () => {
    const ended = await executeOnce(attendance, context, heldBack);
    telemetry.tell({ outcome: ended.kind, ...('refusal' in ended ? { code: ended.refusal.code } : {}) });
    return ended;
  });
}

async function executeOnce(
  attendance: Attendance,
  context: RecheckContext,
  heldBack: (refusal: Refusal) => Promise<void>,
): Promise<Recheck> {
  const begun = await attendance.slots.sending.in(async (aside) => {
    const first = await firstSent(attendance, context, aside);
    if ('kind' in first && first.kind === 'wait') await heldBack(first.refusal);
    return first;
  });
  if ('kind' in begun) return begun;
  const { run, attempt, sent } = begun;
  await carryOn(run, 'executing', attempt, sent);
  return begun.go;
}

/** The ticket's first request, or what kept it from being sent. */
async function firstSent(
  attendance: Attendance,
  context: RecheckContext,
  aside: Aside,
): Promise<Exclude<Recheck, Go> | (Begun & { readonly go: Go })> {
  const { claim } = attendance;
  const { store } = context;
  const asking = askingAside(context, aside);
  const stored = await store.ticket(claim.ticket);
  if (stored.state !== 'approved')
    return {
      kind: 'wait',
      refusal: { code: 'conflict', message: `${claim.ticket} is ${stored.state}`, recovery: 'nothing to do' },
    };
  const checked = await weigh(stored, (ticket) => recheck(ticket, asking));
  if (checked.kind === 'stop') await store.stop(claim, checked.to, checked.refusal);
  if (checked.kind === 'expired') await store.expire(claim.ticket);
  if (checked.kind !== 'go') return checked;

  const { plan, tool } = checked;
  context.telemetry.tell(factsOf(plan));
  const sender = await signedIn(context, checked, plan.steps && 1);
  if ('refusal' in sender) return { kind: 'wait', refusal: sender.refusal };
  const kit = await keptKit(checked, context);
  if ('refusal' in kit) return await withoutKit(kit, claim, store);
  try {
    // Reading AWS took time: a denial, halt or policy edit in between must still win.
    const again = await weigh(await store.ticket(claim.ticket), (ticket) => gate(ticket, tool, asking));
    if (again.kind !== 'go') return again;
    const attempt = { ...(await newAttempt(context, sender, plan.steps && 1)), ...(kit.kept && { kit: kit.kept }) };
    const run = { attendance, context, plan, tool, heldUp: false };
    const begin = async (intent: Attempt) =>
      await kit.used(() => store.begin(claim, intent, again.weighed, intentOf(again, intent), LEASE_MS));
    return { go: again, run, ...(await send({ ...wireOf(run, attempt), ports: sender.ports, begin })) };
  } finally {
    kit.close();
  }
}

/**
 * Leads from a request that may have been sent to the ticket's outcome. Where the change takes several requests, each
 * further one follows only when the one before is proven done and all that let the first one begin was asked again. A
 * process that takes over from a dead one goes on in the same way, or not at all. Once a request was `unknown`, nothing
 * follows.
 */
async function carryOn(first: Run, from: TicketState, begun: Attempt, sent: Sent): Promise<void> {
  let [run, attempt] = [first, begun];
  let outcome = await settled(run, from, attempt, sent);
  let stopped: Refusal | undefined;
  while (from === 'executing' && outcome?.to === 'succeeded' && stepsLeft(run.plan, attempt.step ?? 1) > 0) {
    const [before, last, { result }] = [run, attempt, outcome];
    const next = await run.attendance.slots.sending.in((aside) => nextStep(before, last, result, aside));
    if (!next) return;
    if ('refusal' in next) {
      stopped = next.refusal;
      break;
    }
    ({ run, attempt } = next);
    outcome = await settled(run, from, attempt, next.sent);
  }
  const told = outcome && overSteps(run, attempt, outcome, stopped);
  if (told && from === 'executing' && stepsLeft(run.plan, attempt.step ?? 1) > 0) endHere(run);
  await conclude(run.attendance, run.context, from, told);
}

/**
 * Noted outside the database before it is told there: the attacker who writes to that takes the ending out again before
 * anyone has looked at it, so that what was stopped between two steps goes on.
 * @throws store_unavailable: it is not told as long as it can't be noted
 */
function endHere({ attendance, context }: Pick<Run, 'attendance' | 'context'>): void {
  try {
    context.executed.end(attendance.claim.ticket);
  } catch (cause) {
    const message = 'the list of begun tickets can not be written, where it is noted that nothing follows';
    throw new HoldshortError('store_unavailable', message, 'make the keys folder writable', cause);
  }
}

/** A sign-in that fails is said in the ticket's story, and costs it nothing. */
async function signedIn(
  { awsOf }: Pick<RecheckContext, 'awsOf'>,
  go: Go,
  step: number | undefined,
): Promise<Sender | { readonly refusal: Refusal }> {
  try {
    const aws = await awsOf(go.plan.account);
    return await aws.sender(go.plan.region, sendingAs(go, step));
  } catch (error) {
    if (error instanceof HoldshortError) return { refusal: refusalOf(error) };
    throw error;
  }
}

/**
 * Looks whether a ticket's effect happened, after the process that sent it (or was about to) is gone. Sends nothing.
 */
export async function settle(
  attendance: Attendance,
  context: RecheckContext,
  { state, waiting, intent, plan, result }: Believed & { readonly intent: Attempt },
  tool: ChangeTool,
): Promise<void> {
  const again = { known: shownBefore(result) };
  const run = { attendance, context, plan, tool, heldUp: waiting !== undefined, again };
  // Credentials that can't be had, or are for another account, are waited for: another executor may have them.
  await demandReaders(run);
  const name = begunName(attendance.claim.ticket, intent.step);
  const accepted = context.executed.hasAs(name, intent) && context.executed.wasAccepted(name);
  await carryOn(run, state, intent, { kind: accepted ? 'accepted' : 'unclear' });
}

/**
 * Observes until AWS is done. What was refused is observed too: a batch can be carried out in part. Of what is
 * `unknown` already, a look that failed is the last one for now: whatever else is to be done doesn't wait for an AWS
 * that can't be seen.
 */
async function settled(run: Run, from: TicketState, attempt: Attempt, sent: Sent): Promise<Outcome | undefined> {
  const { attendance, context } = run;
  let { heldUp } = run;
  if (sent.kind === 'not_sent') return notSent(sent.error);
  let blindSince: number | undefined;
  let wasThere = false;
  const tell = progressOf(context.store, attendance.claim);
  for (let looks = 0; ; looks++) {
    const observation = await look(run, attempt);
    if (observation.blind && from === 'unknown') return undefined;
    blindSince = observation.blind ? (blindSince ?? performance.now()) : undefined;
    if (blindSince !== undefined && performance.now() - blindSince > BLIND_MS) return outcomeOf(BLIND, sent);
    // What is known of a request that was refused must not be lost to a store that is busy just now.
    const grace = isMade(run.tool, run.plan, attempt.step) && !wasThere ? graceOf(observation, sent) : TRACE_GRACE_MS;
    const traceless =
      observation.state === 'unknown' && sent.kind !== 'refused' && (await waited(context, attempt)) < grace;
    wasThere ||= observation.state === 'pending' && !observation.blind;
    if (observation.state !== 'pending' && !traceless)
      return await proven({ ...run, attempt }, observation, sent, overOf(attendance));
    if (attendance.stopping.aborted) return undefined;
    const underWay = from === 'executing' && observation.state === 'pending' && !observation.blind;
    if (underWay && (await isTooLate(run, attempt))) return notInTime(observation.detail);
    if (from === 'executing' && observation.state === 'pending') await tell(observation.progress);
    // It waited for a look at AWS. (Where it waits for its next request, the first look proves the last one done.)
    if (heldUp && !observation.blind) {
      await context.store.note(attendance.claim, { type: 'execution.resumed' });
      heldUp = false;
    }
    await attendance.pause(pauseAfter(observation, looks, attendance.slots.watched()));
  }
}

/** A mark that is on too many is there: no waiting takes it off again. */
function graceOf(seen: Look, { kind }: Sent): number {
  return kind === 'accepted' && seen.state === 'unknown' && seen.evidence === 'request'
    ? MADE_GRACE_MS
    : TRACE_GRACE_MS;
}

/** In milliseconds, by the store's clock, since its intent. */
async function waited({ store }: RecheckContext, { intended_at }: Attempt): Promise<number> {
  return Date.parse(await store.now()) - Date.parse(intended_at);
}

/** What is only made so that something else may follow is waited for until nothing may follow any more. */
async function isTooLate({ context, plan, tool }: Run, { step }: Attempt): Promise<boolean> {
  return isMade(tool, plan, step) && Date.parse(await context.store.now()) >= Date.parse(plan.expires_at);
}

/** A stored plan that can't be read any more can't be observed either. Says so, once. */
export async function giveUp(attendance: Attendance, context: RecheckContext, why: HoldshortError): Promise<void> {
  const { to, result, refusal } = unsettled(why.message, [], refusalOf(why));
  // How many steps were left can't be read either.
  endHere({ attendance, context });
  await context.store.finish(attendance.claim, to, result, refusal);
}

/**
 * Writes the outcome; of a ticket that stays `unknown`, what is seen now. Stopped before AWS was done: the ticket stays
 * `executing` and the process that comes next observes it.
 */
async function conclude(
  { claim }: Attendance,
  { store, telemetry }: RecheckContext,
  from: TicketState,
  outcome: Outcome | undefined,
): Promise<void> {
  if (!outcome) return;
  telemetry.tell({ state: outcome.to });
  if (outcome.to === from) return await store.note(claim, { type: 'execution.observed', result: outcome.result });
  await store.finish(claim, outcome.to, outcome.result, outcome.refusal);
}
