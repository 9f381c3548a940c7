import type { ChildProcess } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { FaultRule } from '../../src/sandbox/faults.ts';
import { bounded } from '../scenes/bounded.ts';
import type { CloudRequest } from '../scenes/cloud.ts';
import { REASON, stop, until } from '../scenes/front-door.ts';
import { NOTHING_HELD, type Scene, setScene, verified } from '../scenes/whole.ts';
import { CHANGE_TOOLS, everyChange, SEED } from './every-change.ts';
import {
  EVERY_PLAY,
  expectedOf,
  FAULTS,
  isMeant,
  isToldByState,
  LIMITED,
  MODES,
  type Play,
  SOME_PLAYS,
} from './every-fault.ts';

/*
 * Every change, and everything that may become of its one request; then someone else makes the very same change, and
 * another executor looks at what nobody knows.
 */

const INVITES = /\b(call|ask|try|send|ask for it|ask for the same) (it )?again\b|\bretry\b|\brepeat\b|\banew\b/i;
/** The credentials of the command; everyone else in a scene has others. */
const OUR_KEY = 'testing';

interface Told {
  readonly ticket: { readonly state: string };
  readonly refusal?: { readonly recovery: string };
  readonly result?: { readonly detail: string; readonly resources: readonly { readonly outcome: string }[] };
}

interface Story {
  readonly scene: Scene;
  /** By tool: what is told of its ticket once it is settled, and after someone else's change. */
  readonly first: Readonly<Record<string, Told>>;
  readonly last: Readonly<Record<string, Told>>;
  /** By tool: the requests of its action. */
  readonly ours: Readonly<Record<string, readonly CloudRequest[]>>;
  readonly theirs: Readonly<Record<string, number>>;
  /** How often each ticket was looked at by the executor that took over. */
  readonly looks: readonly number[];
}

const tickets = (scene: Scene) =>
  scene.rows('SELECT id, tool, state, claim_epoch AS epoch, claim_owner AS owner FROM ticket');

/** Another executor looks at each that is unknown three times: what others began may be under way at the first. */
async function lookedAt(scene: Scene): Promise<readonly number[]> {
  const before = new Map(tickets(scene).map(({ id, epoch }) => [id, Number(epoch)]));
  const executor = scene.place.start(['executor']);
  const looked = ({ id = '', state, epoch, owner }: Record<string, string>) =>
    state !== 'unknown' || (Number(epoch) > (before.get(id) ?? 0) + 2 && owner === null);
  // Each at some moment: on a busy machine there may be none at which all of them rest.
  const seen = new Set<string>();
  await until(
    () => tickets(scene),
    (rows) => {
      for (const row of rows) if (looked(row)) seen.add(row.id ?? '');
      return rows.every(({ id = '' }) => seen.has(id));
    },
  );
  await stop(executor);
  return tickets(scene).map(({ id = '', epoch }) => Number(epoch) - (before.get(id) ?? 0));
}

async function told(scene: Scene): Promise<Record<string, Told>> {
  const all = tickets(scene).map(async ({ id, tool = '' }) => [
    tool,
    await scene.agent.call('ticket_get', { ticket_id: id }),
  ]);
  return Object.fromEntries(await Promise.all(all));
}

async function played(play: Play): Promise<Story> {
  const scene = await setScene(SEED, { config: NOTHING_HELD, latencyMs: 0 });
  return await playedIn(scene, play).catch(async (error: unknown) => {
    await scene[Symbol.asyncDispose]();
    throw error;
  });
}

async function playedIn(scene: Scene, { faults }: Play): Promise<Story> {
  const { cloud, agent, place } = scene;
  const changes = (await everyChange(scene)).filter(({ tool }) => faults.has(tool));
  const before: Record<string, number> = {};
  for (const { tool, action } of changes) {
    const mode = faults.get(tool) ?? 'drop_before';
    before[tool] = (await cloud.requests(action)).length;
    await cloud.fault({ action, mode, ...FAULTS[mode].with } as FaultRule);
  }
  const calls = changes.map(({ tool, args }) => agent.call(tool, { ...args, reason: REASON }));
  // Nothing is sent before all of them are planned: what is about to happen to one thing is no other's matter.
  await until(
    () => tickets(scene).length,
    (count) => count === changes.length,
  );
  const executors: ChildProcess[] = [place.start(['executor']), place.start(['executor'])];
  await Promise.all(calls);
  await until(
    () => tickets(scene),
    (rows) => rows.every(({ state = '' }) => !/^(pending|approved|executing)$/.test(state)),
  );
  for (const executor of executors) await stop(executor);
  // Answers that were held back come when nobody waits for them any more.
  await cloud.release();
  const first = await told(scene);
  for (const { tool, bySomebodyElse } of changes) {
    const { happens, heard } = FAULTS[faults.get(tool) ?? 'drop_before'];
    // AWS has nothing left to do where it is so already, nor where our change set went with a failure, and says so.
    const left = happens === 'no' && heard === 'nothing';
    const made = bySomebodyElse(scene);
    await (left ? made : made.catch(() => undefined));
  }
  const looks = await lookedAt(scene);
  const last = await told(scene);
  const ours: Record<string, readonly CloudRequest[]> = {};
  const theirs: Record<string, number> = {};
  for (const { tool, action } of changes) {
    const sent = (await cloud.requests(action)).slice(before[tool]);
    ours[tool] = sent.filter(({ user_identity }) => user_identity?.accessKeyId === OUR_KEY);
    theirs[tool] = sent.length - (ours[tool]?.length ?? 0);
  }
  return { scene, first, last, ours, theirs, looks };
}

const combinations = (plays: readonly Play[]) => plays.reduce((count, { faults }) => count + faults.size, 0);
const whole = combinations(EVERY_PLAY);
const some = combinations(SOME_PLAYS);
const PLAYS = bounded('faults of all changes', whole, some) === whole ? EVERY_PLAY : SOME_PLAYS;

/** Most of a play is waiting: so many go on beside each other. */
const AT_ONCE = 3;
const stories: Promise<Story>[] = [];
beforeAll(() => {
  for (const play of PLAYS) {
    const room = stories.at(-AT_ONCE);
    const story = (async () => {
      await room?.catch(() => undefined);
      return await played(play);
    })();
    // Its own tests hear of a failure.
    story.catch(() => undefined);
    stories.push(story);
  }
});

describe.each(PLAYS)('$name', (play) => {
  let story: Story;
  beforeAll(async () => {
    story = await stories[PLAYS.indexOf(play)]!;
  });
  afterAll(async () => await story?.scene[Symbol.asyncDispose]());

  test.each([...play.faults])(
    "B11: %s, %s: what is told is true, and someone else's change adds nothing",
    (tool, mode) => {
      const [first, last] = [story.first[tool], story.last[tool]];
      const state = expectedOf(tool, mode);
      expect(first, JSON.stringify(first)).toMatchObject({ ticket: { state } });
      expect(last?.ticket.state, JSON.stringify(last)).toBe(state);
      expect(story.ours[tool], tool).toHaveLength(1);
      expect(story.theirs[tool], tool).toBeGreaterThan(0);
    },
  );

  const unknown = [...play.faults].filter(([tool, mode]) => expectedOf(tool, mode) === 'unknown');

  test.each(unknown)('B10: %s, %s: it invites nobody to repeat what may have happened', (tool) => {
    for (const answer of [story.first[tool], story.last[tool]]) {
      expect(answer?.refusal?.recovery).toContain('let a person look at AWS');
      expect(JSON.stringify(answer)).not.toMatch(INVITES);
    }
  });

  const byWhom = unknown.filter(([tool, mode]) => isToldByState(tool) && FAULTS[mode].happens !== 'in part');

  test.each(byWhom)("B11: %s, %s: after someone else's change it says that it is so, and not by whom", (tool) => {
    const { detail, resources = [] } = story.last[tool]?.result ?? {};
    expect(detail).toContain('it is so now, but by whom can not be told');
    for (const { outcome } of resources) expect(outcome).toBe('unknown');
  });

  test('B11: what stays unknown is looked at after a longer pause each time, however much else is under way', () => {
    // The pauses reach two minutes after five looks.
    expect(story.looks.filter((count) => count > 8)).toEqual([]);
  });

  test('B11: the log verifies', async () => await verified(story.scene));

  test('what a fault has no meaning for has nothing that it could be about', () => {
    for (const [tool, [request]] of Object.entries(story.ours)) {
      const { parameters = {} } = request ?? {};
      const has = {
        'a token': Object.keys(parameters).some((name) => /^Client(Request)?Token$/.test(name)),
        'a second thing': Object.values(parameters).some(
          (value) => Array.isArray(value) && value.length > 1 && value.every((one) => typeof one === 'string'),
        ),
      };
      for (const mode of MODES) {
        const lacks = LIMITED[mode]?.lacks as keyof typeof has | undefined;
        if (lacks) expect(has[lacks], `${tool}, ${mode}`).toBe(isMeant(mode, tool));
      }
    }
  });
});

test('every fault is met, and every change', () => {
  for (const plays of [EVERY_PLAY, SOME_PLAYS]) {
    const met = plays.flatMap(({ faults }) => [...faults]);
    expect(new Set(met.map(([, mode]) => mode))).toEqual(new Set(MODES));
    expect(new Set(met.map(([tool]) => tool))).toEqual(new Set(CHANGE_TOOLS));
  }
});
