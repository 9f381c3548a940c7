import { randomBytes } from 'node:crypto';
import { MessageChannel, receiveMessageOnPort, Worker } from 'node:worker_threads';
import type { ClientConfig } from 'pg';
import { OWNER } from '../../src/store/postgres/roles.ts';

/*
 * A place's store in PostgreSQL instead of a file, where `HOLDSHORT_TEST_POSTGRES` names the folder of a server's
 * socket (`test/on-postgres/server.ts`). Tests ask a file without waiting, and so they do here: another thread waits
 * for them.
 */

export const TEMPLATE = 'place';

const SOCKET = process.env.HOLDSHORT_TEST_POSTGRES;
const SEARCHED = '-c search_path=holdshort';

/** What a place's configuration says more, so that executors run on such a store. */
export const OF_STORE = SOCKET === undefined ? '' : 'anchor: ./anchor\n';

/** The address of a new place's database; undefined where places have files. */
export function newDatabase(): string | undefined {
  if (SOCKET === undefined) return undefined;
  const name = `p_${randomBytes(6).toString('hex')}`;
  ask(asSuperuser('postgres'), `CREATE DATABASE ${name} TEMPLATE ${TEMPLATE}`);
  return `postgres:///${name}?user=hub&host=${SOCKET}`;
}

export const isDatabase = (database: string): boolean => database.startsWith('postgres:');

export function dropDatabase(address: string): void {
  ask(asSuperuser('postgres'), `DROP DATABASE IF EXISTS ${nameIn(address)} WITH (FORCE)`);
}

/** One database as another one stands now; nobody may have that one open. */
export function copyDatabase(to: string, from: string): void {
  dropDatabase(to);
  ask(asSuperuser('postgres'), `CREATE DATABASE ${nameIn(to)} TEMPLATE ${nameIn(from)}`);
}

/** In the words that both stores know, with `?` for a value: what is in JSON comes as its text. */
export const rowsOf = (address: string, sql: string, values: readonly unknown[] = []): Record<string, any>[] =>
  ask(asSuperuser(nameIn(address)), sql, values).rows;

/** The same by the role that owns all of it, which nobody has but who migrates: no SQL can do more. */
export const asOwner = (address: string, sql: string, values: readonly unknown[] = []): Answered =>
  ask({ ...asSuperuser(nameIn(address)), options: `${SEARCHED} -c role=${OWNER}` }, sql, values);

/** The number that tells its database from others of the server. */
export const oidOf = (address: string): string =>
  String(rowsOf(address, 'SELECT oid::bigint FROM pg_database WHERE datname = current_database()')[0]?.oid);

/** All that is in it, as text. */
export function contentOf(address: string): string {
  const tables = rowsOf(address, "SELECT tablename FROM pg_tables WHERE schemaname = 'holdshort'");
  const rows = tables.flatMap(({ tablename }) => rowsOf(address, `SELECT t::text AS row FROM ${tablename} AS t`));
  return rows.map(({ row }) => row).join('\n');
}

/** Nobody can write until this is let go of; who waits for it then never comes back. */
export async function holdDatabase(address: string): Promise<() => Promise<void>> {
  const { default: pg } = await import('pg');
  const client = new pg.Client(asSuperuser(nameIn(address)));
  await client.connect();
  await client.query('BEGIN; LOCK TABLE tree, ticket IN EXCLUSIVE MODE');
  return async () => {
    await client.query(
      'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pg_backend_pid() = ANY (pg_blocking_pids(pid))',
    );
    await client.query('ROLLBACK');
    await client.end();
  };
}

const nameIn = (address: string): string => new URL(address).pathname.slice(1);

const asSuperuser = (database: string): ClientConfig => ({
  host: SOCKET ?? '',
  user: 'postgres',
  database,
  options: SEARCHED,
});

interface Answered {
  readonly rows: Record<string, any>[];
  /** How many rows it was about. */
  readonly changes: number;
}

let asking: ((question: object) => Partial<Answered> & { error?: string }) | undefined;

function ask(config: ClientConfig, sql: string, values: readonly unknown[] = []): Answered {
  asking ??= thread();
  let n = 0;
  const numbered = values.length === 0 ? sql : sql.replaceAll('?', () => `$${++n}`);
  const { rows = [], changes = 0, error } = asking({ config, sql: numbered, values });
  if (error !== undefined) throw new Error(`${sql}: ${error}`);
  return { rows, changes };
}

function thread(): NonNullable<typeof asking> {
  const { port1: mine, port2: port } = new MessageChannel();
  const answered = new Int32Array(new SharedArrayBuffer(4));
  const file = new URL('./postgres-process.ts', import.meta.url);
  new Worker(file, { workerData: { port, answered }, transferList: [port], execArgv: [] }).unref();
  return (question) => {
    Atomics.store(answered, 0, 0);
    mine.postMessage(question);
    if (Atomics.wait(answered, 0, 0, 120_000) === 'timed-out') return { error: 'no answer from the database' };
    return receiveMessageOnPort(mine)?.message;
  };
}
