import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmodSync, chownSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Between, startBetween } from '../scenes/between.ts';
import { type Cloud, startSandboxProcess } from '../scenes/cloud.ts';
import { CLI, stop, until } from '../scenes/front-door.ts';
import { type OidcIssuer, startOidc } from '../scenes/oidc.ts';
import { freePort } from '../scenes/page-process.ts';
import { asked, fromNpm, MISSING, type Server, startServer } from '../store/postgres/server.ts';

/** A machine of its own, or as near as one gets on one machine: an OS user, a home that nobody else may enter. */
export interface Host {
  readonly home: string;
  readonly env: Record<string, string>;
  /** Undefined: the user of this process. */
  readonly user: number | undefined;
  /** A command of the built program, run to its end; it must succeed. */
  cli(...args: readonly string[]): Promise<string>;
  start(args: readonly string[], program?: string): ChildProcess;
}

export interface Stage {
  readonly folder: string;
  readonly cloud: Cloud;
  readonly server: Server;
  readonly issuer: OidcIssuer;
  readonly between: Between;
  /** Where people's commands are typed. */
  readonly desk: Host;
  readonly hubs: readonly Host[];
  readonly executors: readonly Host[];
  readonly agent: Host;
  /** Of a person who decides: their chat client runs there. */
  readonly chat: Host;
  /** Every password of this stage. */
  readonly passwords: readonly string[];
  /** Why all parts run as one OS user. */
  readonly oneUser: string | undefined;
  startHubs(): Promise<void>;
  startExecutors(): Promise<void>;
  close(): Promise<void>;
}

/** Numbers that no account has: only files that are theirs, or everybody's, can be read by them. */
const USERS = { hub: 64_001, executor: 64_002, agent: 64_003, chat: 64_004 } as const;

const LOGINS = {
  hub: 'holdshort_agent, holdshort_approver, holdshort_notifier',
  runner: 'holdshort_executor',
  people: 'holdshort_approver, holdshort_auditor',
} as const;

const DATABASE = 'holdshort';
/** What the issuer's tokens are good for: one scope for agents, one for people's chat clients. */
const SCOPE = 'holdshort.use';
const DECIDE = 'holdshort.decide';
/** As which client people log in, so that their approvals count. */
const CLIENT = 'holdshort';

/** @throws where there is no PostgreSQL */
export async function setStage(): Promise<Stage> {
  const program = fromNpm();
  if (!program) throw new Error(MISSING);
  const oneUser = whyOneUser();
  const ends: (() => Promise<void>)[] = [];
  const close = async () => {
    for (const end of ends.toReversed()) await end();
  };
  try {
    const folder = mkdtempSync(join(tmpdir(), 'holdshort-team-'));
    chmodSync(folder, 0o711);
    ends.push(async () => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));
    const hostIn = (name: string, user: number | undefined, env: Record<string, string> = {}) => {
      const host = makeHost(join(folder, name), oneUser === undefined ? user : undefined, env);
      ends.push(host.end);
      return host;
    };
    const cloud = await startSandboxProcess({ instances: [{ count: 2 }] });
    ends.push(() => cloud[Symbol.asyncDispose]());
    const server = await startServer(program);
    ends.push(() => server.stop());
    const awsOf = (id: string) => ({
      ...{ AWS_ENDPOINT_URL: cloud.endpoint, AWS_REGION: 'eu-west-1', AWS_EC2_METADATA_DISABLED: 'true' },
      ...{ AWS_ACCESS_KEY_ID: id, AWS_SECRET_ACCESS_KEY: randomBytes(20).toString('hex') },
    });
    const desk = hostIn('desk', undefined);
    const hubs = ['hub-1', 'hub-2'].map((name) => hostIn(name, USERS.hub, awsOf('HUBREADS')));
    const executors = ['1', '2'].map((n) => hostIn(`executor-${n}`, USERS.executor, awsOf(`EXECUTOR${n}`)));
    const agent = hostIn('agent', USERS.agent);
    const chat = hostIn('chat', USERS.chat);
    const passwords = await makeStore(server, { desk, hubs, executors });
    const ports = await Promise.all(hubs.map(freePort));
    const between = await startBetween(ports);
    ends.push(() => between.close());
    const resources = ['/mcp', '/companion/mcp'].map((path) => between.url + path);
    const issuer = await startOidc({ resources, scopes: [SCOPE, DECIDE] });
    ends.push(() => issuer.close());
    await issuer.add({
      ...{ client_id: CLIENT, application_type: 'native', token_endpoint_auth_method: 'none' },
      ...{ grant_types: ['authorization_code'], response_types: ['code'], redirect_uris: [`${between.url}/login`] },
    });
    const logins = ['approvals:', '  login:', `    issuer: ${issuer.issuer}`, `    client_id: ${CLIENT}`, ''].join(
      '\n',
    );
    // What links, the digests that stand for secrets, and the keys of chat clients are made with is the same on both.
    const keys = ['links', 'secrets', 'companion'].map((name) => [`keys/${name}.key`, randomBytes(32)] as const);
    for (const [at, hub] of hubs.entries()) {
      mkdirSync(join(hub.home, 'keys'), { mode: 0o700 });
      own(join(hub.home, 'keys'), hub.user);
      for (const [name, bytes] of keys) give(hub, name, bytes);
      const rules = ['  agents:', '    - match: { groups: payments }', '      agent: assistant'];
      const where = [`  listen: 127.0.0.1:${ports[at]}`, `  url: ${between.url}`, `  issuer: ${issuer.issuer}`];
      const both = [`  scope: ${SCOPE}`, '  companions: {}'];
      give(hub, 'config.yaml', [logins + storeLine(server, 'hub'), 'hub:', ...where, ...both, ...rules, ''].join('\n'));
    }
    const anchor = join(folder, 'anchor');
    mkdirSync(anchor, { mode: 0o700 });
    own(anchor, executors[0]?.user);
    for (const executor of executors)
      give(executor, 'config.yaml', `${logins}${storeLine(server, 'runner')}\nanchor: ${anchor}\n`);
    give(desk, 'config.yaml', `${logins}${storeLine(server, 'people')}\n`);
    return {
      ...{ folder, cloud, server, issuer, between, desk, hubs, executors, agent, chat, passwords, oneUser, close },
      startHubs: () => startAll(hubs, ['hub'], 'the hub serves agents'),
      startExecutors: () => startAll(executors, ['executor'], 'executing approved tickets'),
    };
  } catch (error) {
    await close();
    throw error;
  }
}

function whyOneUser(): string | undefined {
  if (process.getuid?.() !== 0) return 'other OS users need root';
  const { status } = spawnSync(process.execPath, [CLI, '--version'], { uid: USERS.agent, gid: USERS.agent, env: {} });
  return status === 0 ? undefined : 'other OS users may not enter this folder';
}

const storeLine = (server: Server, login: keyof typeof LOGINS) => `store: ${server.address(login, DATABASE)}`;

/** As `docs/store.md` has it; each login's password is in one file of who uses it. */
async function makeStore(
  server: Server,
  hosts: { desk: Host; hubs: readonly Host[]; executors: readonly Host[] },
): Promise<readonly string[]> {
  const passwordOf = Object.fromEntries(
    ['postgres', ...Object.keys(LOGINS)].map((login) => [login, randomBytes(18).toString('base64url')]),
  );
  // Its own folder stays the server's: only the socket in it is everybody's.
  chmodSync(server.folder, 0o711);
  await asked(server.superuser(), async (client) => {
    await client.query(`CREATE DATABASE ${DATABASE}`);
    await client.query(`ALTER ROLE postgres PASSWORD '${passwordOf.postgres}'`);
    for (const login of Object.keys(LOGINS))
      await client.query(`CREATE ROLE ${login} LOGIN PASSWORD '${passwordOf[login]}'`);
    writeFileSync(join(server.data, 'pg_hba.conf'), 'local all all scram-sha-256\n');
    await client.query('SELECT pg_reload_conf()');
  });
  const line = (login: string) => `*:*:*:${login}:${passwordOf[login]}\n`;
  give(hosts.desk, 'pgpass', line('people') + line('postgres'));
  for (const hub of hosts.hubs) give(hub, 'pgpass', line('hub'));
  for (const executor of hosts.executors) give(executor, 'pgpass', line('runner'));
  await hosts.desk.cli('store', 'migrate', server.address('postgres', DATABASE));
  const superuser = { ...server.superuser(DATABASE), password: passwordOf.postgres ?? '' };
  await asked(superuser, async (client) => {
    for (const [login, roles] of Object.entries(LOGINS)) await client.query(`GRANT ${roles} TO ${login}`);
  });
  return Object.values(passwordOf);
}

function own(path: string, user: number | undefined): void {
  if (user !== undefined) chownSync(path, user, user);
}

function give(host: Host, name: string, text: string | Buffer): void {
  const path = join(host.home, name);
  writeFileSync(path, text, { mode: 0o600 });
  own(path, host.user);
}

function makeHost(
  home: string,
  user: number | undefined,
  more: Record<string, string>,
): Host & { end(): Promise<void> } {
  mkdirSync(home, { mode: 0o700 });
  own(home, user);
  const as = user === undefined ? {} : { uid: user, gid: user };
  const env = { PATH: '/usr/local/bin:/usr/bin:/bin', HOME: home, ...more };
  const itself = { ...env, HOLDSHORT_HOME: home, PGPASSFILE: join(home, 'pgpass') };
  const running = new Set<ChildProcess>();
  const start: Host['start'] = (args, program) => {
    const child = spawn(process.execPath, [program ?? CLI, ...args], { ...as, env: program ? env : itself });
    running.add(child);
    child.once('exit', () => running.delete(child));
    return child;
  };
  return {
    ...{ home, env, user, start },
    async cli(...args) {
      const child = start(args);
      let [said, wrong] = ['', ''];
      child.stdout?.on('data', (chunk) => (said += chunk));
      child.stderr?.on('data', (chunk) => (wrong += chunk));
      child.stdin?.end();
      const code = await new Promise((ended) => child.once('close', ended));
      if (code !== 0) throw new Error(`holdshort ${args.join(' ')}: exit ${code}: ${wrong}`);
      return said;
    },
    end: async () => void (await Promise.all([...running].map((child) => stop(child)))),
  };
}

async function startAll(hosts: readonly Host[], args: readonly string[], ready: string): Promise<void> {
  await Promise.all(
    hosts.map(async (host) => {
      const child = host.start(args);
      let said = '';
      for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk) => (said += chunk));
      await until(
        () => said,
        (text) => text.includes(ready) || child.exitCode !== null,
      );
      if (child.exitCode !== null) throw new Error(`holdshort ${args.join(' ')} ended: ${said}`);
    }),
  );
}
