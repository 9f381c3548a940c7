import type { Client, ClientConfig } from 'pg';
import { appendLeaf, EMPTY_FRONTIER, leafHash, rootOf } from '../../audit/merkle.ts';
import { HoldshortError } from '../../kernel/errors.ts';
import type { Moved } from '../moving.ts';
import { isLost, storeFailure, unavailable } from './failures.ts';
import { readEntries } from './log-reader.ts';
import { asOwner, refuseUnfit } from './migrate.ts';
import { type Reader, readerOf } from './reader.ts';
import { prepareOwner, serverOf, settings } from './session.ts';
import { takeIn } from './take-in.ts';

/** A database that tickets and log are moved to, as the login that migrates it. */
export interface Target {
  look(): Promise<TargetStanding>;
  /**
   * Takes over all of it in one transaction, unless it is there; what is there after that was read back and hashed.
   * @throws MaybeThere where nobody can say whether it is there; whatever else is thrown, nothing is
   */
  takeOver(moved: Moved): Promise<void>;
  close(): Promise<void>;
}

interface TargetStanding {
  /** See `serverOf`. */
  readonly server: string;
  /** Milliseconds since 1970. */
  readonly now: number;
  readonly log_id: string;
  /** Entries in the log. */
  readonly size: number;
}

/** The connection broke at the commit. */
export class MaybeThere extends HoldshortError {}

/** Of two who move at once, or where one that was killed isn't through yet, this waits for what comes of the other. */
const STANDING = 'SELECT log_id, size, holdshort.moment() AS now FROM holdshort.tree FOR UPDATE';
const PAGE = 500;

/** @throws store_unavailable */
export async function openTarget(to: ClientConfig): Promise<Target> {
  const { default: pg } = await import('pg');
  const client = new pg.Client(settings(to, pg.types));
  client.on('error', () => {});
  try {
    await client.connect();
  } catch (error) {
    throw storeFailure(error);
  }
  const standing = async (db: Reader): Promise<TargetStanding> => {
    const found = await db.get<Omit<TargetStanding, 'server'>>(STANDING);
    if (!found) throw unavailable('the database has no log', 'drop the schema holdshort there, and migrate it again');
    return { ...found, server: serverOf(client) };
  };
  return {
    look: () => within(client, standing),
    takeOver: (moved) =>
      within(client, async (db) => {
        const { log_id, size } = await standing(db);
        if (size === 0) await takeIn(db, moved);
        else if (log_id !== moved.tree.log_id) throw notEmpty(`it holds another log, of ${size} entries`);
        if ((await rootIn(db, moved.tree.size)) !== rootText(moved.tree.frontier))
          throw notEmpty('what it holds of this log is not what the file holds');
      }),
    close: () => client.end().catch(() => undefined),
  };
}

/** One transaction, as the owner. */
async function within<T>(client: Client, work: (db: Reader) => Promise<T>): Promise<T> {
  let sent = false;
  try {
    const version = await refuseUnfit(client);
    await client.query('BEGIN');
    try {
      // A page of a long log takes as long as it takes.
      await client.query('SET LOCAL idle_in_transaction_session_timeout TO 0; SET LOCAL statement_timeout TO 0');
      const result = await asOwner(client, version, async (become) => {
        await become();
        await prepareOwner(client);
        return await work(readerOf(client, 0));
      });
      sent = true;
      await client.query('COMMIT');
      return result;
    } catch (error) {
      if (!sent) await client.query('ROLLBACK').catch(() => undefined);
      throw error;
    }
  } catch (error) {
    if (sent && isLost(error))
      throw new MaybeThere(
        'store_unavailable',
        'the connection to the database broke while all of it was committed, so that nobody knows whether it is there',
        'run the same command again: it looks, and goes on',
        error,
      );
    throw storeFailure(error);
  }
}

async function rootIn(db: Reader, size: number): Promise<string> {
  let tree = EMPTY_FRONTIER;
  while (tree.size < size) {
    const page = await readEntries(db, tree.size + 1, Math.min(PAGE, size - tree.size));
    if (page.length === 0) break;
    for (const { text } of page) tree = appendLeaf(tree, leafHash(text));
  }
  return tree.size === size ? Buffer.from(rootOf(tree)).toString('hex') : '';
}

function rootText(frontier: Uint8Array): string {
  const peaks = Array.from({ length: frontier.length / 32 }, (_, n) => frontier.subarray(32 * n, 32 * n + 32));
  return Buffer.from(rootOf({ size: 0, peaks })).toString('hex');
}

function notEmpty(what: string): HoldshortError {
  return new HoldshortError(
    'store_unavailable',
    `the database can't take it over: ${what}`,
    'nothing was changed; name a database that `holdshort store migrate` has just made',
  );
}
