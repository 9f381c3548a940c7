import { setTimeout as pause } from 'node:timers/promises';
import type { ClientConfig } from 'pg';
import { HoldshortError } from '../../kernel/errors.ts';
import type { AnchorFolder } from '../anchor/anchor.ts';
import { HeadBusy } from '../head/failures.ts';
import { acceptHead, compareHead, keeperOf, untilHeadFree, verifiedIn } from '../head/keeper.ts';
import type { Kept } from '../head/kept.ts';
import type { HeadStore, SeenLog } from '../head/port.ts';
import type { AgentStore, ApproverStore, ExecutorStore, LogReading, NotifierStore, Store } from '../port.ts';
import { onlyStops as decisionOnlyStops } from '../story/deciding.ts';
import type { Caller } from '../story/ending.ts';
import { prepareOpening } from '../story/opening.ts';
import { ticketOf } from '../story/row.ts';
import { kindOf, onlyStops } from '../story/stating.ts';
import { type Connections, connectionsTo } from './connections.ts';
import { isContention, isLost, storeFailure } from './failures.ts';
import { inOrder } from './in-order.ts';
import { looksBy, readEntries, readHead } from './log-reader.ts';
import { appendingOf } from './operations/append.ts';
import {
  brokenGlass,
  newLook,
  noteLook,
  readStatements,
  readsBefore,
  recordDecision,
  recordRehearsal,
  recordResolution,
  recordStatement,
} from './operations/approving.ts';
import { claim, progressed, release, renew, stands, take } from './operations/claims.ts';
import { expire, finish, refusePlanning, stop, withdraw } from './operations/ending.ts';
import { begin, beginStep, note } from './operations/executing.ts';
import { aboutOthers, askedBefore, deniedBefore, newsOf } from './operations/grounds.ts';
import {
  giveUpNotice,
  isAnyNoticeDue,
  noticeSent,
  overdueNotices,
  postponeNotice,
  takeNotices,
} from './operations/notices.ts';
import { openingOf, startPlanning } from './operations/open-ticket.ts';
import {
  findTicket,
  firstDue,
  listTickets,
  namedKits,
  overdue,
  restorationsOf,
  ticketStates,
} from './operations/read-tickets.ts';
import {
  abandonResidue,
  announceResidue,
  leftResidues,
  releaseResidue,
  residueRemoved,
  takeResidue,
} from './operations/residues.ts';
import type { Reader } from './reader.ts';
import { watcherOf } from './watch.ts';
import { type Manner, type Operation, writerOf } from './writer.ts';
import type { Recipients, Writing } from './writing.ts';

export interface PostgresOptions {
  /** What `connectionTo` makes of an address. */
  readonly to: ClientConfig;
  /** How long an operation waits for other writers, or for a database that is just away. */
  readonly patienceMs?: number;
  /** How many operations share a transaction at most. */
  readonly together?: number;
  /** Where this installation keeps what it has seen of the log (`keys/head.db`). Without one nothing can be begun. */
  readonly head?: string;
  /** The first key that is pinned here now: what it doesn't lead to is read once, and not by each gate. */
  readonly rootKeyId?: () => string | undefined;
  /** Where several hosts keep that together. */
  readonly anchor?: AnchorFolder;
  /** Who wants to be told of such a step of a ticket; nobody by default. */
  readonly recipients?: Recipients;
}

const SHORTEST_PAUSE_MS = 20;
const LONGEST_PAUSE_MS = 1_000;

/**
 * The store of many hosts: a schema in a PostgreSQL database that `migrate` made. Opening it costs nothing; it is
 * connected to at the first operation. The time is the database's, whatever a host's clock says.
 */
export function openPostgresStore(options: PostgresOptions): Store {
  const { to, patienceMs = 10_000, together, recipients = () => [], head, anchor, rootKeyId } = options;
  let connecting: Promise<Connections> | undefined;
  let closed = false;
  const connections = async (): Promise<Connections> => {
    if (closed) throw new HoldshortError('store_unavailable', 'the store is closed', 'open it again');
    connecting ??= connectionsTo(to, patienceMs, anchor?.id());
    return await connecting;
  };

  /** Asked again where the connection broke before anything was written, and where two met at the same rows. */
  const again = async <T>(attempt: (open: Connections) => Promise<T>): Promise<T> => {
    const until = performance.now() + patienceMs;
    for (let longest = SHORTEST_PAUSE_MS; ; longest = Math.min(2 * longest, LONGEST_PAUSE_MS)) {
      try {
        return await attempt(await connections());
      } catch (error) {
        const rest = (0.5 + Math.random() / 2) * longest;
        if (!(isLost(error) || isContention(error)) || performance.now() + rest > until) throw storeFailure(error);
        await pause(rest);
      }
    }
  };
  const look: Connections['reading'] = (work) => again((open) => open.reading(work));
  const read = <T>(operation: (db: Reader) => Promise<T>): Promise<T> => look(operation);
  const keeper = keeperOf(head, anchor, rootKeyId);
  const lookAtLog = looksBy(look);
  const keepUp = async () => void (await keeper.upToDate(lookAtLog));
  const writer = writerOf(connections, recipients, { patienceMs, ...(together !== undefined && { together }) });
  /** Who was there when the log was empty has seen all of it, and has to look before it writes. */
  let looked: Promise<void> | undefined;
  const write = async <T>(operation: Operation<T>, manner?: Manner<T>): Promise<T> => {
    looked ??= head === undefined ? Promise.resolve() : keepUp().catch(() => undefined);
    await looked;
    return await writer.write(operation, manner);
  };
  const watcher = watcherOf(connections, () => read(newsOf));
  /** A write that watchers may wait for. */
  const change = async <T>(operation: Operation<T>, manner?: Manner<T>): Promise<T> => {
    const result = await write(operation, manner);
    watcher.notify();
    return result;
  };
  const stops = { purpose: 'stops' } as const;
  /** In no log. */
  const claiming = <T>(operation: (db: Reader) => Promise<T>): Promise<T> => again((open) => open.writing(operation));
  const line = inOrder();
  const claimInTurn = <T>(operation: (db: Reader) => Promise<T>): Promise<T> => line(() => claiming(operation));

  /** What anyone said is seen at once: nobody has time to take it out again. What hinders it, the next look tells. */
  const witnessed = async <T>(operation: Operation<T>, manner?: Manner<T>): Promise<T> => {
    const result = await change(operation, manner);
    if (head !== undefined) await keepUp().catch(() => undefined);
    return result;
  };

  const shared = {
    watch: watcher.watch,
    now: () => read(async ({ now }) => new Date(now).toISOString()),
    append: async (event) => await write(...appendingOf(event)),
    statements: async () => readStatements(read, await keeper.voids(lookAtLog)),
  } satisfies Partial<AgentStore>;

  const others = aboutOthers(read);
  const forAgent = (caller: Caller): AgentStore => {
    return {
      ...shared,
      ticket: (id) => read((db) => findTicket(db, id, caller)),
      tickets: (query) => read((db) => listTickets(db, { ...query, asker: caller })),
      states: (limit) => read((db) => ticketStates(db, caller, limit)),
      asked: (call) => read((db) => askedBefore(db, caller, call)),
      ...others,
      restorations: (of) => read((db) => restorationsOf(db, of)),
      deniedBefore: (asked) => read((db) => deniedBefore(db, asked)),
      news: () => read(newsOf),
      openTicket: async (opening) => {
        const prepared = prepareOpening(caller, opening);
        const { operation, ...manner } = openingOf(prepared);
        const { existing, ...rows } = await change(operation, manner);
        return { ticket: ticketOf(rows), existing };
      },
      startPlanning: (id, draft) => change((db) => startPlanning(db, caller, id, draft)),
      refusePlanning: (id, refusal) => change((db) => refusePlanning(db, caller, id, refusal), stops),
      withdraw: (id, reason) => witnessed((db) => withdraw(db, caller, id, reason), stops),
      announceResidue: (residue, event) => write((db) => announceResidue(db, caller.agent, residue, event)),
      abandonResidue: (ticket) => change((db) => abandonResidue(db, caller.agent, ticket), stops),
    };
  };

  const verified: SeenLog['verified'] = async (id) => await verifiedIn(keeper, lookAtLog, id);
  /** What kept it from being begun, a halt say, is kept at once, as what a gate finds is. */
  const begins = async (operation: (db: Writing, kept: Kept) => Promise<void>) => {
    const kept = await keeper.kept(lookAtLog);
    try {
      await untilHeadFree(() => change((db) => operation(db, kept)));
    } catch (error) {
      if (!(error instanceof HeadBusy)) await keepUp().catch(() => undefined);
      throw error;
    }
  };

  const readAll = {
    ticket: (id: string) => read((db) => findTicket(db, id)),
    tickets: (query) => read((db) => listTickets(db, query)),
  } satisfies Partial<ApproverStore>;

  const forApprover = (): ApproverStore => ({
    ...shared,
    ...readAll,
    keepUp,
    verified,
    brokenGlass: (limit) => read((db) => brokenGlass(db, limit)),
    async noteLook(seen) {
      // Most looks are known, and then nothing waits for the log.
      if (await read((db) => newLook(db, seen))) await write((db) => noteLook(db, seen));
    },
    readsBefore: (id, limit) => read((db) => readsBefore(db, id, limit)),
    recordDecision: (decision) =>
      witnessed((db) => recordDecision(db, decision), decisionOnlyStops(decision) ? stops : {}),
    recordResolution: (resolution) => witnessed((db) => recordResolution(db, resolution)),
    recordRehearsal: (rehearsal) => change((db) => recordRehearsal(db, rehearsal)),
    recordStatement: async (statement) =>
      witnessed((db) => recordStatement(db, statement), onlyStops(kindOf(statement)) ? stops : {}),
  });

  const forExecutor = (executor: string): ExecutorStore => ({
    ...shared,
    ...readAll,
    keepUp,
    verified,
    take: (kind, taking, wanted = async () => true) =>
      claimInTurn(async (db) => {
        // Most of the time there is nothing to take, and then nothing is locked.
        const first = taking.most > 0 ? await firstDue(db, kind, taking) : undefined;
        return first !== undefined && (await wanted(first)) ? await take(db, kind, taking) : [];
      }),
    namedKits: (digests) => read((db) => namedKits(db, digests)),
    residues: (after) => read((db) => leftResidues(db, after)),
    overdue: (after) => read((db) => overdue(db, after)),
    ...others,
    claim: (id, owner, leaseMs) => claimInTurn((db) => claim(db, id, owner, leaseMs)),
    // Each by itself: where they came after what others wait for, claims would lapse over it.
    renew: async (claims, leaseMs) => {
      const kept = await Promise.all(claims.map((held) => claiming((db) => renew(db, held, leaseMs))));
      return claims.filter((_, index) => kept[index]);
    },
    async release(held) {
      if (await read((db) => stands(db, held))) await claimInTurn((db) => release(db, held));
    },
    begin: async (...begun) => await begins((db, kept) => begin(db, kept, ...begun)),
    beginStep: async (...begun) => await begins((db, kept) => beginStep(db, kept, ...begun)),
    finish: (held, to, result, refusal) => change((db) => finish(db, held, to, result, refusal), stops),
    note: (held, what) => change((db) => note(db, held, what)),
    progressed: async (held, progress) => {
      await claiming((db) => progressed(db, held, progress));
      watcher.notify();
    },
    stop: (held, to, refusal) => change((db) => stop(db, held, to, refusal), stops),
    expire: (id) => change((db) => expire(db, executor, id)),
    takeResidue: (residue, leaseMs) => claimInTurn((db) => takeResidue(db, residue, executor, leaseMs)),
    releaseResidue: (residue) => claimInTurn((db) => releaseResidue(db, residue, executor)),
    residueRemoved: (residue, event) => write((db) => residueRemoved(db, residue, executor, event)),
  });

  const forNotifier = (): NotifierStore => ({
    watch: shared.watch,
    now: shared.now,
    ticket: readAll.ticket,
    statements: shared.statements,
    takeNotices: async (recipientIds, leaseMs) =>
      (await read((db) => isAnyNoticeDue(db, recipientIds)))
        ? await claimInTurn((db) => takeNotices(db, recipientIds, leaseMs))
        : [],
    noticeSent: (id) => claimInTurn((db) => noticeSent(db, id)),
    postponeNotice: (id, ms) => claimInTurn((db) => postponeNotice(db, id, ms)),
    overdueNotices: () => read(overdueNotices),
    giveUpNotice: (id, event) => write((db) => giveUpNotice(db, id, event)),
  });

  const forAudit = (): LogReading => ({
    entries: (from, limit) => read((db) => readEntries(db, from, limit)),
    head: () => read(readHead),
  });

  const forHead = (): HeadStore => ({
    keepUp,
    compare: async () => await compareHead(keeper, lookAtLog),
    accept: async (accepted) => await acceptHead(keeper, lookAtLog, accepted),
  });

  return {
    forAgent,
    forApprover,
    forExecutor,
    forNotifier,
    forAudit,
    forHead,
    async close() {
      watcher.close();
      await line(async () => {});
      closed = true;
      await keeper.close();
      const opened = await connecting?.catch(() => undefined);
      connecting = undefined;
      await opened?.close();
    },
  };
}
