import type { ClientBase, ClientConfig } from 'pg';
import { unavailable } from './failures.ts';
import { newerSchema, olderSchema, refuseOldServer, schemaVersion, VERSION } from './migrate.ts';
import { powersOf } from './powers.ts';

/** A writer that goes silent in the middle of a transaction keeps all others waiting for no longer. */
const SILENT_MS = 15_000;
const CONNECT_MS = 5_000;

/** bigint: sequence numbers and milliseconds, far from where numbers end. */
const BIGINT = 20;

/**
 * What every connection is opened with.
 * @param lockMs how long a statement waits for another writer's lock
 */
export function settings(to: ClientConfig, types: typeof import('pg').types, lockMs = 10_000): ClientConfig {
  return {
    ...to,
    application_name: 'holdshort',
    client_encoding: 'UTF8',
    connectionTimeoutMillis: CONNECT_MS,
    lock_timeout: lockMs,
    idle_in_transaction_session_timeout: SILENT_MS,
    keepAlive: true,
    pipeline: true,
    types: {
      getTypeParser: ((oid: number, format?: 'text' | 'binary') =>
        oid === BIGINT ? Number : types.getTypeParser(oid, format as 'text')) as typeof types.getTypeParser,
    },
  };
}

/** Names of other schemas, and what a table shows to some only, are nothing that the store's statements ask for. */
const PINNED = 'SET search_path TO pg_catalog, pg_temp';
const STANDING = `SELECT current_setting('server_version_num')::int AS server, current_setting('fsync') AS fsync,
  current_setting('synchronous_commit') AS commits, session_user AS login,
  ${powersOf('session_user')} AS powers, ARRAY(SELECT c.relname::text FROM pg_class c
    WHERE c.relnamespace = to_regnamespace('holdshort') AND (c.relrowsecurity OR (c.relkind <> 'v'
      AND EXISTS (SELECT 1 FROM pg_rewrite w WHERE w.ev_class = c.oid)))) AS veiled`;

interface Standing {
  readonly server: number;
  readonly fsync: string;
  readonly commits: string;
  readonly login: string;
  readonly powers: readonly string[];
  /** Tables with row level security or rules: statements of ours would see less, or do something else. */
  readonly veiled: readonly string[];
}

/**
 * Makes sure, on each connection, that what is written will be durable, and that this login can't do more than its
 * roles: a process that is owner or superuser would hand the whole log to an attacker who takes it over.
 *
 * (Which server this is, its system identifier and timeline, is to be compared here, once a changed one has to be
 * accepted: see docs/decisions/0012.)
 * @throws store_unavailable
 */
export async function prepareSession(server: ClientBase): Promise<void> {
  const [veiled] = await prepareLook(server);
  if (veiled !== undefined)
    throw unavailable(
      `row level security or a rule was put on holdshort.${veiled}: what is read of it is not what is in it`,
      'look for who did it, and take it away (`holdshort store check` tells all that is not as it was made)',
    );
}

/**
 * The same for who looks at what is wrong with a database.
 * @returns the tables that show to some only, or have rules
 */
export async function prepareLook(server: ClientBase): Promise<readonly string[]> {
  await server.query(PINNED);
  const { rows } = await server.query<Standing>(STANDING);
  const [standing] = rows;
  if (!standing) throw unavailable('the database does not say what it is', 'see that the address is right');
  refuseOldServer(standing.server);
  const [power] = standing.powers;
  if (power !== undefined)
    throw unavailable(
      `the login ${standing.login} ${power}: it could change the log`,
      'use a login that has only the roles that it needs (docs/store.md)',
    );
  if (standing.fsync !== 'on')
    throw unavailable('the server runs with fsync off: what it commits is lost with its machine', 'turn fsync on');
  const version = await schemaVersion(server);
  if (version > VERSION) throw newerSchema(version);
  if (version < VERSION) throw olderSchema(version);
  // `off` answers before a commit is durable, `local` before a standby has it that is to have it.
  if (standing.commits === 'off' || standing.commits === 'local') await server.query('SET synchronous_commit TO on');
  return standing.veiled;
}
