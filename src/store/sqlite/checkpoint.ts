import type { Database } from 'better-sqlite3';

/**
 * When so many pages of the -wal file aren't in the database yet, they are moved there. A commit that makes the file
 * longer has the file system write its own journal too; a short one is soon written over instead, which is a third
 * faster.
 */
const PAGES = 500;
/** From here on the -wal file isn't written over because someone always writes: each commit tries to end that. */
const TOO_LONG = 1000;

/**
 * Moves what commits left in the -wal file into the database, to be called after a commit.
 *
 * SQLite's own way (`wal_autocheckpoint`) does it without the write lock. Where several processes write one after the
 * other, someone has added a commit before it is done; the file then is never written over but grows, and each commit
 * of each process does it again, with two more fsyncs. This does it with the lock, and waits for nobody: what a reader
 * still needs stays for the next time.
 */
export function checkpointer(db: Database): () => void {
  const size = db.prepare<[], { log: number; checkpointed: number }>('PRAGMA wal_checkpoint(NOOP)');
  const move = db.prepare('PRAGMA wal_checkpoint(FULL)');
  const patience = db.pragma('busy_timeout', { simple: true });
  const moveNow = () => {
    // SQLite sets it when it prepares such a statement, not when it runs it: a statement that is kept would do nothing.
    db.pragma('busy_timeout = 0');
    try {
      move.get();
    } finally {
      db.pragma(`busy_timeout = ${patience}`);
    }
  };
  return () => {
    try {
      const { log = 0, checkpointed = 0 } = size.get() ?? {};
      if (log - checkpointed >= PAGES || log >= TOO_LONG) moveNow();
    } catch {
      // The commit is durable in the -wal file. A disk that is full or fails is told of by the next commit.
    }
  };
}
