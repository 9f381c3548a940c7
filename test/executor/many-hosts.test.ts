import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DescribeInstancesCommand } from '@aws-sdk/client-ec2';
import { describe, expect, test } from 'vitest';
import { EXIT } from '../../src/present/command-result.ts';
import { bounded } from '../scenes/bounded.ts';
import { wrongClock } from '../scenes/clock.ts';
import { type Cloud, startCloud } from '../scenes/cloud.ts';
import { makePlace, type Place, REASON, stop, until } from '../scenes/front-door.ts';
import { agentHere, done, enroll } from '../scenes/here.ts';
import { machinesOn } from '../scenes/machines.ts';
import { reading } from '../scenes/state.ts';
import { directClient, makers } from '../scenes/storage.ts';
import { fromNpm, MISSING, startServer } from '../store/postgres/server.ts';

/*
 * Executors on hosts whose clocks don't agree: each approved change once, and nobody's clock takes anything from the
 * others. On SQLite hosts are processes of one machine; on PostgreSQL each has a state folder of its own.
 */

const program = fromNpm();
if (!program) console.warn(`skipped: executors of several hosts on PostgreSQL: ${MISSING}`);

interface Hosts {
  /** Where an agent asks and people decide. */
  readonly desk: Place;
  /** Where executors are. */
  readonly hosts: readonly [Place, Place];
  rows(sql: string): Promise<readonly Record<string, any>[]>;
  [Symbol.asyncDispose](): Promise<void>;
}

const MANY = 'quotas: { destructive_per_hour: 1000000, pending: 1000000 }\n';

async function onSqlite(endpoint: string): Promise<Hosts> {
  const desk = makePlace({ endpoint, config: MANY, production: 'key' });
  await enroll(desk, 'ana');
  const end = () => desk[Symbol.asyncDispose]();
  return { desk, hosts: [desk, desk], rows: async (sql) => reading(desk, sql), [Symbol.asyncDispose]: end };
}

async function onPostgres(endpoint: string): Promise<Hosts> {
  if (!program) throw new Error(MISSING);
  const server = await startServer(program, ['max_connections=300']);
  const machines = await machinesOn(server, { endpoint, config: MANY, approvers: ['ana'] });
  const host = () => machines.another({ login: 'an_executor' });
  return {
    ...{ desk: machines.desk, hosts: [host(), host()], rows: machines.rows },
    async [Symbol.asyncDispose]() {
      await machines[Symbol.asyncDispose]();
      await server.stop();
    },
  };
}

const STORES = [
  { store: 'SQLite', made: onSqlite, there: true },
  { store: 'PostgreSQL', made: onPostgres, there: program !== undefined },
];

/** An executor, which AWS knows by `as`. */
const executor = (host: Place, as: string, hoursOff: number, more: readonly string[] = []) =>
  host.start(['executor', ...more], { AWS_ACCESS_KEY_ID: as, ...wrongClock(hoursOff) });

const [ADMIN, TOOL] = ['ana', 'ec2_stop_instances'];
/** Ten minutes between the clocks of two hosts. */
const HOURS_OFF = 5 / 60;

interface Opened {
  readonly id: string;
  readonly digest: string;
}

/** An agent's tickets, each about an instance. */
async function asking({ desk }: Hosts, where: { readonly place?: Place } = {}) {
  const agent = await agentHere(where.place ?? desk, { operator: 'otto' });
  return async (instance: string, more: object = {}): Promise<Opened> => {
    const { ticket, ...answer } = await agent.call(TOOL, { instance_ids: [instance], reason: REASON, ...more });
    if (ticket?.state !== 'pending') throw new Error(JSON.stringify({ ticket, ...answer }));
    return ticket;
  };
}

async function approve({ desk }: Hosts, tickets: readonly Opened[]): Promise<void> {
  const digests = tickets.flatMap(({ digest }) => ['--digest', digest]);
  await done(desk, 'approve', ...tickets.map(({ id }) => id), '--yes', ...digests, '--as', ADMIN);
}

async function idsIn({ rows }: Hosts, state: string): Promise<readonly string[]> {
  return (await rows(`SELECT id FROM ticket_overview WHERE state = '${state}'`)).map(({ id }) => id);
}

const becomes = (hosts: Hosts, { id }: Opened, state: string) =>
  until(
    () => idsIn(hosts, state),
    (ids) => ids.includes(id),
  );

async function entriesOf({ rows }: Hosts, type: string): Promise<readonly string[]> {
  return (await rows(`SELECT ticket FROM audit_events WHERE type = '${type}'`)).map(({ ticket }) => ticket);
}

async function verified({ desk }: Hosts): Promise<void> {
  const { code, stdout, stderr } = await desk.cli(['audit', 'verify']);
  expect(code, stdout + stderr).toBe(EXIT.done);
}

/** Which instances were stopped, and by whom, as AWS has it. */
const stopped = async (cloud: Cloud) =>
  (await cloud.requests('StopInstances')).map(({ parameters, user_identity }) => ({
    instances: parameters.InstanceIds as string[],
    by: user_identity?.accessKeyId ?? '',
  }));

async function instancesOf(cloud: Cloud, region = 'eu-west-1'): Promise<readonly string[]> {
  const ec2 = directClient(cloud.endpoint, region);
  const { Reservations = [] } = await ec2.send(new DescribeInstancesCommand({}));
  ec2.destroy();
  return Reservations.flatMap(({ Instances = [] }) => Instances.map(({ InstanceId = '' }) => InstanceId));
}

describe.each(STORES)('executors on $store', ({ made, there }) => {
  test.skipIf(!there)(
    'whose clocks are ten minutes apart carry out each of many approved tickets once',
    async () => {
      const count = bounded('approved tickets, for executors on clocks ten minutes apart', 1_000, 40);
      const executors = bounded('executors at them', 16, 4);
      await using cloud = await startCloud({ instances: [{ count }] }, { latencyMs: 5 });
      await using hosts = await made(cloud.endpoint);
      const start = (n: number) =>
        n % 2 === 0
          ? executor(hosts.hosts[0], `AHEAD${n}`, HOURS_OFF)
          : executor(hosts.hosts[1], `BEHIND${n}`, -HOURS_OFF);
      const instances = await instancesOf(cloud);
      const ask = await asking(hosts);
      const tickets: Opened[] = [];
      for (const instance of instances) tickets.push(await ask(instance));
      // Each host by itself first: none is only there for show.
      for (const n of [0, 1]) {
        await approve(hosts, tickets.slice(n, n + 1));
        const alone = start(n);
        await becomes(hosts, tickets[n]!, 'succeeded');
        await stop(alone);
      }
      // Half of them wait before anyone comes, and half are approved while all are at it.
      const middle = Math.floor(count / 2);
      for (let at = 2; at < middle; at += 20) await approve(hosts, tickets.slice(at, Math.min(at + 20, middle)));
      for (let n = 0; n < executors; n++) start(n);
      for (let at = middle; at < count; at += 5) await approve(hosts, tickets.slice(at, at + 5));
      await until(
        async () => (await idsIn(hosts, 'approved')).length + (await idsIn(hosts, 'executing')).length,
        (left) => left === 0,
        600_000,
      );
      const ids = tickets.map(({ id }) => id).sort();
      expect([...(await idsIn(hosts, 'succeeded'))].sort()).toEqual(ids);
      for (const type of ['ticket.executing', 'ticket.succeeded'])
        expect([...(await entriesOf(hosts, type))].sort(), type).toEqual(ids);
      const effects = await stopped(cloud);
      expect(effects.flatMap((effect) => effect.instances).sort()).toEqual([...instances].sort());
      expect(effects).toHaveLength(count);
      expect(effects.slice(0, 2).map(({ by }) => by)).toEqual(['AHEAD0', 'BEHIND1']);
      console.log(`${new Set(effects.map(({ by }) => by)).size} of ${executors} executors carried something out`);
      await verified(hosts);
    },
    1_800_000,
  );

  test.skipIf(!there).each([5, -5])(
    'whose clock is %i hours off takes nothing from another, and lets nothing expire before its time or after',
    async (hours) => {
      await using cloud = await startCloud({ instances: [{ count: 3 }] });
      await using hosts = await made(cloud.endpoint);
      const { desk, rows } = hosts;
      const [first = '', second = '', third = ''] = await instancesOf(cloud);
      const elsewhere = directClient(cloud.endpoint, 'eu-central-1');
      const others = [await makers(elsewhere).instance(), await makers(elsewhere).instance()];
      elsewhere.destroy();
      const ask = await asking(hosts);
      const waits = await ask(first);

      // One is in the middle of a ticket, and is heard of no more.
      const begun = await ask(second);
      await cloud.fault({ action: 'StopInstances', mode: 'hold_after' });
      const right = executor(hosts.hosts[0], 'RIGHT', 0, ['--region', 'eu-west-1']);
      await approve(hosts, [begun]);
      await cloud.arrived('StopInstances');
      const claim = async () => {
        const [row] = await rows(`SELECT state, claim_owner, claim_until FROM ticket WHERE id = '${begun.id}'`);
        return { state: row?.state, owner: row?.claim_owner, until: Number(row?.claim_until) };
      };
      const { owner } = await claim();

      // The other one is there, and at work.
      executor(hosts.hosts[1], 'OFF', hours);
      for (const instance of others) {
        const ticket = await ask(instance, { region: 'eu-central-1' });
        await approve(hosts, [ticket]);
        await becomes(hosts, ticket, 'succeeded');
      }
      const before = await claim();
      expect(before).toMatchObject({ state: 'executing', owner });
      right.kill('SIGKILL');
      await cloud.release();
      // Nobody saw AWS's answer, so nobody says that it was a yes; and nothing is sent again.
      await becomes(hosts, begun, 'unknown');
      const outcome = await rows(
        `SELECT at FROM audit_events WHERE type = 'ticket.unknown' AND ticket = '${begun.id}'`,
      );
      expect(Date.parse(outcome[0]?.at)).toBeGreaterThanOrEqual(before.until);
      expect((await stopped(cloud)).map(({ by }) => by)).toEqual(['RIGHT', 'OFF', 'OFF']);

      // What waits for a person waits as long as it was told, by the store's clock: four hours, and two seconds.
      const file = join(desk.home, 'soon.yaml');
      writeFileSync(file, `${readFileSync(join(desk.home, 'config.yaml'))}approvals: { expire_after: 2s }\n`);
      const hasty = await desk.agent(['--config', file, '--no-executor', '--operator', 'otto']);
      const { ticket: soon } = await hasty.call(TOOL, { instance_ids: [third], reason: REASON });
      await becomes(hosts, soon, 'expired');
      const [expired] = await rows(
        `SELECT at FROM audit_events WHERE type = 'ticket.expired' AND ticket = '${soon.id}'`,
      );
      expect(Date.parse(expired?.at)).toBeGreaterThanOrEqual(Date.parse(soon.expires_at));
      expect(await idsIn(hosts, 'pending')).toEqual([waits.id]);
      await approve(hosts, [waits]);
      await becomes(hosts, waits, 'succeeded');
      expect(await stopped(cloud)).toHaveLength(4);
      await verified(hosts);
    },
    300_000,
  );
});
