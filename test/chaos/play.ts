import { setTimeout as pause } from 'node:timers/promises';
import { EXIT } from '../../src/present/command-result.ts';
import { REASON } from '../scenes/front-door.ts';
import { here } from '../scenes/here.ts';
import type { fromNpm } from '../store/postgres/server.ts';
import { randomOf } from '../torture/points.ts';
import type { HttpAgent } from './hubs.ts';
import { type Asked, judge, type Verdict } from './judge.ts';
import { APPROVERS, answered, makeTeam, PEOPLE, type Team } from './team.ts';

export type Victim = 'hub' | 'executor' | 'database' | 'older copy';

export interface Playing {
  readonly program: NonNullable<ReturnType<typeof fromNpm>>;
  readonly kills: number;
  readonly seed: number;
  /** Instead of by chance: each of these, in this order. */
  readonly victims?: readonly Victim[];
  readonly say?: (text: string) => void;
}

export interface Played extends Verdict {
  readonly kills: Readonly<Record<Victim, number>>;
}

/** What falls how often: of a hundred. Every few deaths of the database it comes back as it was before. */
const SHARES: readonly (readonly [Victim, number])[] = [
  ['executor', 45],
  ['hub', 30],
  ['database', 20],
  ['older copy', 5],
];
/** Between two of them: long enough for some to get somewhere, and for some not to. */
const [SHORTEST_MS, LONGEST_MS] = [100, 2_500];
/** A hub lets a person ask twenty times a second. */
const BETWEEN_MS = 300;
/** Tickets that nobody has decided yet, of each agent. */
const AHEAD = 3;
export const ENDED: ReadonlySet<string> = new Set([
  'succeeded',
  'failed',
  'unknown',
  'denied',
  'stale',
  'expired',
  'withdrawn',
  'refused',
]);
const PATIENCE_MS = 300_000;

/** Agents ask and an approver signs all the time, until so many were killed; then all ends, and is judged. */
export async function play({ program, kills, seed, victims, say = () => {} }: Playing): Promise<Played> {
  const random = randomOf(seed);
  await using team = await makeTeam(program, 4 * kills + 20);
  const asked: Asked[] = [];
  const stopping = new AbortController();
  const people = [...PEOPLE.keys()].map((number) => asking(team, number, asked, stopping.signal));
  people.push(...APPROVERS.map((name) => approving(team, name, asked, stopping.signal)));
  const counted: Record<Victim, number> = { hub: 0, executor: 0, database: 0, 'older copy': 0 };
  const strike = { ...strikes(team, random) };
  // The first copy is of a database in which people are known, and hardly anything else.
  await strike.database();
  for (let n = 0; n < kills; n += 1) {
    await pause(SHORTEST_MS + random() * (LONGEST_MS - SHORTEST_MS));
    const victim = victims?.[n] ?? pick(random);
    await strike[victim]();
    counted[victim] += 1;
    if (n % 20 === 19) say(`${n + 1} of ${kills}, ${asked.length} tickets`);
  }
  stopping.abort();
  await Promise.all(people);
  const verdict = await judge(team, asked, () => finished(team, asked));
  return { ...verdict, kills: counted };
}

function pick(random: () => number): Victim {
  let left = random() * 100;
  for (const [victim, share] of SHARES) {
    left -= share;
    if (left < 0) return victim;
  }
  return 'executor';
}

function strikes(team: Team, random: () => number): Record<Victim, () => Promise<void>> {
  const one = <T>(all: readonly T[]) => all[Math.floor(random() * all.length)] as T;
  let sinceCopy = 0;
  return {
    hub: () => one(team.hubs).kill(),
    async executor() {
      const worker = one(team.executors);
      await worker.kill();
      worker.start();
    },
    async database() {
      await team.server.kill();
      if (sinceCopy++ % 3 === 0) team.keepCopy();
      await team.server.restart();
    },
    async 'older copy'() {
      await team.server.kill();
      team.putBack();
      await team.server.restart();
      await goingOn(team);
    },
  };
}

/** An admin accepts it, unless nothing is missing. */
async function goingOn(team: Team): Promise<void> {
  await answered(async () => {
    await team.accept();
    const { code } = await team.desk.cli(['tickets', 'list', '--state', 'pending']);
    return code === EXIT.done ? true : undefined;
  }, PATIENCE_MS);
}

/** What a reboot did can't be seen afterwards: only AWS's own record of requests tells that there was one. */
function toolFor(instance: number): Asked['tool'] {
  return Math.floor(instance / PEOPLE.length) % 2 === 0 ? 'ec2_stop_instances' : 'ec2_reboot_instances';
}

/** One agent: an instance for each ticket, and of each ticket what it was last told. */
async function asking(team: Team, number: number, asked: Asked[], over: AbortSignal): Promise<void> {
  const mine: Asked[] = [];
  let next = number;
  while (!over.aborted) {
    try {
      const instance = team.instances[next];
      if (mine.filter(({ state }) => state === 'pending').length < AHEAD && instance !== undefined) {
        const tool = toolFor(next);
        // What becomes of this call may not be known: nobody asks about this instance again.
        next += PEOPLE.length;
        const { ticket } = await agentOf(team, number).call(tool, { instance_ids: [instance], reason: REASON });
        if (ticket) {
          const { id, digest, state } = ticket;
          const one: Asked = { id, digest, state, tool, instance, agent: number };
          mine.push(one);
          asked.push(one);
        }
      }
      for (const one of mine.filter(({ state }) => !ENDED.has(state) && state !== 'gone')) await look(team, one);
    } catch {
      // The hub that it asked, or the database, is gone just now.
    }
    await pause(BETWEEN_MS);
  }
}

function agentOf({ agents }: Team, number: number): HttpAgent {
  const found = agents[number];
  if (!found) throw new RangeError(`there is no agent ${number}`);
  return found;
}

export async function look(team: Team, one: Asked): Promise<void> {
  const { ticket, refusal } = await agentOf(team, one.agent).call('ticket_get', { ticket_id: one.id });
  if (refusal?.code === 'not_found') one.state = 'gone';
  if (!ticket) return;
  one.state = ticket.state;
  one.why = JSON.stringify(ticket.refusal ?? ticket.result ?? refusal);
}

/** Of two who come to the same ticket one is too late, and is told so. */
async function approving(team: Team, name: string, asked: readonly Asked[], over: AbortSignal): Promise<void> {
  while (!over.aborted) {
    for (const one of asked.filter(({ state }) => state === 'pending')) {
      if (over.aborted) return;
      const decide = ['approve', one.id, '--yes', '--digest', one.digest, '--as', name];
      await here(team.desk, decide).catch(() => undefined);
    }
    await pause(100);
  }
}

/** Nothing is killed any more: what waits is decided, and all that was decided comes to its end. */
async function finished(team: Team, asked: readonly Asked[]): Promise<void> {
  const deciding = new AbortController();
  const decided = Promise.all(APPROVERS.map((name) => approving(team, name, asked, deciding.signal)));
  try {
    for (const one of asked)
      await answered(async () => {
        await look(team, one);
        return ENDED.has(one.state) || one.state === 'gone' ? true : undefined;
      }, PATIENCE_MS);
  } finally {
    deciding.abort();
    await decided;
  }
}
