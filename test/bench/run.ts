/**
 * `npm run bench`: what Holdshort costs, each figure beside its yardstick, measured alternately in this one run.
 * Timings depend on the machine; the ratios much less.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DescribeInstancesCommand, EC2Client } from '@aws-sdk/client-ec2';
import Database from 'better-sqlite3';
import { countTokens } from 'gpt-tokenizer/encoding/o200k_base';
import { openSqliteStore } from '../../src/store/sqlite/store.ts';
import { startSandboxProcess } from '../scenes/cloud.ts';
import { approve, CLI, makePlace, REASON, until } from '../scenes/front-door.ts';
import { enroll } from '../scenes/here.ts';
import { executedPerSecond } from './executors.ts';
import { median, print, type Row, ratioOf, spawnToList, timed } from './measure.ts';
import { newOpening } from './opening.ts';
import { measureTeams } from './teams.ts';
import { ticketsPerSecond } from './writers.ts';

/** Processes that write tickets, how many tickets they write together, and how many are there before. */
const [WRITERS, WRITTEN, BEFORE] = [32, 1600, 1000];

/** Tickets that executors carry out. */
const EXECUTED = 1000;

const rows: Row[] = [];
try {
  await startUp();
  await readTool();
  await openingATicket();
  await manyWriters();
  await decisionToWire();
  await toolList();
  await measureTeams((row) => rows.push(row));
  // Last: where a ticket isn't carried out it ends the run, and the rest has been measured.
  await manyExecutors();
} finally {
  print(rows);
}

async function startUp(): Promise<void> {
  await using place = makePlace();
  const echo = ['test/bench/echo-server.ts'];
  const ours: { ms: number; rss: number }[] = [];
  const bare: { ms: number; rss: number }[] = [];
  for (let round = 0; round < 21; round++) {
    bare.push(await spawnToList(echo, place.env));
    ours.push(await spawnToList([CLI, 'serve'], place.env));
  }
  const ms = { ours: median(ours.slice(1).map((one) => one.ms)), bare: median(bare.slice(1).map((one) => one.ms)) };
  const rss = { ours: median(ours.map((one) => one.rss)), bare: median(bare.map((one) => one.rss)) };
  rows.push(ratioOf('spawn to tools/list', ms.ours, ms.bare, 'bare SDK echo server', 'ms', 0.85));
  rows.push(ratioOf('peak RSS by then', rss.ours, rss.bare, 'bare SDK echo server', 'MiB', 1.15));
}

async function readTool(): Promise<void> {
  await using cloud = await startSandboxProcess({ instances: [{ count: 3 }] });
  await using place = makePlace({ endpoint: cloud.endpoint });
  const agent = await place.agent();
  const sdk = new EC2Client({
    endpoint: cloud.endpoint,
    region: 'eu-west-1',
    credentials: { accessKeyId: 'testing', secretAccessKey: 'testing' },
  });
  const direct: number[] = [];
  const through: number[] = [];
  for (let round = 0; round < 400; round++) {
    direct.push(await timed(() => sdk.send(new DescribeInstancesCommand({}))));
    through.push(await timed(() => agent.call('ec2_describe_instances')));
  }
  const [a, b] = [median(through.slice(100)), median(direct.slice(100))];
  rows.push({
    what: 'read tool, p50',
    ours: `${a.toFixed(2)} ms`,
    yardstick: `${b.toFixed(2)} ms same SDK call`,
    measured: `+${(a - b).toFixed(2)} ms`,
    target: '+1.2 ms',
    met: a - b <= 1.2,
  });
}

async function openingATicket(): Promise<void> {
  const home = mkdtempSync(join(tmpdir(), 'holdshort-bench-'));
  const bare = new Database(join(home, 'bare.db'));
  bare.pragma('journal_mode = WAL');
  bare.pragma('synchronous = FULL');
  bare.exec('CREATE TABLE t (id INTEGER PRIMARY KEY, text TEXT)');
  const insert = bare.prepare('INSERT INTO t (text) VALUES (?)');
  const store = openSqliteStore({ file: join(home, 'holdshort.db') });
  const agent = store.forAgent({ agent: 'bench', operator: 'ops', session: 'ses_bench' });
  const commits: number[] = [];
  const tickets: number[] = [];
  for (let round = 0; round < 400; round++) {
    const opening = newOpening('bench');
    commits.push(await timed(() => insert.run(opening.plan.bytes)));
    tickets.push(await timed(() => agent.openTicket(opening)));
  }
  const [ours, bareOne] = [median(tickets.slice(100)), median(commits.slice(100))];
  rows.push(ratioOf('opening a ticket, p50', ours, bareOne, 'one durable commit', 'ms', 3));
  await store.close();
  bare.close();
  rmSync(home, { recursive: true });
}

/**
 * As many tickets from many servers as from one, into a database with a thousand. A process's first tickets cost two or
 * three times as much, before its code is compiled: so once for servers that were asked before, once for those whose
 * very first calls these are, and once against the same servers one after the other, which tells what it costs that
 * they write at once.
 */
async function manyWriters(): Promise<void> {
  const one = (warmUp: number) => ticketsPerSecond(1, WRITTEN, BEFORE, warmUp);
  await writersAtOnce('tickets from 32 processes at once', 100, one, 'from one');
  await writersAtOnce('their first 50 tickets', 0, one, 'from one');
  const turns = (warmUp: number) => ticketsPerSecond(WRITERS, WRITTEN / WRITERS, BEFORE, warmUp, true);
  await writersAtOnce('their first 50, at once or not', 0, turns, 'one after the other');
}

async function writersAtOnce(
  what: string,
  warmUp: number,
  yardstick: (warmUp: number) => Promise<number>,
  named: string,
): Promise<void> {
  const many: number[] = [];
  const bare: number[] = [];
  for (let round = 0; round < 3; round++) {
    bare.push(await yardstick(warmUp));
    many.push(await ticketsPerSecond(WRITERS, WRITTEN / WRITERS, BEFORE, warmUp));
  }
  const measured = median(many) / median(bare);
  rows.push({
    what,
    ours: `${median(many).toFixed(0)}/s`,
    yardstick: `${median(bare).toFixed(0)}/s ${named}`,
    measured: `${measured.toFixed(2)}x`,
    target: '0.8x',
    met: measured >= 0.8,
  });
}

async function decisionToWire(): Promise<void> {
  const count = 15;
  await using cloud = await startSandboxProcess({ instances: [{ count }] });
  await using place = makePlace({ endpoint: cloud.endpoint, production: 'key' });
  await enroll(place, 'alice');
  const agent = await place.agent();
  const { instances } = await agent.call('ec2_describe_instances');
  const delays: number[] = [];
  for (const { instance_id } of instances) {
    const { ticket } = await agent.call('ec2_terminate_instances', { instance_ids: [instance_id], reason: REASON });
    await approve(place, ticket, 'alice');
    const sent = await until(
      async () =>
        (await cloud.requests('TerminateInstances')).find((request) => JSON.stringify(request).includes(instance_id)),
      (request) => request !== undefined,
    );
    const entries = await place.json(['audit', 'list', '--ticket', ticket.id, '--type', 'decision.recorded']);
    delays.push(Date.parse(sent!.at) - Date.parse(entries[0].at));
  }
  const p50 = median(delays.slice(1));
  rows.push({
    what: 'decision recorded to request on the wire, p50',
    ours: `${p50} ms`,
    yardstick: '',
    measured: `${p50} ms`,
    target: '100 ms',
    met: p50 <= 100,
  });
}

/** As many approved tickets by sixteen executors as by one, turn about: each of them is carried out, once. */
async function manyExecutors(): Promise<void> {
  const [one, many]: [number[], number[]] = [[], []];
  for (let round = 0; round < 3; round++) {
    one.push((await executedPerSecond(EXECUTED, 1)).perSecond);
    many.push((await executedPerSecond(EXECUTED, 16)).perSecond);
  }
  const measured = median(many) / median(one);
  rows.push({
    what: 'tickets executed by 16 processes at once',
    ours: `${median(many).toFixed(1)}/s`,
    yardstick: `${median(one).toFixed(1)}/s by one`,
    measured: `${measured.toFixed(2)}x`,
    target: '1x',
    met: measured >= 1,
  });
}

/** What `tools/list` costs a model in every conversation. */
async function toolList(): Promise<void> {
  await using place = makePlace();
  const tokens = async (what: string, args: readonly string[], target: number) => {
    const agent = await place.agent(args);
    const { tools } = await agent.client.listTools();
    await agent.close();
    const costs = tools.map(({ name, ...rest }) => ({ name, cost: countTokens(JSON.stringify({ name, ...rest })) }));
    const [most] = costs.sort((a, b) => b.cost - a.cost);
    const total = countTokens(JSON.stringify(tools));
    rows.push({
      what: `tools/list, ${what} (${tools.length} tools)`,
      ours: `${total} tokens`,
      yardstick: `most expensive: ${most?.name}, ${most?.cost}`,
      measured: `${total}`,
      target: `${target} (o200k_base)`,
      met: total <= target,
    });
  };
  await tokens('all', [], 10_000);
  await tokens('--toolset cloudformation', ['--toolset', 'cloudformation'], 5_000);
}
