import { resolve } from 'node:path';
import { HoldshortError } from '../../kernel/errors.ts';
import type { NoticeKind } from '../../kernel/notice.ts';
import { HeadBusy } from '../head/failures.ts';
import { acceptHead, compareHead, keeperOf, type Look, untilHeadFree, verifiedIn } from '../head/keeper.ts';
import type { Kept } from '../head/kept.ts';
import type { Anchor, HeadStore, SeenLog } from '../head/port.ts';
import type { AgentStore, ApproverStore, ExecutorStore, LogReading, NotifierStore, Store } from '../port.ts';
import type { Caller } from '../story/ending.ts';
import { prepareOpening } from '../story/opening.ts';
import { ticketOf } from '../story/row.ts';
import { courtesyOf, patient } from './busy.ts';
import { type Connection, connect } from './connection.ts';
import { storeFailure } from './failures.ts';
import { type Line, lineOf } from './line.ts';
import { append } from './operations/append.ts';
import { askedBefore, deletionOf } from './operations/asked-before.ts';
import { brokenGlass } from './operations/broken-glass.ts';
import { claim, progressed, release, renew, stands, take } from './operations/claims.ts';
import { deniedBefore } from './operations/denied-before.ts';
import { begin, beginStep, expire, finish, stop } from './operations/execution.ts';
import { newsOf } from './operations/grounds.ts';
import { ofOneMoment } from './operations/log-reader.ts';
import { namedKits } from './operations/named-kits.ts';
import { note } from './operations/note.ts';
import { newLook, noteLook } from './operations/note-look.ts';
import { giveUpNotice, noticeSent, overdueNotices, postponeNotice, takeNotices } from './operations/notices.ts';
import { openTicket, startPlanning } from './operations/open-ticket.ts';
import { readEntries, readHead } from './operations/read-log.ts';
import { due, findTicket, listTickets, overdue, restorationsOf, ticketStates } from './operations/read-tickets.ts';
import { readsBefore } from './operations/reads-before.ts';
import { recordDecision } from './operations/record-decision.ts';
import { recordRehearsal } from './operations/record-rehearsal.ts';
import { recordResolution } from './operations/record-resolution.ts';
import { readStatements, recordStatement } from './operations/record-statement.ts';
import {
  abandonResidue,
  announceResidue,
  leftResidues,
  releaseResidue,
  residueRemoved,
  takeResidue,
} from './operations/residues.ts';
import { unsettledAbout } from './operations/unsettled.ts';
import { refusePlanning, withdraw } from './operations/withdraw.ts';
import { watcherOf } from './watch.ts';

export interface SqliteOptions {
  readonly file: string;
  /** Milliseconds since 1970; the database engine's own by default. */
  readonly clock?: (() => number) | undefined;
  /** How long an operation waits for other processes. */
  readonly busyTimeoutMs?: number;
  /**
   * Where this installation keeps what it has seen of the log (`keys/head.db`). Without one nothing can be begun.
   */
  readonly head?: string;
  /** The first key that is pinned here now: what it doesn't lead to is read once, and not by each gate. */
  readonly rootKeyId?: () => string | undefined;
  /** Where that is kept once more, elsewhere. */
  readonly anchor?: Anchor;
  /** Who wants to be told of such a step of a ticket; nobody by default. */
  readonly recipients?: (kind: NoticeKind) => readonly string[];
}

/**
 * The default store: one file that several processes of one machine may use at once. Opening it costs nothing; the file
 * is made or read at the first operation. A failed opening is tried again by the next one.
 */
export function openSqliteStore({
  file,
  clock,
  busyTimeoutMs = 4000,
  recipients = () => [],
  head,
  anchor,
  rootKeyId,
}: SqliteOptions): Store {
  const courtesy = courtesyOf();
  const location = { file: resolve(file), clock, busyTimeoutMs, recipients, head, wrote: courtesy.wrote };
  let connecting: Promise<Connection> | undefined;
  let closed = false;

  const connection = (): Promise<Connection> => {
    if (closed) throw new HoldshortError('store_unavailable', 'the store is closed', 'open it again');
    connecting ??= connect(location).catch((error) => {
      connecting = undefined;
      throw error;
    });
    return connecting;
  };
  const performing =
    (perform: Line): Line =>
    async (operation) => {
      try {
        return await perform(operation);
      } catch (error) {
        throw storeFailure(error, location);
      }
    };
  const waiting = patient(busyTimeoutMs);
  const look = performing((operation) => waiting(async () => operation(await connection())));
  const read = <T>(operation: (connection: Connection) => T): Promise<T> =>
    look((opened) => opened.reading(() => operation(opened)));
  const inLine = performing(lineOf(connection, busyTimeoutMs, courtesy));
  let looked: Promise<void> | undefined;
  const write: Line = async (operation) => {
    // An anchor begins with an empty log, so before the first write.
    if (anchor) looked ??= keepUp().catch(() => undefined);
    await looked;
    return await inLine(operation);
  };
  /** Not in line: where it came after the writes of all that it keeps, their claims would lapse over it. */
  const renewing = look;
  const watcher = watcherOf(location.file, look);
  /** A write that watchers may wait for. */
  const change = async <T>(operation: (connection: Connection) => T): Promise<T> => {
    const result = await write(operation);
    watcher.notify();
    return result;
  };

  const keeper = keeperOf(head, anchor, rootKeyId);
  const lookAtLog: Look = (operation) => look((db) => operation(ofOneMoment(db)));
  const keepUp = async () => void (await keeper.upToDate(lookAtLog));
  /**
   * What people, or an agent, said is seen at once: nobody has the time to take it out again. What keeps us from seeing
   * it, the next look tells.
   */
  const witnessed = async <T>(operation: (connection: Connection) => T): Promise<T> => {
    const result = await change(operation);
    if (head !== undefined) await keepUp().catch(() => undefined);
    return result;
  };

  const shared = {
    watch: watcher.watch,
    now: () => read((db) => new Date(db.clock()).toISOString()),
    append: (event) => write((db) => append(db, event)),
    statements: () => read(readStatements),
  } satisfies Partial<AgentStore>;

  const forAgent = (caller: Caller): AgentStore => {
    return {
      ...shared,
      ticket: (id) => read((db) => findTicket(db, id, caller)),
      tickets: (query) => read((db) => listTickets(db, { ...query, asker: caller })),
      states: (limit) => read((db) => ticketStates(db, caller, limit)),
      asked: (call) => read((db) => askedBefore(db, caller, call)),
      unsettled: (call) => read((db) => unsettledAbout(db, call)),
      deletion: (of, askedUntil) => read((db) => deletionOf(db, of, askedUntil)),
      restorations: (of) => read((db) => restorationsOf(db, of)),
      deniedBefore: (asked) => read((db) => deniedBefore(db, asked)),
      news: () => read(newsOf),
      openTicket: async (opening) => {
        const prepared = prepareOpening(caller, opening);
        const { existing, ...rows } = await change((db) => openTicket(db, prepared));
        return { ticket: ticketOf(rows), existing };
      },
      startPlanning: (id, draft) => change((db) => startPlanning(db, caller, id, draft)),
      refusePlanning: (id, refusal) => change((db) => refusePlanning(db, caller, id, refusal)),
      withdraw: (id, reason) => witnessed((db) => withdraw(db, caller, id, reason)),
      announceResidue: (residue, event) => write((db) => announceResidue(db, caller.agent, residue, event)),
      abandonResidue: (ticket) => change((db) => abandonResidue(db, caller.agent, ticket)),
    };
  };

  const verified: SeenLog['verified'] = async (id) => await verifiedIn(keeper, lookAtLog, id);
  /** What kept it from being begun, a halt say, is kept at once, as what a gate finds is. */
  const begins = async (operation: (db: Connection, kept: Kept) => void) => {
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
    async noteLook(look) {
      // Most looks are known, and then nothing waits for the log.
      if (await read((db) => newLook(db, look, db.clock()))) await write((db) => noteLook(db, look));
    },
    readsBefore: (id, limit) => read((db) => readsBefore(db, id, limit)),
    recordDecision: (decision) => witnessed((db) => recordDecision(db, decision)),
    recordResolution: (resolution) => witnessed((db) => recordResolution(db, resolution)),
    recordRehearsal: (rehearsal) => change((db) => recordRehearsal(db, rehearsal)),
    recordStatement: (statement) => witnessed((db) => recordStatement(db, statement)),
  });

  const forExecutor = (executor: string): ExecutorStore => ({
    ...shared,
    ...readAll,
    keepUp,
    verified,
    async take(kind, taking, wanted = async () => true) {
      // Most of the time there is nothing to take, and then nobody waits for the lock.
      const [first] = taking.most > 0 ? await read((db) => due(db, kind, { ...taking, most: 1 })) : [];
      return first !== undefined && (await wanted(first)) ? await write((db) => take(db, kind, taking)) : [];
    },
    namedKits: (digests) => read((db) => namedKits(db, digests)),
    residues: (after) => read((db) => leftResidues(db, after)),
    overdue: (after) => read((db) => overdue(db, after)),
    unsettled: (call) => read((db) => unsettledAbout(db, call)),
    deletion: (of, askedUntil) => read((db) => deletionOf(db, of, askedUntil)),
    claim: (id, owner, leaseMs) => write((db) => claim(db, id, owner, leaseMs)),
    renew: (claims, leaseMs) => renewing((db) => renew(db, claims, leaseMs)),
    async release(held) {
      if (await read((db) => stands(db, held))) await write((db) => release(db, held));
    },
    begin: async (...begun) => await begins((db, kept) => begin(db, kept, ...begun)),
    beginStep: async (...begun) => await begins((db, kept) => beginStep(db, kept, ...begun)),
    finish: (held, to, result, refusal) => change((db) => finish(db, held, to, result, refusal)),
    note: (held, what) => change((db) => note(db, held, what)),
    progressed: (held, progress) => change((db) => progressed(db, held, progress)),
    stop: (held, to, refusal) => change((db) => stop(db, held, to, refusal)),
    expire: (id) => change((db) => expire(db, executor, id)),
    takeResidue: (residue, leaseMs) => write((db) => takeResidue(db, residue, executor, leaseMs)),
    releaseResidue: (residue) => write((db) => releaseResidue(db, residue, executor)),
    residueRemoved: (residue, event) => write((db) => residueRemoved(db, residue, executor, event)),
  });

  const forNotifier = (): NotifierStore => ({
    watch: shared.watch,
    now: shared.now,
    ticket: readAll.ticket,
    statements: shared.statements,
    // Most of the time there is nothing to take, and then nothing is written.
    takeNotices: (to, leaseMs) => write((db) => takeNotices(db, to, leaseMs)),
    noticeSent: (id) => write((db) => noticeSent(db, id)),
    postponeNotice: (id, ms) => write((db) => postponeNotice(db, id, ms)),
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
      closed = true;
      watcher.close();
      await keeper.close();
      const opened = await connecting?.catch(() => undefined);
      connecting = undefined;
      opened?.close();
    },
  };
}
