/**
 * `node test/bench/teams.ts [TICKETS]`: what a team's parts cost, alone. On PostgreSQL where there is one from npm, on
 * the same server as its yardsticks; TICKETS are how many the list of pending ones is asked among (100,000).
 */
import { copyFileSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import pg from 'pg';
import { openPostgresStore } from '../../src/store/postgres/store.ts';
import { startSandboxProcess } from '../scenes/cloud.ts';
import { approve, makePlace, REASON, unheard, until } from '../scenes/front-door.ts';
import { enroll } from '../scenes/here.ts';
import { startHub, tokenOf, withIssuer } from '../scenes/hub.ts';
import { fromNpm, MISSING, makeDatabase, makeTemplate, type Server, startServer } from '../store/postgres/server.ts';
import { median, print, type Row, ratioOf, timed } from './measure.ts';
import { newOpening } from './opening.ts';
import { openerOf } from './writers.ts';

const OPENER = fileURLToPath(new URL('./hub-opener.ts', import.meta.url));

const HUBS = 4;
const CALLERS = 32;
/** How many tickets each of them opens, and how many each hub opened before. */
const [EACH, WARM] = [50, 100];
const DECIDED = 15;
const [FEW, MANY] = [1_000, 100_000];
/** As many as the page lists. */
const LISTED = 500;

export async function measureTeams(add: (row: Row) => void, most = MANY): Promise<void> {
  await readThroughHub(add);
  const program = fromNpm();
  if (!program) return console.log(`skipped: tickets, wire and lists on PostgreSQL: ${MISSING}`);
  const server = await startServer(program);
  try {
    await makeTemplate(server, 'template');
    await openingATicket(server, add);
    await callersOfHubs(server, add);
    await decisionToWire(server, add);
    await pendingList(server, add, most);
  } finally {
    await server.stop();
  }
}

async function readThroughHub(add: (row: Row) => void): Promise<void> {
  await using cloud = await startSandboxProcess({ instances: [{ count: 3 }] });
  await using place = makePlace({ endpoint: cloud.endpoint });
  const { issuer, url } = await withIssuer(place);
  const hub = await startHub(place, url);
  const remote = await hub.client(await tokenOf(issuer, url));
  const near = await place.agent();
  const [through, stdio]: [number[], number[]] = [[], []];
  for (let round = 0; round < 400; round++) {
    // Within what one person may ask of a hub in a second.
    if (round > 0 && round % 100 === 0) await new Promise((resolve) => setTimeout(resolve, 6_000));
    stdio.push(await timed(() => near.call('ec2_describe_instances')));
    through.push(await timed(() => remote.call('ec2_describe_instances')));
  }
  const [ours, bare] = [median(through.slice(100)), median(stdio.slice(100))];
  add({
    what: 'read through a hub, p50',
    ours: `${ours.toFixed(2)} ms`,
    yardstick: `${bare.toFixed(2)} ms the same on stdio`,
    measured: `+${(ours - bare).toFixed(2)} ms`,
    target: '+1.5 ms',
    met: ours - bare <= 1.5,
  });
}

/** One writer's, each durable by itself. */
async function bareWriter(server: Server, database: string) {
  const client = new pg.Client(server.superuser(database));
  await client.connect();
  await client.query('CREATE TABLE IF NOT EXISTS public.bare (id bigserial PRIMARY KEY, text bytea)');
  return {
    write: (bytes: string) => client.query('INSERT INTO public.bare (text) VALUES ($1)', [Buffer.from(bytes)]),
    end: () => client.end(),
  };
}

async function openingATicket(server: Server, add: (row: Row) => void): Promise<void> {
  const database = await makeDatabase(server, 'template');
  const store = openPostgresStore({ to: server.login('hub', database) });
  const agent = store.forAgent({ agent: 'bench', operator: 'ops', session: 'ses_bench' });
  const bare = await bareWriter(server, database);
  const [commits, tickets]: [number[], number[]] = [[], []];
  for (let round = 0; round < 400; round++) {
    const opening = newOpening('bench');
    commits.push(await timed(() => bare.write(opening.plan.bytes)));
    tickets.push(await timed(() => agent.openTicket(opening)));
  }
  await bare.end();
  await store.close();
  const [ours, one] = [median(tickets.slice(100)), median(commits.slice(100))];
  add(ratioOf('opening a ticket on PostgreSQL, p50', ours, one, 'one commit there', 'ms', 3));
}

async function callersOfHubs(server: Server, add: (row: Row) => void): Promise<void> {
  const [many, one]: [number[], number[]] = [[], []];
  for (let round = 0; round < 3; round++) {
    const database = await makeDatabase(server, 'template');
    const bare = await bareWriter(server, database);
    const { bytes } = newOpening('bench').plan;
    for (let count = 0; count < WARM; count += 1) await bare.write(bytes);
    const commits = 1_000;
    const ms = await timed(async () => {
      for (let count = 0; count < commits; count += 1) await bare.write(bytes);
    });
    one.push((commits * 1_000) / ms);
    await bare.end();
    many.push(await openedPerSecond(server, database, CALLERS / HUBS, EACH, WARM));
  }
  const measured = median(many) / median(one);
  add({
    what: `tickets from ${CALLERS} callers on ${HUBS} hubs`,
    ours: `${median(many).toFixed(0)}/s`,
    yardstick: `${median(one).toFixed(0)}/s commits of one writer`,
    measured: `${measured.toFixed(2)}x`,
    target: '3x',
    met: measured >= 3,
  });
}

async function openedPerSecond(server: Server, database: string, callers: number, each: number, warm: number) {
  const to = JSON.stringify(server.login('hub', database));
  const hubs = Array.from({ length: HUBS }, () => openerOf(OPENER, [to, ...[callers, each, warm].map(String)]));
  await Promise.all(hubs.map(({ said }) => said('ready')));
  const ms = await timed(async () => {
    for (const { child } of hubs) child.stdin?.write('go\n');
    await Promise.all(hubs.map(({ said }) => said('done')));
  });
  await Promise.all(hubs.map(({ exited }) => exited));
  return (HUBS * callers * each * 1_000) / ms;
}

/** The executor has nothing of the host where people decide but the store, the anchor and the pinned root. */
async function decisionToWire(server: Server, add: (row: Row) => void): Promise<void> {
  const anchor = mkdtempSync(join(tmpdir(), 'holdshort-anchor-'));
  const store = server.address('hub', await makeDatabase(server, 'template'));
  await using cloud = await startSandboxProcess({ instances: [{ count: DECIDED }] });
  const config = `store: ${store}\nanchor: ${anchor}\n`;
  const host = () => makePlace({ endpoint: cloud.endpoint, config, production: 'key' });
  await using desk = host();
  await using other = host();
  await enroll(desk, 'alice');
  mkdirSync(join(other.home, 'keys'), { mode: 0o700 });
  copyFileSync(join(desk.home, 'keys/root.json'), join(other.home, 'keys/root.json'));
  unheard(other.start(['executor']));
  const agent = await desk.agent(['--no-executor']);
  const { instances } = await agent.call('ec2_describe_instances');
  const delays: number[] = [];
  for (const { instance_id } of instances) {
    const { ticket } = await agent.call('ec2_terminate_instances', { instance_ids: [instance_id], reason: REASON });
    await approve(desk, ticket, 'alice');
    const sent = await until(
      async () =>
        (await cloud.requests('TerminateInstances')).find((request) => JSON.stringify(request).includes(instance_id)),
      (request) => request !== undefined,
    );
    const entries = await desk.json(['audit', 'list', '--ticket', ticket.id, '--type', 'decision.recorded']);
    delays.push(Date.parse(sent!.at) - Date.parse(entries[0].at));
  }
  rmSync(anchor, { recursive: true, force: true });
  const p50 = median(delays.slice(1));
  add({
    what: "decision to request on the wire from another host's executor, p50",
    ours: `${p50} ms`,
    yardstick: '',
    measured: `${p50} ms`,
    target: '100 ms',
    met: p50 <= 100,
  });
}

/** What waits, as the page asks for it, among many tickets that wait, as against few. */
async function pendingList(server: Server, add: (row: Row) => void, most: number): Promise<void> {
  const filled = async (tickets: number) => {
    const database = await makeDatabase(server, 'template');
    const callers = CALLERS / HUBS;
    await openedPerSecond(server, database, callers, Math.ceil(tickets / (HUBS * callers)), 0);
    const client = new pg.Client(server.superuser(database));
    await client.connect();
    // As autovacuum does by itself, in its own time.
    await client.query('VACUUM ANALYZE');
    await client.end();
    const store = openPostgresStore({ to: server.login('hub', database) });
    const approver = store.forApprover();
    return { list: () => approver.tickets({ state: 'pending', limit: LISTED }), close: () => store.close() };
  };
  const [few, many] = [await filled(FEW), await filled(most)];
  const [short, long]: [number[], number[]] = [[], []];
  for (let round = 0; round < 60; round++) {
    short.push(await timed(few.list));
    long.push(await timed(many.list));
  }
  await Promise.all([few.close(), many.close()]);
  const among = (tickets: number) => tickets.toLocaleString('en-US');
  const [ours, one] = [median(long.slice(20)), median(short.slice(20))];
  add(ratioOf(`pending list at ${among(most)} tickets`, ours, one, `at ${among(FEW)}`, 'ms', 1.5));
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const rows: Row[] = [];
  await measureTeams((row) => rows.push(row), Number(process.argv[2] ?? MANY)).finally(() => print(rows));
}
