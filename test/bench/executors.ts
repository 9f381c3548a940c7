/**
 * `node test/bench/executors.ts [TICKETS] [EXECUTORS]...`: how many approved tickets a second so many executors carry
 * out, each a process of the built command, from the moment at which all tickets are approved.
 */
import type { ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import Database from 'better-sqlite3';
import { tagging } from '../scenes/approved.ts';
import { startSandboxProcess } from '../scenes/cloud.ts';
import { makePlace, unheard, until } from '../scenes/front-door.ts';
import { agentHere } from '../scenes/here.ts';

const NOTHING_HELD = 'environments: [{ name: sandbox, match: { regions: [eu-west-1] } }]\n';
const READY_MS = 2_000;

export async function executedPerSecond(
  tickets: number,
  executors: number,
): Promise<{ readonly perSecond: number; readonly cpuMs: number }> {
  await using cloud = await startSandboxProcess({ instances: [{ count: tickets }] });
  await using place = makePlace({ endpoint: cloud.endpoint, config: NOTHING_HELD });
  const agent = await agentHere(place, {});
  const instances: string[] = [];
  for (let cursor: string | undefined; ; ) {
    const page = await agent.call('ec2_describe_instances', cursor === undefined ? {} : { cursor });
    instances.push(...page.instances.map(({ instance_id }: { instance_id: string }) => instance_id));
    cursor = page.cursor;
    if (cursor === undefined) break;
  }
  if (instances.length !== tickets) throw new Error(`${instances.length} instances, not ${tickets}`);
  await agent.close();
  const started = Array.from({ length: executors }, () => unheard(place.start(['executor'])));
  await sleep(READY_MS + 400 * executors);
  await tagging(place, instances);
  const [startedAt, before] = [performance.now(), cpuMsOf(started)];
  const db = new Database(place.database, { readonly: true });
  const count = db.prepare<[string], { tickets: number }>('SELECT count(*) AS tickets FROM ticket WHERE state = ?');
  const inState = (state: string) => count.get(state)?.tickets ?? 0;
  await until(
    () => inState('approved') + inState('executing'),
    (left) => left === 0,
    600_000,
    100,
  );
  const seconds = (performance.now() - startedAt) / 1000;
  const cpuMs = (cpuMsOf(started) - before) / tickets;
  const [succeeded, sent] = [inState('succeeded'), (await cloud.requests('CreateTags')).length];
  const ends = db
    .prepare(`SELECT detail -> '$.result.detail' AS why, count(*) AS tickets FROM audit_events
        WHERE type = 'ticket.failed' GROUP BY why`)
    .all();
  db.close();
  if (succeeded !== tickets || sent !== tickets)
    throw new Error(`${succeeded} succeeded and ${sent} were sent, of ${tickets}: ${JSON.stringify(ends)}`);
  return { perSecond: tickets / seconds, cpuMs };
}

/** What these processes computed (Linux; otherwise NaN): on a busy machine it tells more than a clock. */
function cpuMsOf(processes: readonly ChildProcess[]): number {
  const ticks = processes.map(({ pid }) => {
    try {
      const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
      return Number(fields[11]) + Number(fields[12]);
    } catch {
      return Number.NaN;
    }
  });
  return 10 * ticks.reduce((sum, one) => sum + one, 0);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const [tickets = 1000, ...executors] = process.argv.slice(2).map(Number);
  for (const count of executors.length > 0 ? executors : [1, 4, 16]) {
    const { perSecond, cpuMs } = await executedPerSecond(tickets, count);
    console.log(
      `${count} executors, ${tickets} tickets: ${perSecond.toFixed(1)}/s, ${cpuMs.toFixed(0)} ms of processor each`,
    );
  }
}
