import type { AuditEvent } from '../audit/entry.ts';
import type { LogReading } from '../audit/log.ts';
import type { StoredTicket } from '../audit/stored-ticket.ts';
import type { Intent } from '../audit/ticket-log.ts';
import type { Deletion, Recreatable } from '../kernel/circumstances.ts';
import type { Json } from '../kernel/digest.ts';
import type { Asker, TicketDraft } from '../kernel/draft.ts';
import type { Refusal } from '../kernel/errors.ts';
import type { Progress } from '../kernel/progress.ts';
import type { Asked } from '../kernel/quotas.ts';
import type { Subject } from '../kernel/same-subject.ts';
import type { Recorded, Signed, SignedDecision } from '../kernel/statement.ts';
import type { TicketId, TicketState } from '../kernel/ticket.ts';
import type { Unsettled } from '../kernel/unsettled.ts';
import type { CallFor, Denial } from './denial.ts';
import type { HeadStore, SeenLog } from './head/port.ts';
import type { Look, PriorRead, Rehearsing } from './looking.ts';
import type { StoredNotice } from './notice.ts';
import type { Opening } from './opening.ts';
import type { StoredResidue } from './residue.ts';
import type { TicketPage, TicketQuery } from './ticket-page.ts';

/*
 * What the rest of the installation may do with the store. Every operation is whole: one transaction, or a part of one
 * that is undone by itself, with its audit entries, conditional on the state before; durable when it resolves. Losing a
 * race is a `HoldshortError` with code `conflict`, never an overwrite. A store that can't be read or written (locked
 * past its timeout, full, read-only, damaged) is `store_unavailable`; a clock behind the newest entry is
 * `clock_went_back`, except for what only stops something (halt, revoke, deny, withdraw, stop, finish). In both cases
 * nothing was changed. Times are ISO 8601 UTC, unless given from the store's one clock, not from a process's own.
 */

export type { LogReading } from '../audit/log.ts';
export type { StoredTicket } from '../audit/stored-ticket.ts';
export type { Intent } from '../audit/ticket-log.ts';
export type { CallFor, Denial } from './denial.ts';
export type { Look, PriorRead } from './looking.ts';
export type { StoredNotice } from './notice.ts';
export type { Grounds, Opening } from './opening.ts';
export type { StoredResidue } from './residue.ts';
export type { TicketPage, TicketQuery } from './ticket-page.ts';

interface Watching {
  /**
   * Calls back after another process, or this one, changed a ticket, added a statement or gave up a residue; possibly
   * too often, never too seldom. Log entries about anything else wake nobody. Returns the way to stop.
   */
  watch(changed: () => void): () => void;
  now(): Promise<string>;
  append(event: AuditEvent): Promise<{ readonly seq: number }>;
}

interface TicketReading {
  /**
   * By id or unique prefix of at least 6 characters, with or without `tkt_`.
   * @throws not_found
   * @throws usage when too short, or ambiguous
   */
  ticket(idOrPrefix: string): Promise<StoredTicket>;
  tickets(query: TicketQuery): Promise<TicketPage>;
  /** Signed enrolments, memberships, revocations, halts and resumes, in log order. */
  statements(): Promise<readonly Recorded[]>;
}

/**
 * The agent's server: opens, reads and withdraws what its agent asked for its operator. It can't decide or run a
 * ticket.
 */
export interface AgentStore extends Watching, TicketReading {
  /** The tickets, of whatever agent, that are about the same as this call and aren't settled; oldest first. */
  unsettled(call: Subject): Promise<readonly Unsettled[]>;
  /** Grows with every step of any ticket: while it is the same, nothing that calls are weighed against got worse. */
  news(): Promise<number>;
  /**
   * Opens a ticket, or moves the one that was `planning` on.
   * @throws MovedOn where its grounds aren't so any more: weigh the call again
   */
  openTicket(opening: Opening): Promise<{ readonly ticket: StoredTicket; readonly existing: boolean }>;
  /** The newest of its tickets with their states, at most `limit`: cheap enough to ask after every change. */
  states(limit: number): Promise<readonly { readonly id: TicketId; readonly state: TicketState }[]>;
  /**
   * What this agent asked before for its operator: its destructive tickets of the last hour outside the sandbox
   * environment, and its tickets that wait. Neither what policy refused counts, nor the pending ticket of the same
   * call, which the call would only get again.
   */
  asked(call: string): Promise<Asked>;
  /**
   * The ticket of whatever agent that deletes this: one that waits or may be under way, otherwise the newest that
   * did it within `RECREATION_MS`. Undefined when there is none.
   * @param askedUntil only those that were asked for until then; absent: all
   */
  deletion(of: Recreatable, askedUntil?: string): Promise<Deletion | undefined>;
  /** Tickets that bring back what this one changed; 500: those that did or may have, then others, newest first. */
  restorations(of: TicketId): Promise<readonly StoredTicket[]>;
  /** The newest denial of the same by a person within the last hour, whichever agent had asked. */
  deniedBefore(asked: CallFor): Promise<Denial | undefined>;
  startPlanning(id: TicketId, draft: TicketDraft): Promise<StoredTicket>;
  /** `planning` → `refused`. */
  refusePlanning(id: TicketId, refusal: Refusal): Promise<void>;
  withdraw(id: TicketId, reason: string): Promise<StoredTicket>;
  /** Records, with its `aws.requested` entry, what planning is about to make in AWS. */
  announceResidue(residue: Omit<StoredResidue, 'announced_at'>, event: AuditEvent): Promise<void>;
  /** No ticket came to be: what planning left may be removed. One that is there tells by its state. */
  abandonResidue(ticket: string): Promise<void>;
}

/** The companion: reads all tickets, records signed statements. It can't open or run one. */
export interface ApproverStore extends Watching, SeenLog, TicketReading {
  /**
   * What the session that opened this ticket had read before, newest first, at most `limit`.
   * @throws not_found
   * @throws tampered where the log's entry about such a read was altered
   */
  readsBefore(ticket: TicketId, limit: number): Promise<readonly PriorRead[]>;
  /**
   * Notes that a ticket was opened for review, where it can still be decided and the log doesn't say so already
   * (`review.opened`).
   */
  noteLook(look: Look): Promise<void>;
  /**
   * Tickets with a decision that claims to break the glass, newest first, at most `limit`. Whether it did, only the
   * signature says.
   */
  brokenGlass(limit: number): Promise<readonly TicketId[]>;
  /**
   * Adds a decision to a ticket, and moves the ticket when `to` is given. An `executing` one takes a denial, or an
   * approval taken back, as long as it has steps left, and stays as it is: the gate before the next one finds it.
   * @param expected what the decision was weighed against; anything else by now is a `conflict`
   */
  recordDecision(decision: {
    readonly ticket: TicketId;
    readonly expected: { readonly state: TicketState; readonly decisions: number };
    readonly signed: SignedDecision;
    readonly to?: 'approved' | 'denied' | undefined;
    readonly actor: string;
    readonly refusal?: Refusal;
    readonly detail: { readonly [key: string]: Json | undefined };
  }): Promise<StoredTicket>;
  /**
   * Moves an `unknown` ticket to `resolved` by what a person signed about it, where what is known of its outcome is
   * still what they signed about.
   */
  recordResolution(resolution: {
    readonly ticket: TicketId;
    readonly signed: Signed;
    readonly actor: string;
  }): Promise<StoredTicket>;
  /** Adds what came of a rehearsal to a ticket that can still be decided or run; nothing follows from it. */
  recordRehearsal(rehearsing: Rehearsing): Promise<StoredTicket>;
  /**
   * Adds an enrolment, membership, revocation, halt or resume; `expected` is the number of statements that it was
   * weighed against.
   */
  recordStatement(statement: {
    readonly signed: Signed;
    readonly expected: number;
    readonly event: AuditEvent;
  }): Promise<void>;
}

/** What nobody living has claimed: `approved`, to be run; `executing` or `unknown`, to be observed. */
export type Due = 'approved' | 'unsettled';

/** How an executor takes what is due: for how long each, and as many as it has room for. */
export interface Taking extends Pick<Claim, 'owner'> {
  readonly leaseMs: number;
  readonly most: number;
  /** What it leaves alone for now. */
  readonly without: readonly string[];
  /** Accounts that it can't speak for: their tickets are left to others. */
  readonly foreign: readonly string[];
  /** The only regions whose tickets it takes; none: those of all. */
  readonly regions: readonly string[];
}

export interface Claim {
  readonly ticket: TicketId;
  readonly owner: string;
  /** Grows with each claim; a write with an older one is a `conflict` (fencing). */
  readonly epoch: number;
}

/**
 * Why an `approved` ticket doesn't run now or an `executing` one doesn't go on, and that it does again; what a look at
 * AWS shows of an `unknown` one, without settling it.
 */
export type Note =
  | { readonly type: 'execution.waiting'; readonly refusal: Refusal }
  | { readonly type: 'execution.resumed' }
  | { readonly type: 'execution.observed'; readonly result: Json };

/** The executor: claims, begins and finishes. It can't open or decide a ticket. */
export interface ExecutorStore extends Watching, SeenLog, TicketReading, Pick<AgentStore, 'unsettled' | 'deletion'> {
  /**
   * Claims what is due: what was claimed least often first, then the oldest.
   * @param wanted asked once something is due, with what comes first; where it says no, nothing is claimed
   */
  take(kind: Due, taking: Taking, wanted?: (first: TicketId) => Promise<boolean>): Promise<readonly Claim[]>;
  /**
   * Left by tickets that ended without running or failed, or by planning that never ended: the first 100 of those whose
   * ticket's id comes after that of `after`. What else the last one's ticket left comes once that is removed.
   */
  residues(after?: StoredResidue): Promise<readonly StoredResidue[]>;
  /** `planning`, `pending` or `approved` past their expiry: the oldest 100 of those that were opened after `after`. */
  overdue(after?: TicketId): Promise<readonly TicketId[]>;
  /**
   * Takes an `approved`, `executing` or `unknown` ticket for `leaseMs`, unless someone living has it: then undefined.
   */
  claim(id: TicketId, owner: string, leaseMs: number): Promise<Claim | undefined>;
  /** Keeps claims for `leaseMs` more; returns those that weren't lost. */
  renew(claims: readonly Claim[], leaseMs: number): Promise<readonly Claim[]>;
  release(claim: Claim): Promise<void>;
  /**
   * `approved` → `executing` with the durable intent; from here on nothing sends this ticket's effect but the holder of
   * this claim, which is kept for `leaseMs` from then on, however long the write waited for its turn.
   * @param weighed how many decisions of the ticket and how many statements clearance was given on: where there are
   *   others by now (a halt, a revocation, a withdrawn approval) it is a `conflict`. So it is where an unsettled
   *   ticket, or a deletion that it makes up for, isn't in the plan; and where one is unsettled, and `approvals`, of
   *   how many people clearance counted one, is none: what a plan says of itself may be an attacker's
   */
  begin(
    claim: Claim,
    intent: Intent,
    weighed: { readonly decisions: number; readonly statements: number; readonly approvals?: number },
    detail: { readonly [key: string]: Json | undefined },
    leaseMs: number,
  ): Promise<void>;
  /**
   * The durable intent of the next step of an `executing` ticket, which is to come right after the last one that was
   * begun. Conditional as `begin` is, so that of a halt, a revocation or a denial and this step the one that is written
   * first wins.
   */
  beginStep(
    claim: Claim,
    intent: Intent & { readonly step: number },
    weighed: Parameters<ExecutorStore['begin']>[2],
    detail: Parameters<ExecutorStore['begin']>[3],
    leaseMs: number,
  ): Promise<void>;
  /** `executing` or `unknown` → outcome. Without a claim: the sender itself, late, with proof. */
  finish(
    claim: Claim,
    to: 'succeeded' | 'failed' | 'unknown',
    result: Json,
    refusal: Refusal | undefined,
  ): Promise<void>;
  /**
   * Adds to a ticket what an executor found, where the last that it found was another; the ticket stays in its state.
   */
  note(claim: Claim, note: Note): Promise<void>;
  /**
   * What AWS says of a ticket that is under way, for people and agents to see how far it is. In no log, as claims are:
   * nothing rests on it. Of a ticket that isn't this claim's any more nothing is written.
   */
  progressed(claim: Claim, progress: Progress): Promise<void>;
  /** `approved` → `stale` or `denied`: the recheck failed. */
  stop(claim: Claim, to: 'stale' | 'denied', refusal: Refusal): Promise<void>;
  /** → `expired`, if its hashed expiry is over. */
  expire(id: TicketId): Promise<void>;
  /**
   * Takes what was left for `leaseMs`, so that no other executor removes it at the same time; false where one that may
   * be alive has it, or there is nothing left.
   */
  takeResidue(residue: StoredResidue, leaseMs: number): Promise<boolean>;
  releaseResidue(residue: StoredResidue): Promise<void>;
  /** Which of these recovery kits, by their digests (at most 500), does an entry of the log name? */
  namedKits(digests: readonly string[]): Promise<readonly string[]>;
  /** By the executor that took it. */
  residueRemoved(residue: StoredResidue, event: AuditEvent): Promise<void>;
}

/**
 * The notifier: empties the outbox that each step of a ticket, and each signed statement, writes into. It reads them,
 * and moves nothing.
 */
export interface NotifierStore
  extends Pick<Watching, 'watch' | 'now'>,
    Pick<TicketReading, 'ticket'>,
    Pick<ApproverStore, 'statements'> {
  /** Takes the oldest notice of each of these recipients for `leaseMs`, where it is due and nobody living has it. */
  takeNotices(recipients: readonly string[], leaseMs: number): Promise<readonly StoredNotice[]>;
  noticeSent(id: string): Promise<void>;
  /** It couldn't be sent: it is due again in `ms`. */
  postponeNotice(id: string, ms: number): Promise<void>;
  /** What couldn't be sent for a day, at most 100. */
  overdueNotices(): Promise<readonly StoredNotice[]>;
  giveUpNotice(id: string, event: AuditEvent): Promise<void>;
}

export interface Store {
  forAgent(caller: Asker & { readonly session: string }): AgentStore;
  forApprover(): ApproverStore;
  forExecutor(executor: string): ExecutorStore;
  forNotifier(): NotifierStore;
  forAudit(): LogReading;
  forHead(): HeadStore;
  close(): Promise<void>;
}
