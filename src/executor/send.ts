import type { Attempt, ChangeTool, Writers } from '../../tools/define.ts';
import { wasRefused } from '../aws/request/errors.ts';
import { HoldshortError } from '../kernel/errors.ts';
import type { PlanRecord } from '../kernel/plan.ts';
import type { Claim } from '../store/port.ts';
import { factsOf, type Telemetry } from '../telemetry/telemetry.ts';
import type { Executed } from './context.ts';
import type { Held } from './leases.ts';
import type { Sent } from './outcome.ts';
import { begunName } from './steps.ts';

/** What one request is sent with. */
interface Sending {
  readonly claim: Claim;
  readonly plan: PlanRecord;
  readonly tool: ChangeTool;
  readonly attempt: Attempt;
  readonly executed: Executed;
  readonly telemetry: Telemetry;
  /** Is the claim still surely ours? */
  readonly holds: () => boolean;
  readonly keptBy: Held['keptBy'];
  readonly stopping: AbortSignal;
  /** The ports, signed in, of which each request awaits `first` when its bytes are about to leave. */
  readonly ports: (first: (signedAt: string | undefined) => Promise<void>) => Writers;
  /** Makes the intent durable, if it still may. */
  readonly begin: (intent: Attempt) => Promise<void>;
}

/** The attempt as it was begun, and what became of its request. */
interface Left {
  readonly attempt: Attempt;
  readonly sent: Sent;
}

/**
 * Sends the one request of an attempt. Its intent becomes durable when the request is signed and its bytes are about to
 * leave: what fails before that, a crash too, leaves the ticket as it was, and its approval unspent; after that nothing
 * sends it again.
 * @throws HoldshortError for what kept it from being begun: nothing was sent
 */
export async function send(sending: Sending): Promise<Left> {
  const { claim, plan, attempt, telemetry } = sending;
  const facts = { ...factsOf(plan), ticket: claim.ticket, step: attempt.step };
  return await telemetry.span('request', facts, async () => {
    const gate = wireGate(sending);
    const sent = await sendOnce(sending, gate);
    telemetry.tell({ outcome: sent.kind });
    return { attempt: gate.begun(), sent };
  });
}

async function sendOnce(sending: Sending, gate: ReturnType<typeof wireGate>): Promise<Sent> {
  const { claim, plan, tool, attempt, executed } = sending;
  const failed = await failureOf(async () => await tool.execute(plan, sending.ports(gate.pass), attempt));
  if (failed && !gate.reached()) throw failed.error;
  // A tool that says yes and sent nothing by these ports may have sent it by others.
  const bypassed = !gate.reached();
  const kept = await (bypassed ? gate.leave() : gate.left());
  if (kept instanceof BegunElsewhere) return { kind: 'unclear', error: kept };
  if (kept) return { kind: 'not_sent', error: kept };
  if (bypassed) return { kind: 'unclear' };
  if (failed) {
    if (!(failed.error instanceof HoldshortError)) throw failed.error;
    return { kind: wasRefused(failed.error) ? 'refused' : 'unclear', error: failed.error };
  }
  try {
    executed.accept(begunName(claim.ticket, attempt.step));
  } catch {
    // The note is for a process that comes after a crash and knows less; this process knows it already.
  }
  return { kind: 'accepted' };
}

/** The database lost that another host had begun it, or two did at once: that one's request may be on its way. */
class BegunElsewhere extends HoldshortError {
  constructor() {
    super(
      'log_not_continued',
      'another host began it, and the log does not say so: nothing was sent from here',
      'let a person look at AWS, and why the database lost it',
    );
  }
}

/** Stands in front of the wire, and lets one request through. */
function wireGate({ claim, attempt, executed, holds, keptBy, stopping, begin }: Sending) {
  let leaving: Promise<HoldshortError | undefined> | undefined;
  let intent = attempt;
  /** @returns why the request is kept back although it is begun */
  async function leave(): Promise<HoldshortError | undefined> {
    if (stopping.aborted) throw new HoldshortError('conflict', 'the executor is stopping', 'another one runs it');
    // Where it may be another's by now, that one runs it: nothing is spent.
    if (!holds()) throw new HoldshortError('conflict', 'the executor lost its claim', 'another one runs it');
    await keptBy(async () => await begin(intent));
    try {
      // Outside the database, where anyone who puts back a copy of it can't reach.
      if (!executed.add(begunName(claim.ticket, attempt.step), intent)) return new BegunElsewhere();
    } catch (cause) {
      const recovery = 'make the keys folder writable, then let the agent ask again';
      return new HoldshortError('store_unavailable', 'the list of begun tickets can not be written', recovery, cause);
    }
    // A process that was suspended past its claim must not wake up and send what others already gave up on.
    if (holds()) return undefined;
    return new HoldshortError(
      'conflict',
      'the executor lost its claim before it sent anything',
      'let the agent ask again',
    );
  }
  return {
    leave,
    async pass(signedAt: string | undefined): Promise<void> {
      if (leaving)
        throw new HoldshortError('internal', 'one intent was about to send two requests', 'report this as a defect');
      // Nobody could tell until when AWS takes it: people could never say that it didn't happen.
      if (signedAt === undefined)
        throw new HoldshortError('internal', 'a request has no date in its signature', 'report this as a defect');
      intent = { ...attempt, signed_at: signedAt };
      leaving = leave();
      const kept = await leaving;
      if (kept) throw kept;
    },
    reached: () => leaving !== undefined,
    begun: () => intent,
    /** @throws HoldshortError for what kept it from being begun */
    left: async () => await leaving,
  };
}

async function failureOf(work: () => Promise<void>): Promise<{ readonly error: unknown } | undefined> {
  try {
    await work();
    return undefined;
  } catch (error) {
    return { error };
  }
}
