import type { Client, ClientConfig } from 'pg';
import { storeFailure } from './failures.ts';
import { readHead } from './log-reader.ts';
import { migrate, schemaVersion } from './migrate.ts';
import { type Reader, readerOf } from './reader.ts';
import { ROLES, type Role, roleName } from './roles.ts';
import { schemaFaults } from './schema-check.ts';
import { prepareLook, settings } from './session.ts';

/** What an operator is told of a database. */
interface StoreStanding {
  readonly server: string;
  readonly schema: number;
  readonly login: string;
  readonly roles: readonly Role[];
  /** Entries in the log. */
  readonly size: number;
  /** What isn't as the migrations make it. */
  readonly faults: readonly string[];
}

const WHO = `SELECT current_setting('server_version') AS server, session_user AS login,
  ARRAY(SELECT r FROM unnest($1::text[]) AS r WHERE pg_has_role(session_user, r, 'MEMBER')) AS roles`;

/** @throws store_unavailable where this login can't be worked with at all, or the schema is another version's */
export function checkStore(to: ClientConfig, clock?: string): Promise<StoreStanding> {
  return connected(to, async (client) => {
    await prepareLook(client);
    const db: Reader = readerOf(client, 0);
    const who = await db.get<{ server: string; login: string; roles: string[] }>(WHO, ROLES.map(roleName));
    const { size } = await readHead(db);
    return {
      server: who?.server ?? '',
      login: who?.login ?? '',
      schema: await schemaVersion(client),
      roles: ROLES.filter((role) => who?.roles.includes(roleName(role))),
      size,
      faults: await schemaFaults(db, clock),
    };
  });
}

/** @throws store_unavailable */
export function migrateStore(to: ClientConfig): Promise<{ from: number; to: number }> {
  return connected(to, (client) => migrate(client));
}

async function connected<T>(to: ClientConfig, work: (client: Client) => Promise<T>): Promise<T> {
  const { default: pg } = await import('pg');
  const client = new pg.Client(settings(to, pg.types));
  client.on('error', () => {});
  try {
    await client.connect();
    return await work(client);
  } catch (error) {
    throw storeFailure(error);
  } finally {
    await client.end().catch(() => undefined);
  }
}
