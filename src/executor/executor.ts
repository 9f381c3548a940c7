import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import { believed } from '../gate/believed.ts';
import { HoldshortError, type Refusal, refusalOf } from '../kernel/errors.ts';
import type { Claim, Due, StoredResidue } from '../store/port.ts';
import { type Attendance, LOOK_MS } from './attendance.ts';
import type { RecheckContext } from './context.ts';
import { execute, giveUp, settle } from './execute.ts';
import { EXPIRY, expiryOf } from './expiry.ts';
import { foreignOf } from './foreign.ts';
import { type Lanes, type Turn, turnOf } from './lanes.ts';
import { type Held, LEASE_MS, leasesOf } from './leases.ts';
import { FAILED_REST_MS, restAfter, restOf } from './pace.ts';
import { pagesOf } from './pages.ts';
import { postponedOf } from './postponed.ts';
import { isConflict } from './refusals.ts';
import { isIn, removeResidue } from './residues.ts';
import { type Slots, slotsOf } from './slots.ts';
import { unnamedKitsOf } from './unnamed-kits.ts';

/** A safety net under the store's change notices, and the clock by which tickets expire and claims lapse. */
const ROUND_MS = 1_000;
/** Who leaves what is due to others leaves all else to them, too, which they look at each round. */
const LEFT_ROUND_MS = 30_000;
/** Tickets at once whose request is being sent, with all that must hold before it. */
const SENDING = 16;
/** Tickets under way at once, most of them watched: AWS may take hours over each. */
const UNDER_WAY = 500;
/** Looks at once, in one account and region. */
const LOOKING = 8;
/** Tickets that are claimed in one transaction, at most. */
const AT_ONCE = 100;
const KITS = 'kits';

export interface ExecutorOptions extends RecheckContext {
  /** Names this process in the log and in claims. */
  readonly id: string;
  /** The only regions that it works in; none: all. */
  readonly regions: readonly string[];
  readonly log: Pick<Logger, 'info' | 'warn' | 'error'>;
  readonly lanes: Lanes;
}

export interface Executor {
  /** Works until `stop`; resolves when nothing is under way any more. */
  readonly done: Promise<void>;
  /**
   * Takes nothing new and ends waiting; what was sent is observed by the process that comes next, or by the next start.
   */
  stop(): Promise<void>;
}

/**
 * Works through what is due: approved tickets are executed, unsettled ones observed, overdue ones expired, leftovers
 * removed. Wakes when the store changes. Any number of executors may run on one store: the claim decides.
 */
export function startExecutor(options: ExecutorOptions): Executor {
  const { store, log, id: owner, regions, lanes } = options;
  const underWay = new Map<string, Promise<void>>();
  const postponed = postponedOf();
  const foreign = foreignOf();
  const waitingFor = new Map<string, string>();
  const removing = new Set<string>();
  const unnamedKits = unnamedKitsOf(options);
  const stopping = new AbortController();
  let wake = () => {};
  const sending = slotsOf(SENDING, () => wake());
  const tickets = slotsOf(UNDER_WAY);
  const looking = new Map<string, Slots>();
  const turn = turnOf(lanes);
  const expiry = expiryOf({ store, log, postponed, stopping: stopping.signal });
  const leases = leasesOf(store, (error) => log.warn({ err: error }, 'claims could not be renewed'));
  const watch = () => store.watch(() => wake());

  const pause = (ms: number) => sleep(ms, undefined, { signal: stopping.signal }).catch(() => undefined);
  let lookedAt = Number.NEGATIVE_INFINITY;

  async function work(): Promise<void> {
    let unwatch = watch();
    while (!stopping.signal.aborted) {
      const [rest, began] = [restOf(), performance.now()];
      wake = rest.end;
      const { least, left } = await round().catch((error) => {
        log.error({ err: error }, 'the executor can not read the store; it tries again');
        return { least: FAILED_REST_MS, left: undefined };
      });
      // What others do is no news to who leaves it to them.
      if (left !== undefined) unwatch();
      await rest.for(left ?? ROUND_MS);
      const still = least - (performance.now() - began);
      if (still > 0) await pause(still);
      if (left !== undefined) unwatch = watch();
    }
    unwatch();
    turn.over(false);
    await Promise.all(underWay.values());
    leases.close();
  }

  /**
   * Takes what is approved, and now and then looks at all else.
   * @returns how long after it began the next round may begin; for how long what is due was left to others
   */
  async function round(): Promise<{ readonly least: number; readonly left: number | undefined }> {
    const [room, asked] = [Math.min(sending.free, tickets.free), performance.now()];
    const begun = await takeAll('approved', room, (held) => attend(held, run), turn.mine);
    const left = turn.over(begun > 0 || sending.taken > 0);
    const least = restAfter(begun, room, performance.now() - asked);
    if (asked - lookedAt >= (left === undefined ? ROUND_MS : LEFT_ROUND_MS)) {
      lookedAt = asked;
      await lookAtAllElse();
    }
    return { least: left ?? least, left };
  }

  /** What comes of itself with time, and can wait for a moment: every step of every ticket would ask for it again. */
  async function lookAtAllElse(): Promise<void> {
    // Each ticket that this keeps from running says so itself.
    await store.keepUp().catch((error) => log.warn({ err: error }, 'the log could not be followed'));
    const kept = new Set<string>([EXPIRY, ...expiry.failed, ...underWay.keys()]);
    // Those that nobody watches leave room for what is approved.
    await takeAll('unsettled', tickets.free - SENDING, (held) => attend(held, lookAgain));
    for await (const page of pagesOf<StoredResidue>(store.residues)) {
      for (const residue of page.filter(isIn(regions))) {
        kept.add(keyOf(residue));
        start(keyOf(residue), () => remove(residue));
      }
    }
    // Another executor's claim keeps a ticket from being due for a moment: what is remembered of it outlives that.
    postponed.forgetAllBut(kept, LEASE_MS, waitingFor);
    start(EXPIRY, expiry.all);
    start(KITS, unnamedKits);
  }

  /** Claims as many of those that are due as there is room for, if they are to be taken now. Returns how many. */
  async function takeAll(
    kind: Due,
    room: number,
    task: (held: Held) => Promise<void>,
    mine?: Turn['mine'],
  ): Promise<number> {
    const asked = performance.now();
    const most = Math.min(room, AT_ONCE);
    const without = [...postponed.now(), ...underWay.keys()];
    const taking = { owner, leaseMs: LEASE_MS, most, without, foreign: foreign.now(), regions };
    const claims = most > 0 ? await store.take(kind, taking, mine) : [];
    for (const held of claims.map((claim) => leases.hold(claim, asked))) {
      if (!start(held.claim.ticket, () => task(held))) await held.letGo();
    }
    return claims.length;
  }

  /** One thing at a time per ticket, and not too often: is it started? */
  function start(key: string, task: () => Promise<void>): boolean {
    if (stopping.signal.aborted || underWay.has(key) || postponed.has(key)) return false;
    const running = task()
      .catch((error) => {
        postponed.add(key);
        if (!isConflict(error)) log.error({ err: error, ticket: key }, 'an execution step failed; it is tried again');
      })
      .finally(() => {
        underWay.delete(key);
        // What expired wakes by itself, as every change does; a round that ends with a look for more would never rest.
        if (key !== EXPIRY && key !== KITS) wake();
      });
    underWay.set(key, running);
    return true;
  }

  async function attend(held: Held, task: (attendance: Attendance) => Promise<void>): Promise<void> {
    const { claim } = held;
    const over = tickets.take();
    try {
      await task({
        claim,
        holds: held.holds,
        keptBy: held.keptBy,
        pause,
        stopping: stopping.signal,
        lookMs: LOOK_MS,
        slots: { sending, looking: lookingAt, watched: () => tickets.taken },
      });
    } catch (error) {
      // A failure that passes by itself can hold a ticket up between two of its requests too, or before a look at what
      // came of them.
      if (error instanceof HoldshortError) await say(claim, refusalOf(error)).catch(() => undefined);
      throw error;
    } finally {
      over();
      await held.letGo();
    }
  }

  function lookingAt(place: string): Slots {
    const slots = looking.get(place) ?? slotsOf(LOOKING);
    looking.set(place, slots);
    return slots;
  }

  async function run(attendance: Attendance): Promise<void> {
    const id = attendance.claim.ticket;
    await execute(attendance, options, async (refusal) => {
      // What it waits for ends by itself, mostly within seconds.
      if (refusal.code === 'unsettled') postponed.delete(id);
      postponed.add(id);
      await say(attendance.claim, refusal);
    });
  }

  /**
   * Writes into the ticket's story what it waits for: once per reason, also where several executors wait for different
   * reasons.
   */
  async function say(claim: Claim, refusal: Refusal): Promise<void> {
    if (refusal.code === 'other_account') foreign.add(believed(await store.ticket(claim.ticket)).plan.account);
    if (refusal.code === 'conflict' || waitingFor.get(claim.ticket) === refusal.message) return;
    await store.note(claim, { type: 'execution.waiting', refusal });
    waitingFor.set(claim.ticket, refusal.message);
    log.warn({ ticket: claim.ticket, ...refusal }, 'a ticket waits');
  }

  /** `executing` whose executor is gone, or `unknown`: what do AWS's records say now? */
  async function lookAgain(attendance: Attendance): Promise<void> {
    const stored = await store.ticket(attendance.claim.ticket);
    if (stored.state === 'unknown') postponed.add(stored.id);
    try {
      const ticket = believed(stored);
      if (!ticket.intent) throw new HoldshortError('tampered', 'its intent is missing', 'look at AWS');
      const known = options.toolOf(ticket.plan.tool);
      if (!known) throw new HoldshortError('tampered', `there is no tool ${ticket.plan.tool}`, 'look at AWS');
      await settle(attendance, options, { ...ticket, intent: ticket.intent }, known.tool);
    } catch (error) {
      if (!(error instanceof HoldshortError) || error.code !== 'tampered' || stored.state !== 'executing') throw error;
      await giveUp(attendance, options, error);
    }
  }

  async function remove(residue: StoredResidue): Promise<void> {
    const key = keyOf(residue);
    try {
      if (!(await removeResidue(residue, owner, options, removing))) postponed.add(key);
    } catch (error) {
      if (!isConflict(error) && !postponed.knows(key)) {
        const { ticket, tool, residue: detail } = residue;
        await store.append({
          type: 'aws.removal_failed',
          actor: `executor:${owner}`,
          outcome: 'failed',
          ticket,
          tool,
          detail,
        });
      }
      throw error;
    }
  }

  const done = work();
  return {
    done,
    async stop() {
      stopping.abort();
      wake();
      await done;
    },
  };
}

function keyOf({ ticket }: StoredResidue): string {
  return `residue ${ticket}`;
}
