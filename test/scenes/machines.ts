import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { asked, makeDatabase, makeTemplate, type Server } from '../store/postgres/server.ts';
import { makePlace, type Place } from './front-door.ts';
import { enroll } from './here.ts';

/** Machines that share a PostgreSQL and an anchor: a state folder and keys of each one's own. */
export interface Machines {
  /** The address of the database, as a login of `test/store/postgres/server.ts`. */
  address(login: string): string;
  /** What the configuration of each says. */
  readonly config: string;
  /** Where people are enrolled, and their keys are. */
  readonly desk: Place;
  /** One more, to which an operator copies from `keys/` what machines have in common. */
  another(options?: {
    readonly config?: string;
    readonly login?: string;
    readonly env?: Record<string, string>;
  }): Place;
  /** As an operator does, who sets up another machine: what machines have in common. */
  copyKeys(from: Place, to: Place): void;
  /** What the database says, past all roles, in words that SQLite's file knows too. */
  rows(sql: string): Promise<readonly Record<string, any>[]>;
  [Symbol.asyncDispose](): Promise<void>;
}

/** Keys that are the same on all of them; those of people stay where these are. */
const IN_COMMON = /^(root|recovery-.*)\.json$|^(secrets|links|companion)\.key$/;

interface MachinesOptions {
  readonly endpoint: string;
  /** What the configuration of each says besides. */
  readonly config?: string;
  /** Enrolled with key files, the first one signing for the others. */
  readonly approvers: readonly string[];
}

/** On a database of its own. The server, in which there may be others, stays. */
export async function machinesOn(
  server: Server,
  { endpoint, config: more = '', approvers }: MachinesOptions,
): Promise<Machines> {
  await makeTemplate(server, TEMPLATE).catch(whereItIs);
  const database = await makeDatabase(server, TEMPLATE);
  const anchor = mkdtempSync(join(tmpdir(), 'holdshort-anchor-'));
  const address = (login: string) => server.address(login, database);
  const config = `anchor: ${anchor}\n${more}`;
  const places: Place[] = [];
  const machine: Machines['another'] = ({ config: own = '', login = 'hub', env = {} } = {}) => {
    const all = { env: { HOLDSHORT_STORE: address(login), ...env }, config: config + own };
    const place = makePlace({ endpoint, production: 'key', ...all });
    places.push(place);
    return place;
  };
  const desk = machine();
  for (const name of approvers) await enroll(desk, name, approvers[0]);
  return {
    ...{ address, config, desk, copyKeys },
    another(options) {
      const place = machine(options);
      copyKeys(desk, place);
      return place;
    },
    rows: (sql) =>
      asked({ ...server.superuser(database), options: '-c search_path=holdshort' }, async (client) => {
        const { rows } = await client.query(sql);
        return rows;
      }),
    async [Symbol.asyncDispose]() {
      for (const place of places) await place[Symbol.asyncDispose]();
      rmSync(anchor, { recursive: true, force: true });
    },
  };
}

const TEMPLATE = 'machines';

function whereItIs(error: Error & { code?: string }): void {
  if (error.code !== '42P04') throw error;
}

function copyKeys(from: Place, to: Place): void {
  const [source, target] = [from, to].map(({ home }) => join(home, 'keys')) as [string, string];
  if (!existsSync(target)) mkdirSync(target, { mode: 0o700 });
  for (const name of readdirSync(source).filter((file) => IN_COMMON.test(file)))
    cpSync(join(source, name), join(target, name));
  chmodSync(target, 0o700);
}
