import { resolve } from 'node:path';
import { HoldshortError } from '../../kernel/errors.ts';
import type { AgentStore, ApproverStore, AuditStore, ExecutorStore, Store } from '../port.ts';
import { type Connection, connect } from './connection.ts';
import { storeFailure } from './failures.ts';
import { append } from './operations/append.ts';
import { claim, release, renew } from './operations/claims.ts';
import { begin, expire, finish, stop } from './operations/execution.ts';
import { openTicket, startPlanning } from './operations/open-ticket.ts';
import { readEntries, readHead, readTicketRows } from './operations/read-log.ts';
import { dueWork, findTicket, listTickets, ticketStates } from './operations/read-tickets.ts';
import { recordDecision } from './operations/record-decision.ts';
import { readStatements, recordStatement } from './operations/record-statement.ts';
import { abandonResidue, announceResidue, residueRemoved } from './operations/residues.ts';
import { refusePlanning, withdraw } from './operations/withdraw.ts';
import { watcherOf } from './watch.ts';

export interface SqliteOptions {
  readonly file: string;
  /** Milliseconds since 1970. */
  readonly clock?: () => number;
  /** How long an operation waits for other processes; the whole process waits with it. */
  readonly busyTimeoutMs?: number;
}

/**
 * The default store: one file that several processes of one machine may use at once. Opening it costs nothing; the file is made or
 * read at the first operation. A failed opening is tried again by the next one.
 */
export function openSqliteStore({ file, clock = Date.now, busyTimeoutMs = 4000 }: SqliteOptions): Store {
  const location = { file: resolve(file), clock, busyTimeoutMs };
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
  const perform = async <T>(operation: (connection: Connection) => T): Promise<T> => {
    try {
      return operation(await connection());
    } catch (error) {
      throw storeFailure(error, location);
    }
  };
  const read = <T>(operation: (connection: Connection) => T): Promise<T> =>
    perform((opened) => opened.reading(() => operation(opened)));
  const watcher = watcherOf(location.file, perform);
  const write = async <T>(operation: (connection: Connection) => T): Promise<T> => {
    const result = await perform(operation);
    watcher.notify();
    return result;
  };

  const shared = {
    watch: watcher.watch,
    now: () => new Date(clock()).toISOString(),
    append: (event) => write((db) => append(db, event)),
    statements: () => read(readStatements),
  } satisfies Partial<AgentStore>;

  const forAgent = (agent: string, session: string): AgentStore => {
    const caller = { agent, session };
    return {
      ...shared,
      ticket: (id) => read((db) => findTicket(db, id, agent)),
      tickets: (query) => read((db) => listTickets(db, { ...query, agent })),
      states: (limit) => read((db) => ticketStates(db, agent, limit)),
      openTicket: (opening) => write((db) => openTicket(db, caller, opening)),
      startPlanning: (id, draft) => write((db) => startPlanning(db, caller, id, draft)),
      refusePlanning: (id, refusal) => write((db) => refusePlanning(db, caller, id, refusal)),
      withdraw: (id, reason) => write((db) => withdraw(db, caller, id, reason)),
      announceResidue: (residue, event) => write((db) => announceResidue(db, agent, residue, event)),
      abandonResidue: (ticket) => write((db) => abandonResidue(db, agent, ticket)),
    };
  };

  const readAll = {
    ticket: (id: string) => read((db) => findTicket(db, id)),
    tickets: (query) => read((db) => listTickets(db, query)),
  } satisfies Partial<ApproverStore>;

  const forApprover = (): ApproverStore => ({
    ...shared,
    ...readAll,
    recordDecision: (decision) => write((db) => recordDecision(db, decision)),
    recordStatement: (statement) => write((db) => recordStatement(db, statement)),
  });

  const forExecutor = (executor: string): ExecutorStore => ({
    ...shared,
    ...readAll,
    due: () => read(dueWork),
    claim: (id, owner, leaseMs) => perform((db) => claim(db, id, owner, leaseMs)),
    renew: (held, leaseMs) => perform((db) => renew(db, held, leaseMs)),
    release: (held) => perform((db) => release(db, held)),
    begin: (held, intent, detail) => write((db) => begin(db, held, intent, detail)),
    finish: (held, to, result, refusal) => write((db) => finish(db, held, to, result, refusal)),
    stop: (held, to, refusal) => write((db) => stop(db, held, to, refusal)),
    expire: (id) => write((db) => expire(db, executor, id)),
    residueRemoved: (residue, event) => write((db) => residueRemoved(db, residue, event)),
  });

  const forAudit = (): AuditStore => ({
    entries: (from, limit) => read((db) => readEntries(db, from, limit)),
    head: () => read(readHead),
    ticketRows: () => read(readTicketRows),
  });

  return {
    forAgent,
    forApprover,
    forExecutor,
    forAudit,
    async close() {
      closed = true;
      watcher.close();
      const opened = await connecting?.catch(() => undefined);
      connecting = undefined;
      opened?.close();
    },
  };
}
