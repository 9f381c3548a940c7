import { type ChildProcess, spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { DescribeInstancesCommand } from '@aws-sdk/client-ec2';
import { EXIT } from '../../src/present/command-result.ts';
import { wrongClock } from '../scenes/clock.ts';
import { type Cloud, startCloud } from '../scenes/cloud.ts';
import { type Place, TAKES_KEY, until } from '../scenes/front-door.ts';
import { done } from '../scenes/here.ts';
import { tokenOf } from '../scenes/hub.ts';
import { machinesOn } from '../scenes/machines.ts';
import { directClient } from '../scenes/storage.ts';
import { type fromNpm, type Server, startServer } from '../store/postgres/server.ts';
import { type HttpAgent, httpAgent, type RunningHub, runningHubs } from './hubs.ts';

/**
 * Three hosts, each with keys of its own: on one are the hubs, on two the executors, with clocks ten minutes apart. On
 * the first of these are approvers' keys too.
 */
export interface Team {
  readonly cloud: Cloud;
  readonly server: Server;
  readonly desk: Place;
  /** By number: executors, half of them on each host. */
  readonly executors: readonly Worker[];
  readonly hubs: readonly RunningHub[];
  /** All that there are. */
  readonly instances: readonly string[];
  /** Over HTTP, with a token of its person, through whichever hub the balancer chooses. */
  readonly agents: readonly HttpAgent[];
  /** What a database would be put back from; taken while it is down. */
  keepCopy(): void;
  /** @returns false where there is none yet */
  putBack(): boolean;
  /** An admin goes on from the log as it is, where it is not the one that was seen. */
  accept(): Promise<boolean>;
  [Symbol.asyncDispose](): Promise<void>;
}

export interface Worker {
  kill(): Promise<void>;
  start(): void;
}

const EXECUTORS = 4;
const HUBS = 3;
/** Whose agents ask, by the hubs. */
export const PEOPLE = ['mara', 'otto', 'nina'] as const;
export const APPROVERS = ['ana', 'bo'] as const;
const [ADMIN] = APPROVERS;
/** Ten minutes between one host's clock and the other's. */
const HOURS_OFF = 5 / 60;

export async function makeTeam(program: NonNullable<ReturnType<typeof fromNpm>>, instances: number): Promise<Team> {
  const server = await startServer(program);
  const cloud = await startCloud({ instances: [{ count: instances }] });
  const quotas = 'quotas: { destructive_per_hour: 1000000, pending: 1000000 }\n';
  const approvers = [...APPROVERS, ...PEOPLE];
  const machines = await machinesOn(server, { endpoint: cloud.endpoint, config: quotas, approvers });
  const { desk } = machines;
  const [other, front] = [machines.another(), machines.another()];
  const { issuer, url, hubs } = await runningHubs(front, `${machines.config}${TAKES_KEY}`, HUBS);
  for (const name of PEOPLE)
    await done(desk, ...['approvers', 'bind', name, `--issuer=${issuer.issuer}`, `--subject=${name}-1`, '--as', ADMIN]);
  const older = join(server.folder, 'older');
  let copied = false;
  const copy = (from: string, to: string) => {
    rmSync(to, { recursive: true, force: true });
    const ran = spawnSync('cp', ['-a', from, to]);
    if (ran.status !== 0) throw new Error(String(ran.stderr));
  };
  const executors = Array.from({ length: EXECUTORS }, (_, n) =>
    n % 2 === 0 ? workerOn(desk, wrongClock(HOURS_OFF)) : workerOn(other, wrongClock(-HOURS_OFF)),
  );
  for (const one of executors) one.start();
  const direct = directClient(cloud.endpoint);
  const { Reservations = [] } = await direct.send(new DescribeInstancesCommand({}));
  direct.destroy();
  return {
    ...{ cloud, server, desk, executors, hubs },
    instances: Reservations.flatMap(({ Instances = [] }) => Instances.map(({ InstanceId = '' }) => InstanceId)),
    agents: PEOPLE.map((name) => httpAgent(url, () => tokenOf(issuer, url, { sub: `${name}-1` }))),
    keepCopy() {
      copy(server.data, older);
      copied = true;
    },
    putBack() {
      if (copied) copy(older, server.data);
      return copied;
    },
    async accept() {
      const looked = await desk.cli(['audit', 'accept']);
      const head = /--head (\S+)/.exec(looked.stdout)?.[1];
      if (head === undefined) return false;
      const ran = await desk.cli(['audit', 'accept', '--reason', 'an older copy', '--head', head, '--as', ADMIN]);
      return ran.code === EXIT.done;
    },
    async [Symbol.asyncDispose]() {
      for (const hub of hubs) hub.end();
      await Promise.all(executors.map((one) => one.kill()));
      await machines[Symbol.asyncDispose]();
      await cloud[Symbol.asyncDispose]();
      await server.stop();
    },
  };
}

function workerOn(place: Place, clock: Record<string, string>): Worker {
  let child: ChildProcess | undefined;
  return {
    start() {
      child = place.start(['executor'], clock);
      child.stderr?.resume();
      child.stdout?.resume();
    },
    async kill() {
      const one = child;
      if (!one || one.exitCode !== null || one.signalCode !== null) return;
      const over = new Promise((resolve) => one.once('exit', resolve));
      one.kill('SIGKILL');
      await over;
    },
  };
}

/** Until the database answers, and says what is asked for. */
export function answered<T>(ask: () => Promise<T | undefined>, ms: number): Promise<T> {
  return until(
    () => ask().catch(() => undefined),
    (answer) => answer !== undefined,
    ms,
    100,
  ) as Promise<T>;
}
