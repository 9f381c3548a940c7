import type { ChildProcess } from 'node:child_process';
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DescribeInstancesCommand } from '@aws-sdk/client-ec2';
import { EXIT } from '../../src/present/command-result.ts';
import { type Cloud, startCloud } from '../scenes/cloud.ts';
import { type Agent, makePlace, type Place, until } from '../scenes/front-door.ts';
import { done } from '../scenes/here.ts';
import { directClient } from '../scenes/storage.ts';
import { type fromNpm, makeDatabase, makeTemplate, type Server, startServer } from '../store/postgres/server.ts';

/** Two hosts, each with keys of its own. On the first are the servers of agents and an approver's key too. */
export interface Team {
  readonly cloud: Cloud;
  readonly server: Server;
  readonly desk: Place;
  /** By number: executors, half of them on each host. */
  readonly executors: readonly Worker[];
  readonly servers: readonly AgentServer[];
  /** All that there are. */
  readonly instances: readonly string[];
  /** By one of the servers, which is started where it isn't. */
  agent(number: number): Promise<Agent>;
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

/** An agent's server, with the agent that asks by it. */
export interface AgentServer {
  agent(): Promise<Agent>;
  kill(): Promise<void>;
}

const EXECUTORS = 4;
export const SERVERS = 3;
export const APPROVER = 'ana';

export async function makeTeam(program: NonNullable<ReturnType<typeof fromNpm>>, instances: number): Promise<Team> {
  const server = await startServer(program);
  await makeTemplate(server, 'template');
  const store = server.address('hub', await makeDatabase(server, 'template'));
  const cloud = await startCloud({ instances: [{ count: instances }] });
  const anchor = mkdtempSync(join(tmpdir(), 'holdshort-anchor-'));
  const host = () =>
    makePlace({
      endpoint: cloud.endpoint,
      config: `store: ${store}\nanchor: ${anchor}\nquotas: { destructive_per_hour: 1000000, pending: 1000000 }\n`,
      production: 'key',
    });
  const [desk, other] = [host(), host()];
  await done(desk, 'approvers', 'enroll', APPROVER, '--no-passphrase');
  mkdirSync(join(other.home, 'keys'), { mode: 0o700 });
  copyFileSync(join(desk.home, 'keys/root.json'), join(other.home, 'keys/root.json'));
  const older = join(server.folder, 'older');
  let copied = false;
  const copy = (from: string, to: string) => {
    rmSync(to, { recursive: true, force: true });
    const ran = spawnSync('cp', ['-a', from, to]);
    if (ran.status !== 0) throw new Error(String(ran.stderr));
  };
  const executors = Array.from({ length: EXECUTORS }, (_, n) => workerOn(n % 2 === 0 ? desk : other));
  for (const one of executors) one.start();
  const servers = Array.from({ length: SERVERS }, (_, n) => serverOn(desk, `agent-${n}`));
  const direct = directClient(cloud.endpoint);
  const { Reservations = [] } = await direct.send(new DescribeInstancesCommand({}));
  direct.destroy();
  return {
    ...{ cloud, server, desk, executors, servers },
    instances: Reservations.flatMap(({ Instances = [] }) => Instances.map(({ InstanceId = '' }) => InstanceId)),
    async agent(number) {
      const found = servers[number];
      if (!found) throw new RangeError(`there is no server ${number}`);
      return await found.agent();
    },
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
      const ran = await desk.cli(['audit', 'accept', '--reason', 'an older copy', '--head', head, '--as', APPROVER]);
      return ran.code === EXIT.done;
    },
    async [Symbol.asyncDispose]() {
      await Promise.all(executors.map((one) => one.kill()));
      for (const place of [desk, other]) await place[Symbol.asyncDispose]();
      await cloud[Symbol.asyncDispose]();
      await server.stop();
      rmSync(anchor, { recursive: true, force: true });
    },
  };
}

function workerOn(place: Place): Worker {
  let child: ChildProcess | undefined;
  return {
    start() {
      child = place.start(['executor']);
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

function serverOn(place: Place, name: string): AgentServer {
  let open: Promise<Agent> | undefined;
  return {
    agent() {
      open ??= place.agent(['--no-executor', '--agent', name, '--operator', 'otto']).catch((error) => {
        open = undefined;
        throw error;
      });
      return open;
    },
    async kill() {
      const agent = await open?.catch(() => undefined);
      open = undefined;
      if (!agent) return;
      process.kill(agent.pid, 'SIGKILL');
      await agent.close().catch(() => undefined);
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
