import { DescribeInstancesCommand } from '@aws-sdk/client-ec2';
import { EXIT } from '../../src/present/command-result.ts';
import { directClient } from '../scenes/storage.ts';
import { type Asked as Change, changeIn, isWanted } from '../torture/wanted.ts';
import type { Team } from './team.ts';

/** What an agent asked for, and what it was last told of it. */
export interface Asked {
  readonly id: string;
  readonly digest: string;
  readonly tool: 'ec2_stop_instances' | 'ec2_reboot_instances';
  readonly instance: string;
  readonly agent: number;
  /** `gone`: the database came back without it. */
  state: string;
  why?: string;
}

const ACTIONS = { ec2_stop_instances: 'StopInstances', ec2_reboot_instances: 'RebootInstances' } as const;

export type Fault = 'double' | 'lost' | 'false' | 'stuck' | 'log';

export interface Finding {
  readonly fault: Fault;
  readonly what: string;
}

export interface Verdict {
  readonly findings: readonly Finding[];
  readonly states: Readonly<Record<string, number>>;
  readonly requests: number;
}

/** What the cloud had, against what agents were told. */
export async function judge(team: Team, asked: readonly Asked[], finish: () => Promise<void>): Promise<Verdict> {
  const findings: Finding[] = [];
  const find = (fault: Fault, what: string) => void findings.push({ fault, what });
  await finish().catch((error) => find('stuck', String(error)));
  const changes = (await team.cloud.requests()).flatMap((one) => changeIn(one) ?? []);
  const about = (instance: string) => changes.filter(({ parameters }) => JSON.stringify(parameters).includes(instance));
  const timesOf = (instance: string) => about(instance).length;
  const stopped = await stoppedIn(team);
  const known = new Map(asked.map(({ instance, tool }) => [instance, tool]));
  for (const instance of team.instances) {
    const times = timesOf(instance);
    if (times > 1) find('double', `${instance} was asked for ${times} times`);
    const tool = known.get(instance);
    if (times > 0 && tool === undefined) find('false', `${instance} was changed, and nobody was told of a ticket`);
    const subject = { args: { instance_ids: [instance] }, mark: instance };
    if (tool === undefined) continue;
    for (const one of about(instance)) {
      if (!isWanted(one, { id: '', subject }, ACTIONS[tool], 0)) find('false', notAskedFor(one));
    }
  }
  for (const one of changes) {
    if (!team.instances.some((instance) => about(instance).includes(one))) find('false', notAskedFor(one));
  }
  for (const { id, tool, instance, state, why = '' } of asked) {
    const times = timesOf(instance);
    const what = `${id}, ${tool} of ${instance}, is ${state}; requests: ${times}: ${why}`;
    const isSo = times > 0 && (tool === 'ec2_reboot_instances' || stopped.has(instance));
    if (state === 'succeeded' && !isSo) find('lost', what);
    // One that says itself that it may have happened says nothing false.
    const mayHave = state === 'unknown' || state === 'gone' || why.includes('may have happened');
    if (state !== 'succeeded' && !mayHave && times > 0) find('false', what);
  }
  const verified = await team.desk.cli(['audit', 'verify']);
  if (verified.code !== EXIT.done) find('log', verified.stdout + verified.stderr);
  const states: Record<string, number> = {};
  for (const { state } of asked) states[state] = (states[state] ?? 0) + 1;
  return { findings, states, requests: changes.length };
}

function notAskedFor({ action, parameters }: Change): string {
  return `nobody asked for ${action} of ${JSON.stringify(parameters)}`;
}

async function stoppedIn(team: Team): Promise<ReadonlySet<string>> {
  const direct = directClient(team.cloud.endpoint);
  const { Reservations = [] } = await direct.send(new DescribeInstancesCommand({}));
  direct.destroy();
  const all = Reservations.flatMap(({ Instances = [] }) => Instances);
  return new Set(all.flatMap(({ InstanceId = '', State }) => (State?.Name === 'stopped' ? [InstanceId] : [])));
}
