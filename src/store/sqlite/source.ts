import type { StoredEntry } from '../../audit/log.ts';
import type { Recorded } from '../../kernel/statement.ts';
import type { Look } from '../head/keeper.ts';
import type { Moved, MovedNotice, MovedResidue, MovedTicket, MovedTree } from '../moving.ts';
import { patient } from './busy.ts';
import { connect } from './connection.ts';
import { storeFailure, unavailable } from './failures.ts';
import { SEAL, type Seal } from './moved.ts';
import { ofOneMoment } from './operations/log-reader.ts';
import { readStatements } from './operations/record-statement.ts';

const BUSY_MS = 4000;
/** Rows of a page, and how much of them; a plan is longer than that at times, and then alone in its page. */
const ROWS = 500;
const PAGE_BYTES = 4 * 1024 * 1024;

const TREE = `SELECT log_id, size, frontier, statements, news,
  coalesce((SELECT text ->> '$.at' FROM entry WHERE seq = size), '') AS at FROM tree`;
const ENTRIES = 'SELECT seq, text, leaf FROM entry NOT INDEXED WHERE seq > ? ORDER BY seq LIMIT ?';
const LENGTHS = `SELECT n, length(draft) + coalesce(length(plan), 0) AS bytes FROM ticket WHERE n > ? ORDER BY n LIMIT ${ROWS}`;
const TICKETS = `SELECT n, id, state, draft, plan, digest, call, entries, claim_epoch
  FROM ticket WHERE n > ? AND n <= ? ORDER BY n`;
const RESIDUES = `SELECT ticket, residue, tool, agent, announced_at, abandoned FROM residue
  WHERE (ticket, residue) > (?, ?) ORDER BY ticket, residue LIMIT ${ROWS}`;
const NOTICES = `SELECT id, recipient, ticket, seq, created_at, due_at, tries FROM notice
  WHERE id > ? ORDER BY id LIMIT ${ROWS}`;
const UNDER_WAY = "SELECT id FROM ticket WHERE state = 'executing' ORDER BY n";
/** Which tickets may still come to something: the others have ended, in the log that is moved. */
const OPEN = "SELECT id FROM ticket WHERE state IN ('planning', 'pending', 'approved', 'executing', 'unknown')";

/** A file whose tickets and log move to a database. Nobody else writes it, or moves it, from `hold` on. */
export interface Source extends Moved {
  seal(): Seal | undefined;
  readonly look: Look;
  clock(): number;
  statements(): readonly Recorded[];
  /** Tickets whose request may be on its way. */
  underWay(): readonly string[];
  open(): ReadonlySet<string>;
  /** Takes the file for itself. @throws store_unavailable where another process has it */
  hold(): Promise<void>;
  /** Durable when it returns; the file is held still. */
  write(seal: Seal | undefined): Promise<void>;
  close(): void;
}

/** @throws store_unavailable, tampered */
export async function openSource(file: string): Promise<Source> {
  const where = { file, busyTimeoutMs: BUSY_MS };
  const waiting = patient(BUSY_MS);
  const trying = async <T>(work: () => T | Promise<T>): Promise<T> => {
    try {
      return await waiting(work);
    } catch (error) {
      throw storeFailure(error, where);
    }
  };
  const db = await trying(() => connect({ ...where, recipients: () => [], moving: true }));
  const hold = () => trying(() => void db.run('BEGIN IMMEDIATE'));
  const look: Look = (operation) => trying(() => operation(ofOneMoment(db)));
  return {
    look,
    seal: () => db.get<Seal>(SEAL),
    clock: () => db.clock(),
    statements: () => readStatements(db),
    underWay: () => db.all<{ id: string }>(UNDER_WAY).map(({ id }) => id),
    open: () => new Set(db.all<{ id: string }>(OPEN).map(({ id }) => id)),
    hold,
    async write(seal) {
      db.run('DELETE FROM moved');
      if (seal)
        db.run(
          'INSERT INTO moved (one, place, server, at, whole) VALUES (1, ?, ?, ?, ?)',
          seal.place,
          seal.server,
          seal.at,
          seal.whole,
        );
      db.run('COMMIT');
      await hold();
    },
    get tree(): MovedTree {
      const tree = db.get<Omit<MovedTree, 'newest'> & { at: string }>(TREE);
      if (!tree) throw unavailable(`the database ${file} has no log`, 'put it back from a backup');
      const { at, ...rest } = tree;
      return { ...rest, newest: at === '' ? 0 : Date.parse(at) };
    },
    *entries() {
      let last = 0;
      for (;;) {
        const page = db.all<StoredEntry>(ENTRIES, last, ROWS);
        if (page.length === 0) return;
        last = page.at(-1)?.seq ?? last;
        yield page;
      }
    },
    *tickets() {
      let last = 0;
      for (;;) {
        const to = endOf(db.all<Length>(LENGTHS, last));
        if (to === undefined) return;
        yield db.all<MovedTicket>(TICKETS, last, to);
        last = to;
      }
    },
    *residues() {
      let last: Pick<MovedResidue, 'ticket' | 'residue'> = { ticket: '', residue: '' };
      for (;;) {
        const page: readonly MovedResidue[] = db.all(RESIDUES, last.ticket, last.residue);
        yield page;
        if (page.length < ROWS) return;
        last = page.at(-1) ?? last;
      }
    },
    *notices() {
      let last = '';
      for (;;) {
        const page: readonly MovedNotice[] = db.all(NOTICES, last);
        yield page;
        if (page.length < ROWS) return;
        last = page.at(-1)?.id ?? last;
      }
    },
    close: () => db.close(),
  };
}

interface Length {
  readonly n: number;
  readonly bytes: number;
}

/** The last row that still fits into a page: the first always does. */
function endOf(lengths: readonly Length[]): number | undefined {
  let bytes = 0;
  const over = lengths.findIndex((row, index) => {
    bytes += row.bytes;
    return index > 0 && bytes > PAGE_BYTES;
  });
  return lengths.at(over === -1 ? -1 : over - 1)?.n;
}
