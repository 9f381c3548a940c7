import type { Database } from 'better-sqlite3';
import { type Frontier, peaksOf } from '../../audit/merkle.ts';
import { HeadDatabase } from './database.ts';
import { gone, noAnchoredHead, noHead, notContinued, olderAnchor, otherLog, otherServer, shorter } from './failures.ts';
import {
  add,
  follow,
  isSame,
  type KeptRow,
  type LogReader,
  mayWait,
  type ReadLog,
  recorded,
  rootText,
  type Standing,
  stillThere,
  type Tree,
} from './following.ts';
import { asOf, isOfOther, moveTo, reserve } from './placing.ts';
import type { Accepted, Anchor, Anchored, Lost, Placed, Verified } from './port.ts';
import { type HeadRow, keepPlace, keepRow, STANDING } from './rows.ts';
import { Sifted } from './sifted.ts';

/** Entries that one transaction reads. */
const PAGE = 1000;
/** Entries that are read again by each gate until they are kept, at most. */
const FEW = 20;

const HEAD = 'SELECT size, peaks, at, server, accepted FROM head JOIN place ON place.one = head.one';
const DECISION = "'decision.recorded' AS type";

/** What may be weighed, and is there anything in it that has to be kept before it is? */
export interface Seen extends Verified {
  readonly keepFirst: boolean;
}

/** Another host put a newer head into the anchor: it is compared first. */
class Overtaken extends Error {}

/**
 * The kept head over its own database. Each entry is read and hashed once, when it is new; what gates weigh is read
 * again by its number and compared with what was kept. It only grows: nothing but an admin's signed word (`accept`)
 * puts another log in its place.
 *
 * Where several hosts share an anchor, that has what the furthest of them saw, and nothing is kept here before it is
 * there: the attacker is chance, a database that comes back without its newest entries, which one host has seen and
 * another hasn't.
 */
export class Kept {
  readonly #db: HeadDatabase;
  readonly #anchor: Anchor | undefined;
  readonly #sifted: Sifted;

  /** @param rootKeyId the first key that is pinned here now */
  constructor(db: Database, anchor?: Anchor, rootKeyId: () => string | undefined = () => undefined) {
    this.#db = new HeadDatabase(db);
    this.#anchor = anchor;
    this.#sifted = new Sifted(this.#db, rootKeyId);
  }

  head(): Placed | undefined {
    const row = this.#db.get<HeadRow>(HEAD);
    if (!row) return undefined;
    const { peaks, server, ...rest } = row;
    return { ...rest, peaks: peaksOf(peaks), ...(server !== null && { server }) };
  }

  /**
   * Takes in what the log holds since, at most a page of it. The read comes after the lock: what others took in
   * meanwhile is in it. Where there is nothing new, nobody waits for anyone: the head is read before the log, and what
   * was kept of a later moment is not less.
   * @returns false when there is more
   * @throws log_not_continued
   */
  extend(read: ReadLog): boolean {
    const head = this.head();
    if (head && this.#sifted.isDone() && read((log) => isSame(head, log.tree()) && this.#isAll(head, log))) return true;
    try {
      return this.#exclusively(() => read((log) => this.#takeIn(log) && this.#sifted.goOn(log)));
    } catch (error) {
      if (error instanceof Overtaken) return false;
      throw error;
    }
  }

  /** Nothing else is to be compared with it. */
  #isAll(head: Placed, log: LogReader): boolean {
    if (head.server !== log.server) return false;
    if (!this.#anchor) return true;
    const anchored = this.#anchor.read();
    if (!anchored || isOfOther(anchored, log.tree())) return false;
    return isSame(anchored, head) && isPlacedAs(anchored, head);
  }

  /**
   * How far the log was seen by anyone, which it has to continue; undefined where an admin went on from another one
   * since this host last looked, so that what is known here is to be read again.
   * @param head what is known here, read before
   * @throws log_not_continued
   */
  #seenByAll(head: Placed, log: LogReader): Placed | Anchored | undefined {
    const anchored = this.#anchor?.read();
    // A folder that is empty may be one that isn't mounted.
    if (this.#anchor && !anchored && (log.tree().size > 0 || head.size > 0)) throw noAnchoredHead(log.tree().size);
    if (anchored && anchored.accepted > head.accepted) return undefined;
    if (anchored && (anchored.accepted < head.accepted || anchored.size < head.size)) throw olderAnchor(anchored, head);
    if (anchored && log.tree().size > 0 && isOfOther(anchored, log.tree())) throw otherLog(log.tree().size);
    const seen = anchored ?? head;
    log.seen(seen.size);
    // What nobody has seen anything of may be anywhere.
    if (seen.size > 0 && seen.server !== log.server) throw otherServer(seen, log.server);
    return seen;
  }

  /**
   * What may be weighed about a ticket: what was kept, which is of one moment, and what the log, which is of a later
   * one, holds since. (What others take in meanwhile must not look like lost.) Nothing is kept by it.
   * @returns undefined where so much is new that it is kept first
   * @throws log_not_continued where something that was seen isn't there any more as it was
   */
  verified(log: LogReader, ticket: string): Seen | undefined {
    return this.#db.transaction('deferred', () => this.#verified(log, ticket));
  }

  /**
   * The same for who has the log's lock meanwhile.
   * @throws store_unavailable where another process has the head: to be tried again without that lock
   */
  verifiedInHurry(log: LogReader, ticket: string): Seen | undefined {
    return this.#db.hurried(() => this.verified(log, ticket));
  }

  #verified(log: LogReader, ticket: string): Seen | undefined {
    const head = this.head();
    if (!head) throw noHead(log.tree().size);
    const all = this.#seenByAll(head, log);
    if (!all || !this.#sifted.isDone()) return undefined;
    const missing = this.#lost(log)[0];
    if (missing) throw gone(missing);
    const known = this.#db.get<{ state: string; digest: string | null }>(STANDING, ticket);
    const isVoid = this.#sifted.isVoid();
    const standing: Standing = {
      statements: this.#db.all(`SELECT seq, leaf, type, ${isVoid} FROM statement ORDER BY seq`),
      decisions: this.#db.all(
        `SELECT seq, leaf, ${DECISION}, ${isVoid} FROM decision WHERE ticket = ? ORDER BY seq`,
        ticket,
      ),
      state: known?.state,
      digest: known?.digest ?? undefined,
    };
    const tree = log.tree();
    if (tree.size < all.size) throw shorter(all, tree.size);
    if (tree.size - head.size > (isLong(log, head, tree) ? FEW : PAGE)) return undefined;
    let keepFirst = tree.size - head.size > FEW;
    follow(log, head, all, tree, tree.size, (seq, entry) => {
      keepFirst ||= !mayWait(entry);
      add(standing, ticket, seq, entry);
    });
    const { statements, decisions, state, digest } = standing;
    return { statements: recorded(log, statements), decisions: recorded(log, decisions), state, digest, keepFirst };
  }

  /** How far the log was seen, and what of it isn't there any more. */
  compared(log: LogReader): { readonly seen: Placed | undefined; readonly lost: readonly Lost[] } {
    return this.#db.transaction('deferred', () => {
      const head = this.head();
      const seen = this.#anchor?.read() ?? head;
      log.seen(seen?.size ?? 0);
      return { seen, lost: this.#lost(log) };
    });
  }

  /** Signed statements, and decisions about open tickets, that were seen and aren't in the log any more. */
  #lost(log: LogReader): readonly Lost[] {
    const isVoid = this.#sifted.isVoid();
    const all = `SELECT seq, leaf, type, ${isVoid} FROM statement UNION ALL SELECT seq, leaf, ${DECISION}, ${isVoid} FROM decision`;
    const rows = this.#db.all<KeptRow>(`${all} ORDER BY seq`).filter((row) => row.void === 0);
    const there = stillThere(log, rows);
    return rows.filter(({ seq }) => !there.has(seq)).map(({ seq, type }) => ({ seq, type }));
  }

  /**
   * Begins again with the log as it is. Which tickets had ended stays known.
   * @param accepted the root of the first `size` entries, as the admin signed it
   * @throws log_not_continued when that is not the log's
   */
  accept(read: ReadLog, accepted: Accepted): void {
    this.#exclusively(() =>
      read((log) => {
        const [own, before] = [this.head(), this.#anchor?.read()];
        log.seen(own?.size ?? 0);
        this.#beginAgain(log, 1 + Math.max(own?.accepted ?? 0, before?.accepted ?? 0));
        const { size, root, server } = accepted;
        for (let whole = false; !whole; ) {
          const seen = this.head()?.size ?? 0;
          whole = this.#readOn(log, undefined, seen < size ? Math.min(PAGE, size - seen) : PAGE);
          const now = this.head();
          if (now?.size === size && rootText(now) !== root) throw notContinued(now, 'it changed while it was accepted');
        }
        const end = this.head();
        if (end && end.size < size) throw notContinued(end, 'it became shorter while it was accepted');
        if (end && server !== log.server) throw otherServer({ ...end, ...(server && { server }) }, log.server);
        if (end && this.#anchor?.replace(before, asOf(end, log.tree())) === false)
          throw notContinued(end, 'another host went on meanwhile');
        return true;
      }),
    );
  }

  /**
   * Before it goes on in another place: from now on no host believes what it finds in a database.
   * @throws log_not_continued where something else was seen
   */
  reserve(tree: Tree, anchor: Anchor, server?: string): void {
    this.#exclusively(() => reserve(this.head(), anchor, tree, server));
  }

  /**
   * Goes on in another place, where all that was seen here is, entry by entry: who says so has read it there.
   * @throws log_not_continued where something else was seen, or it wasn't reserved
   */
  move(tree: Tree, anchor: Anchor, server: string): void {
    this.#exclusively(() => {
      // First there: what is known here is never more than what all hosts know.
      moveTo(this.head(), anchor, tree, server);
      this.#db.run('UPDATE place SET server = ?', server);
    });
  }

  /** Which tickets had ended stays known. */
  #beginAgain({ server }: LogReader, accepted: number): void {
    this.#db.exec(
      `UPDATE head SET size = 0, peaks = x'', at = ''; DELETE FROM statement; DELETE FROM decision; DELETE FROM named;
       DELETE FROM ticket WHERE state IN ('planning', 'pending', 'approved');`,
    );
    this.#db.run('UPDATE place SET server = ?, accepted = ?', server ?? null, accepted);
    this.#sifted.forget();
  }

  /** Signed statements that can never count for anything. */
  voids(): ReadonlySet<number> {
    return this.#sifted.voids();
  }

  close(): void {
    this.#db.close();
  }

  /** Any error undoes all of it. */
  #exclusively<T>(work: () => T): T {
    return this.#db.transaction('immediate', work);
  }

  /** What another host accepted is taken from there, and read from the first entry on. */
  #takeIn(log: LogReader): boolean {
    const head = this.head();
    if (!head) throw noHead(log.tree().size);
    const all = this.#seenByAll(head, log);
    if (!all) {
      this.#beginAgain(log, this.#anchor?.read()?.accepted ?? 0);
      return false;
    }
    const to = log.fitting(head.size + 1, Math.min(log.tree().size, head.size + PAGE));
    const whole = this.#readOn(log, all, to - head.size);
    const now = this.head();
    const before = 'number' in all ? all : undefined;
    // First there: what is known here is never more than what all hosts know.
    const isNews = now && (!before || now.size > before.size || isOfOther(before, log.tree()));
    if (isNews && this.#anchor?.replace(before, asOf(now, log.tree())) === false) throw new Overtaken();
    return whole;
  }

  /** @param all what it has to continue; undefined where that is what is being accepted */
  #readOn(log: LogReader, all: Placed | undefined, most: number): boolean {
    const head = this.head();
    const tree = log.tree();
    if (!head) throw noHead(tree.size);
    const to = Math.min(tree.size, head.size + most);
    let { at }: Placed = head;
    const { size, peaks } = follow(log, head, all ?? head, tree, to, (seq, entry) => {
      ({ at } = entry);
      keepRow(this.#db, seq, entry);
    });
    if (to > head.size) this.#db.run('UPDATE head SET size = ?, peaks = ?, at = ?', size, Buffer.concat(peaks), at);
    keepPlace(this.#db, log);
    return to === tree.size;
  }
}

/** More than memory has room for at once, though it isn't many. */
function isLong(log: LogReader, head: Frontier, tree: Frontier): boolean {
  return tree.size - head.size > FEW && log.fitting(head.size + 1, tree.size) < tree.size;
}

function isPlacedAs(one: Placed, other: Placed): boolean {
  return one.server === other.server && one.accepted === other.accepted;
}
