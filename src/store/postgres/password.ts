import type { ClientConfig } from 'pg';
import { unavailable } from './failures.ts';

/** What libpq's file of passwords is looked up by. */
type Connecting = Pick<ClientConfig, 'host' | 'port' | 'database' | 'user'>;

/**
 * The password of a login, where the server asks for one: from the environment, or the file that PGPASSFILE names
 * (otherwise ~/.pgpass). It is read for each connection, so that a new password holds without a restart.
 * @throws store_unavailable
 */
export async function passwordFor(to: Connecting): Promise<string> {
  const { PGPASSWORD, PGPASSFILE } = process.env;
  if (PGPASSWORD !== undefined) return PGPASSWORD;
  const { default: find } = await import('pgpass');
  const password = await new Promise<string | undefined>((resolve) => find(to, resolve));
  if (password !== undefined) return password;
  const file = PGPASSFILE ?? '~/.pgpass';
  throw unavailable(
    `the database asks ${to.user} for a password, and no line of ${file} that may be used has it`,
    `write the line ${to.host}:${to.port}:${to.database}:${to.user}:PASSWORD into a file of mode 600, and name that in PGPASSFILE`,
  );
}
