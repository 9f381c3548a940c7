import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { DescribeInstancesCommand, EC2Client } from '@aws-sdk/client-ec2';
import { expect } from 'vitest';
import { verify } from '../../src/commands/verify.ts';
import { fasterClock } from './clock.ts';
import { type Cloud, startCloud } from './cloud.ts';
import { type Agent, approve as approveApart, makePlace, type Place, REASON, until } from './front-door.ts';
import { agentHere, approve, type Executing, enroll, executing } from './here.ts';
import { reading } from './state.ts';

type Seed = NonNullable<Parameters<typeof startCloud>[0]>;

interface SceneOptions {
  readonly config?: string;
  readonly latencyMs?: number;
  /** How many times as fast as ours the clock of the cloud and of the command runs. */
  readonly speed?: number;
  /** The clock of the cloud, in milliseconds since 1970, where it isn't that of the command. */
  readonly now?: () => number;
  /** Enrolled with key files, the first one signing for the others; none where policy asks for no approval. */
  readonly approvers?: readonly string[];
  /**
   * Arguments of the agent's `serve`, which is then a process; without any its server is in this one, and executing is
   * left to others.
   */
  readonly serve?: readonly string[];
}

/** The parts of an answer that these tests look at. */
export interface ToolAnswer {
  readonly outcome?: string;
  readonly ticket?: { readonly id: string; readonly digest: string; readonly state: string };
  readonly refusal?: { readonly code: string; readonly recovery: string };
  readonly result?: { readonly resources: readonly { readonly resource: string; readonly outcome: string }[] };
}

/** Policy holds nothing here: for tests that are about executing alone. */
export const NOTHING_HELD = 'environments: [{ name: sandbox, match: { regions: [eu-west-1] } }]\n';

/** A cloud, an installation and an agent. */
export interface Scene {
  readonly cloud: Cloud;
  readonly place: Place;
  readonly agent: Agent;
  readonly ec2: EC2Client;
  readonly cloudformation: CloudFormationClient;
  /** What the database holds right now, no matter who has it open. */
  rows(sql: string, ...values: unknown[]): Record<string, string>[];
  state(ticket: string): string;
  /** Calls a change tool; what comes back is the ticket's part of the answer. */
  ask(tool: string, args: Record<string, unknown>): Promise<{ id: string; digest: string; state: string }>;
  /** The same, approved by the first approver. */
  approved(tool: string, args: Record<string, unknown>): Promise<{ id: string; digest: string }>;
  settled(ticket: string): Promise<string>;
  /** An executor in this process; `place.start(['executor'])` is one that can be killed. */
  executing(env?: Readonly<Record<string, string>>): Promise<Executing>;
  [Symbol.asyncDispose](): Promise<void>;
}

const MOVING = new Set(['planning', 'pending', 'approved', 'executing']);

export async function setScene(
  seed: Seed,
  { config, approvers = [], serve, speed, ...cloudOptions }: SceneOptions = {},
): Promise<Scene> {
  const clock = speed === undefined ? undefined : fasterClock(speed);
  const cloud = await startCloud(seed, { ...(clock && { now: clock.now }), ...cloudOptions });
  const place = makePlace({
    endpoint: cloud.endpoint,
    ...(config === undefined ? {} : { config }),
    ...(clock && { env: clock.env }),
    ...(approvers.length > 0 ? { production: 'key' } : {}),
  });
  const aws = {
    endpoint: cloud.endpoint,
    region: 'eu-west-1',
    credentials: { accessKeyId: 'AKIDTEST', secretAccessKey: 'testing' },
  };
  const ec2 = new EC2Client(aws);
  const cloudformation = new CloudFormationClient(aws);
  for (const name of approvers) await enroll(place, name, approvers[0]);
  // Only a process has a clock of its own.
  const apart = serve ?? (speed === undefined ? undefined : ['--no-executor']);
  const agent = apart
    ? await place.agent([...apart, '--operator', 'otto'])
    : await agentHere(place, { operator: 'otto' });
  // Makes the database, so that there is one to look at.
  await agent.call('ticket_list');
  const scene: Scene = {
    cloud,
    place,
    agent,
    ec2,
    cloudformation,
    rows: (sql, ...values) => reading<Record<string, string>>(place, sql, ...values),
    state: (ticket) => scene.rows('SELECT state FROM ticket WHERE id = ?', ticket)[0]?.state ?? '',
    async ask(tool, args) {
      const answer = await agent.call(tool, { ...args, reason: REASON });
      if (!answer.ticket) throw new Error(`${tool} gave no ticket: ${JSON.stringify(answer)}`);
      if (answer.ticket.state !== 'planning') return answer.ticket;
      // With a clock that goes faster an answer comes sooner than the plan.
      const planned = await until(
        () => agent.call('ticket_get', { ticket_id: answer.ticket.id }),
        ({ ticket }) => ticket.state !== 'planning',
        120_000,
      );
      return planned.ticket;
    },
    async approved(tool, args) {
      const ticket = await scene.ask(tool, args);
      const ran = await (clock ? approveApart : approve)(place, ticket, approvers[0] ?? '');
      if (ran.code !== 0) throw new Error(`approve: exit ${ran.code}: ${ran.stderr}`);
      return ticket;
    },
    settled: async (ticket) =>
      await until(
        () => scene.state(ticket),
        (state) => !MOVING.has(state),
        120_000,
      ),
    executing: (env) => executing(place, env),
    async [Symbol.asyncDispose]() {
      ec2.destroy();
      cloudformation.destroy();
      await place[Symbol.asyncDispose]();
      await cloud[Symbol.asyncDispose]();
    },
  };
  return scene;
}

export async function instanceIds({ ec2 }: Scene): Promise<string[]> {
  const { Reservations = [] } = await ec2.send(new DescribeInstancesCommand({}));
  return Reservations.flatMap(({ Instances = [] }) => Instances.map(({ InstanceId = '' }) => InstanceId));
}

export async function instanceState({ ec2 }: Scene, id: string): Promise<string | undefined> {
  const { Reservations } = await ec2.send(new DescribeInstancesCommand({ InstanceIds: [id] }));
  return Reservations?.[0]?.Instances?.[0]?.State?.Name;
}

export async function verified({ place }: Scene): Promise<void> {
  const { exit, text } = await verify({ env: place.env, sandbox: false });
  expect(exit, text).toBe(0);
}

export function entriesOf({ rows }: Scene, ticket: string, type: string): number {
  return rows('SELECT seq FROM audit_events WHERE ticket = ? AND type = ?', ticket, type).length;
}
