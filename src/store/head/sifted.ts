import { recordedIn } from '../../audit/remembered.ts';
import { mayCount } from '../../kernel/may-count.ts';
import type { Recorded } from '../../kernel/statement.ts';
import type { HeadDatabase } from './database.ts';
import { gone } from './failures.ts';
import { type KeptRow, type LogReader, recorded, stillThere } from './following.ts';

/** Signed entries that one look reads, of 64 KiB at most. */
const AT_ONCE = 100;

const SIGNED = `SELECT seq, leaf, type, NULL AS ticket FROM statement
  UNION ALL SELECT seq, leaf, 'decision.recorded' AS type, ticket FROM decision`;
const NEXT = `SELECT * FROM (${SIGNED}) WHERE seq > (SELECT upto FROM sifted) ORDER BY seq LIMIT ${AT_ONCE}`;
const LIVE = `SELECT seq, leaf, type FROM statement WHERE seq <= (SELECT upto FROM sifted)
  AND seq NOT IN (SELECT seq FROM void) ORDER BY seq`;

/**
 * Which of the signed entries that were seen can ever count (`mayCount`), found out once for each and kept by number:
 * the others aren't read any more. It rests on the first key that is pinned here; where that is another one, all are
 * looked at again, and where there is none nothing is left out.
 */
export class Sifted {
  readonly #db: HeadDatabase;
  readonly #rootKeyId: () => string | undefined;

  constructor(db: HeadDatabase, rootKeyId: () => string | undefined) {
    this.#db = db;
    this.#rootKeyId = rootKeyId;
  }

  isDone(): boolean {
    const root = this.#rootKeyId();
    return root === undefined || (this.#isOf(root) && this.#db.get(NEXT) === undefined);
  }

  /**
   * Looks at the next ones; within a transaction.
   * @returns false when there are more
   * @throws log_not_continued where one isn't there any more as it was seen
   */
  goOn(log: LogReader): boolean {
    const root = this.#rootKeyId();
    if (root === undefined) return true;
    if (!this.#isOf(root)) this.#begin(root);
    const rows = this.#db.all<KeptRow & { readonly ticket: string | null }>(NEXT);
    if (rows.length === 0) return true;
    const there = stillThere(log, rows);
    const found = rows.map((row) => {
      const entry = there.get(row.seq);
      if (!entry) throw gone(row);
      // One that can't be read stops every gate, which says so.
      return { signed: recordedIn(entry), ticket: row.ticket ?? undefined, seq: row.seq };
    });
    const readable = found.flatMap(({ signed, ticket }) => (signed ? [{ signed, ticket }] : []));
    const known = (name: string) => this.#db.get('SELECT 1 FROM said WHERE name = ?', name) !== undefined;
    const names = mayCount(recorded(log, this.#db.all<KeptRow>(LIVE)), readable, root, known);
    for (const [index, { signed }] of readable.entries()) this.#note(signed, names[index]);
    this.#db.run('UPDATE sifted SET upto = ?', rows.at(-1)?.seq);
    return rows.length < AT_ONCE;
  }

  #note({ seq }: Recorded, name: string | undefined): void {
    if (name === undefined) this.#db.run('INSERT INTO void (seq) VALUES (?)', seq);
    else this.#db.run('INSERT INTO said (name) VALUES (?)', name);
  }

  #isOf(root: string): boolean {
    return this.#db.get('SELECT 1 FROM sifted WHERE root = ?', root) !== undefined;
  }

  #begin(root: string): void {
    this.#db.exec('DELETE FROM void; DELETE FROM said; DELETE FROM sifted;');
    this.#db.run('INSERT INTO sifted (one, root, upto) VALUES (1, ?, 0)', root);
  }

  /** A column of `statement` and `decision`; none are void by another first key than today's. */
  isVoid(): string {
    const root = this.#rootKeyId();
    return root !== undefined && this.#isOf(root) ? 'seq IN (SELECT seq FROM void) AS void' : '0 AS void';
  }

  voids(): ReadonlySet<number> {
    const rows = this.#db.all<KeptRow>(`SELECT seq, ${this.isVoid()} FROM statement`);
    return new Set(rows.flatMap((row) => (row.void === 1 ? [row.seq] : [])));
  }

  /** Another log is read from its first entry. */
  forget(): void {
    this.#db.exec('DELETE FROM void; DELETE FROM said; DELETE FROM sifted;');
  }
}
