import { randomBytes } from 'node:crypto';
import type { ClientBase } from 'pg';
import { unavailable } from './failures.ts';
import { OWNER, ROLES, roleName } from './roles.ts';
import { AT_ONCE } from './schema/at-once.ts';
import { CANONICAL } from './schema/canonical.ts';
import { functions } from './schema/functions.ts';
import { GRANTS } from './schema/grants.ts';
import { FENCES, TABLES } from './schema/tables.ts';
import { VIEWS } from './schema/views.ts';

/** The database's own time. It is asked for after the lock, so that entries never go back in it. */
export const CLOCK = 'floor(extract(epoch FROM clock_timestamp()) * 1000)::bigint';

/**
 * In order; a number is never used twice and a text never changed once it was released.
 * @param clock see `functions`
 */
export function migrationsBy(clock: string): readonly string[] {
  return [[TABLES, FENCES, CANONICAL, functions(clock), AT_ONCE, VIEWS, GRANTS].join('\n')];
}

export const VERSION = migrationsBy(CLOCK).length;

/** Any number, the same for all who migrate. */
const LOCK = 7_205_759_403;

/**
 * Brings a database to this version's schema: by someone who may create roles and a schema in it, not by the logins
 * that work with it. Two at once do it one after the other; the second finds it done.
 * @returns the versions before and after
 * @throws store_unavailable
 */
export async function migrate(client: ClientBase, clock = CLOCK): Promise<{ from: number; to: number }> {
  const migrations = migrationsBy(clock);
  await client.query('SELECT pg_advisory_lock($1)', [LOCK]);
  try {
    const server = await refuseUnfit(client);
    await client.query('BEGIN');
    try {
      await client.query('SET LOCAL search_path TO pg_catalog, pg_temp');
      await makeRoles(client);
      const from = await asOwner(client, server, async (become) => {
        if (await isToBeMade(client)) await client.query(`CREATE SCHEMA holdshort AUTHORIZATION ${OWNER}`);
        await become();
        return await raise(client, migrations);
      });
      await client.query('COMMIT');
      return { from, to: migrations.length };
    } catch (error) {
      await client.query('ROLLBACK');
      throw error;
    }
  } finally {
    await client.query('SELECT pg_advisory_unlock($1)', [LOCK]);
  }
}

/** @returns the version before */
async function raise(client: ClientBase, migrations: readonly string[]): Promise<number> {
  const from = await schemaVersion(client);
  if (from > migrations.length) throw newerSchema(from);
  if (from === 0) {
    await client.query('CREATE TABLE holdshort.version (number integer NOT NULL)');
    await client.query('INSERT INTO holdshort.version (number) VALUES (0)');
  }
  for (const text of migrations.slice(from)) await client.query(text);
  if (from === 0)
    await client.query(
      "INSERT INTO holdshort.tree (log_id, size, frontier, statements) VALUES ($1, 0, '', 0) ON CONFLICT DO NOTHING",
      [randomBytes(16).toString('hex')],
    );
  await client.query('UPDATE holdshort.version SET number = $1', [migrations.length]);
  return from;
}

/**
 * Does what only the owner may, within a transaction that is open: a member of it for no longer than that.
 * @param work is the owner once it called `become`
 */
export async function asOwner<T>(
  client: ClientBase,
  server: number,
  work: (become: () => Promise<unknown>) => Promise<T>,
): Promise<T> {
  const joined = await joinOwner(client, server);
  const result = await work(() => client.query(`SET LOCAL ROLE ${OWNER}`));
  await client.query('RESET ROLE');
  if (joined) await client.query(`REVOKE ${OWNER} FROM CURRENT_USER`);
  return result;
}

/** 0 where there is no schema of ours. */
export async function schemaVersion(client: ClientBase): Promise<number> {
  const { rows } = await client.query("SELECT to_regclass('holdshort.version') IS NOT NULL AS there");
  if (rows[0]?.there !== true) return 0;
  const version = await client.query('SELECT number FROM holdshort.version');
  return Number(version.rows[0]?.number ?? 0);
}

export function newerSchema(version: number) {
  return unavailable(
    `the database was made by a newer version of holdshort: its schema is ${version}, this version knows ${VERSION}`,
    'use that version, or another database',
  );
}

export function olderSchema(version: number) {
  return unavailable(
    version === 0
      ? 'the database has no schema of holdshort'
      : `the database is older than this version of holdshort: its schema is ${version}, this version needs ${VERSION}`,
    'run `holdshort store migrate` as someone who may create roles and schemas there',
  );
}

/** @returns the server's version */
export async function refuseUnfit(client: ClientBase): Promise<number> {
  const { rows } = await client.query(
    "SELECT current_setting('server_version_num')::int AS number, current_setting('server_encoding') AS encoding",
  );
  const number = Number(rows[0]?.number);
  refuseOldServer(number);
  if (rows[0]?.encoding !== 'UTF8')
    throw unavailable(`the database's encoding is ${rows[0]?.encoding}`, 'create one with ENCODING UTF8 and use that');
  return number;
}

/** @throws store_unavailable where another made a schema of this name: they could drop what is in it */
async function isToBeMade(client: ClientBase): Promise<boolean> {
  const { rows } = await client.query<{ owner: string }>(
    "SELECT pg_get_userbyid(nspowner) AS owner FROM pg_namespace WHERE nspname = 'holdshort'",
  );
  const owner = rows[0]?.owner;
  if (owner !== undefined && owner !== OWNER)
    throw unavailable(`the schema holdshort belongs to ${owner}`, 'drop or rename it, or use another database');
  return owner === undefined;
}

export function refuseOldServer(number: number): void {
  if (number >= 150_000) return;
  throw unavailable(`the server is PostgreSQL ${Math.floor(number / 10_000)}`, 'use version 15 or a newer one');
}

/** Roles are the server's, not the database's: another installation's migration may make them at the same moment. */
async function makeRoles(client: ClientBase): Promise<void> {
  for (const role of [OWNER, ...ROLES.map(roleName)])
    await client.query(
      `DO $$ BEGIN CREATE ROLE ${role} NOLOGIN; EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$`,
    );
}

/**
 * Who isn't a superuser has to be a member to create things as the owner, and only for as long as that takes. From
 * version 16 on, who made a role is one that may let others in, and can't become the role yet.
 * @returns whether this has to be taken back
 */
async function joinOwner(client: ClientBase, server: number): Promise<boolean> {
  const [needed, manner] = server >= 160_000 ? ['SET', ' WITH SET TRUE, INHERIT FALSE'] : ['MEMBER', ''];
  const { rows } = await client.query<{ may: boolean }>('SELECT pg_has_role(current_user, $1, $2) AS may', [
    OWNER,
    needed,
  ]);
  if (rows[0]?.may === true) return false;
  await client.query(`GRANT ${OWNER} TO CURRENT_USER${manner}`);
  return true;
}
