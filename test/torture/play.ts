import { readFileSync } from 'node:fs';
import { events } from '../scenes/state.ts';
import { judge, type Verdict } from './judge.ts';
import type { Kind } from './kind.ts';
import { logOf } from './life.ts';
import type { Points } from './points.ts';
import { makeWorld, type World } from './world.ts';

/** What became of one world. */
export interface Played extends Verdict {
  readonly kind: string;
  /** By moment: how many processes were killed there. */
  readonly kills: Readonly<Record<string, number>>;
  /** The moments that any of its processes reached. */
  readonly reached: readonly string[];
  /** Tickets whose executor was killed before anything of them had begun, and after; some were both. */
  readonly before: number;
  readonly after: number;
  readonly seconds: number;
}

export interface Playing {
  readonly kind: Kind;
  readonly points: Points;
  readonly kills: number;
  readonly random: () => number;
  /** Nobody more is to be killed. */
  readonly over?: () => boolean;
  readonly env?: Readonly<Record<string, string>>;
  /** Told of each that is wrong, with its whole story. */
  readonly wrong: (text: string) => void;
}

/** So long nothing may be reached before a process counts as having nothing more to do. */
const REST_MS = 1_500;

/** One world: so many executors killed, then one that is left alone, then judgement. */
export async function play({ kind, points, kills, random, over = () => false, env, wrong }: Playing): Promise<Played> {
  const began = performance.now();
  const world = await makeWorld(kind, 3 * kills + 3, env);
  try {
    const killed: Record<string, number> = {};
    const reached = new Set<string>();
    for (let n = 0; n < kills && !over(); n += kind.executors ?? 1) {
      const aims = Array.from({ length: Math.min(kind.executors ?? 1, kills - n) }, () => points.next(random));
      const lives = await world.lives(aims.map((aim) => ({ ...aim, restMs: kind.restMs ?? REST_MS })));
      for (const [at, life] of lives.entries()) {
        points.lived(aims[at]?.point, life);
        for (const name of Object.keys(life.passed)) reached.add(name);
        if (life.point !== undefined) killed[life.point] = (killed[life.point] ?? 0) + 1;
      }
    }
    await world.finale();
    const verdict = await judge(world);
    for (const finding of verdict.findings)
      wrong(`${kind.name}: ${JSON.stringify(finding)}\n${storyOf(world, finding.ticket)}`);
    return {
      ...verdict,
      kind: kind.name,
      kills: killed,
      reached: [...reached],
      before: world.tickets.filter(({ before }) => before > 0).length,
      after: world.tickets.filter(({ after }) => after > 0).length,
      seconds: (performance.now() - began) / 1000,
    };
  } finally {
    await world[Symbol.asyncDispose]();
  }
}

function storyOf(world: World, ticket: string | undefined): string {
  const entries = events(world.place)
    .filter((entry) => entry.ticket === ticket)
    .map(({ seq, type, actor, detail }) => `  ${seq} ${type} by ${actor}: ${JSON.stringify(detail)}`);
  const warned = readFileSync(logOf(world.place), 'utf8')
    .split('\n')
    .filter((line) => /"level":[45]0/.test(line));
  return [...entries, ...warned.slice(-10)].join('\n');
}
