import type { ClientBase, ClientConfig } from 'pg';
import { unavailable } from './failures.ts';
import { newerSchema, olderSchema, refuseOldServer, schemaVersion, VERSION } from './migrate.ts';
import { powersOf } from './powers.ts';

/** A writer that goes silent in the middle of a transaction keeps all others waiting for no longer. */
const SILENT_MS = 15_000;
const CONNECT_MS = 5_000;

/** bigint: sequence numbers and milliseconds, far from where numbers end. */
const BIGINT = 20;

/** So that hosts find one that works with another anchor: every login sees this name of every session. */
const ANCHORED = 'holdshort anchor ';

/**
 * What every connection is opened with.
 * @param lockMs how long a statement waits for another writer's lock
 * @param anchor the id of the one that this host shares with others
 */
export function settings(
  to: ClientConfig,
  types: typeof import('pg').types,
  lockMs = 10_000,
  anchor?: string,
): ClientConfig {
  return {
    ...to,
    application_name: anchor === undefined ? 'holdshort' : `${ANCHORED}${anchor}`,
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
/**
 * The timeline is that of what is written now: what `pg_control_checkpoint` tells is the last checkpoint's, so for a
 * while after a promotion the one from before it. `oid`: databases of one server may be copies of each other.
 */
const SERVER = `concat_ws('-', (SELECT system_identifier FROM pg_control_system()),
  (SELECT oid FROM pg_database WHERE datname = current_database()),
  CASE WHEN NOT pg_is_in_recovery() THEN ('x' || left(pg_walfile_name(pg_current_wal_lsn()), 8))::bit(32)::int END)`;
/** Only those count of who may execute: anyone gives their session any name. */
const OTHERS = `ARRAY(SELECT DISTINCT substr(a.application_name, ${ANCHORED.length + 1}) FROM pg_stat_activity a
  WHERE a.datname = current_database() AND starts_with(current_setting('application_name'), '${ANCHORED}')
    AND starts_with(a.application_name, '${ANCHORED}') AND a.application_name <> current_setting('application_name')
    AND pg_has_role(a.usesysid, 'holdshort_executor', 'MEMBER'))`;
const STANDING = `SELECT current_setting('server_version_num')::int AS version, current_setting('fsync') AS fsync,
  current_setting('full_page_writes') AS pages, current_setting('synchronous_commit') AS commits,
  pg_is_in_recovery() AS standby, ${SERVER} AS server, session_user AS login,
  ${powersOf('session_user')} AS powers, ARRAY(SELECT c.relname::text FROM pg_class c
    WHERE c.relnamespace = to_regnamespace('holdshort') AND (c.relrowsecurity OR (c.relkind <> 'v'
      AND EXISTS (SELECT 1 FROM pg_rewrite w WHERE w.ev_class = c.oid)))) AS veiled`;

interface Standing {
  readonly version: number;
  readonly fsync: string;
  readonly pages: string;
  readonly standby: boolean;
  readonly server: string;
  readonly commits: string;
  readonly login: string;
  readonly powers: readonly string[];
  /** Tables with row level security or rules: statements of ours would see less, or do something else. */
  readonly veiled: readonly string[];
}

const servers = new WeakMap<ClientBase, string>();

/**
 * Whose data a connection reads, as SYSTEM-DATABASE-TIMELINE: a copy that goes on by itself has another system
 * identifier or timeline, but for one that is put back with the server stopped. No connection outlives a promotion,
 * since none is made to a standby.
 */
export function serverOf(client: ClientBase): string {
  return servers.get(client) ?? '';
}

/**
 * Makes sure, on each connection, that what is written will be durable, and that this login can't do more than its
 * roles: a process that is owner or superuser would hand the whole log to an attacker who takes it over.
 * @throws store_unavailable
 */
export async function prepareSession(server: ClientBase): Promise<void> {
  const [veiled] = await prepareLook(server);
  const { rows } = await server.query<{ others: readonly string[] }>(`SELECT ${OTHERS} AS others`);
  if (rows[0]?.others.length)
    throw unavailable(
      'another host works on this database with another anchor, so that neither knows what the other began',
      'name the same shared folder as `anchor` on every host, and start them again',
    );
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
  const { login, powers, veiled } = await prepareOwner(server);
  const [power] = powers;
  if (power !== undefined)
    throw unavailable(
      `the login ${login} ${power}: it could change the log`,
      'use a login that has only the roles that it needs (docs/store.md)',
    );
  return veiled;
}

/**
 * The same for who may do all that the owner may, for once and at a shell.
 * @throws store_unavailable
 */
export async function prepareOwner(server: ClientBase): Promise<Pick<Standing, 'login' | 'powers' | 'veiled'>> {
  await server.query(PINNED);
  const { rows } = await server.query<Standing>(STANDING);
  const [standing] = rows;
  if (!standing) throw unavailable('the database does not say what it is', 'see that the address is right');
  refuseOldServer(standing.version);
  if (standing.standby)
    throw unavailable('the server is a standby, which is behind by what it has not got yet', 'connect to the primary');
  servers.set(server, standing.server);
  if (standing.fsync !== 'on')
    throw unavailable('the server runs with fsync off: what it commits is lost with its machine', 'turn fsync on');
  if (standing.pages !== 'on')
    throw unavailable(
      'the server runs with full_page_writes off: a crash can tear what was committed before',
      'turn full_page_writes on',
    );
  const version = await schemaVersion(server);
  if (version > VERSION) throw newerSchema(version);
  if (version < VERSION) throw olderSchema(version);
  // `off` answers before a commit is durable, `local` before a standby has it that is to have it.
  if (standing.commits === 'off' || standing.commits === 'local') await server.query('SET synchronous_commit TO on');
  return standing;
}
