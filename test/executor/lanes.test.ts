import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { laneFiles } from '../../src/commands/lane-files.ts';
import { LEFT_MS, LONGEST_LEFT_MS, turnOf } from '../../src/executor/lanes.ts';
import type { TicketId } from '../../src/kernel/ticket.ts';
import { tagging } from '../scenes/approved.ts';
import { instanceIds, NOTHING_HELD, setScene } from '../scenes/whole.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'holdshort-lanes-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const [FIRST, NEXT] = ['tkt_1', 'tkt_2'] as TicketId[] as [TicketId, TicketId];

describe('who has no lane', () => {
  let [had, left, idle] = [false, 0, 0];
  beforeEach(() => {
    [had, left, idle] = [false, 0, 0];
    vi.useFakeTimers({ toFake: ['performance'] });
  });
  afterEach(() => void vi.useRealTimers());
  const turn = () =>
    turnOf({ enter: async () => had, leave: () => void left++ }, () => ({ idle, all: 2 * performance.now() }));

  test('leaves what comes first to the others as long as they take it', async () => {
    const mine = turn();
    for (const ticket of [FIRST, NEXT, FIRST, NEXT]) {
      expect(await mine.mine(ticket)).toBe(false);
      expect(mine.over(true)).toBeGreaterThan(0);
      vi.advanceTimersByTime(LONGEST_LEFT_MS);
      idle += LONGEST_LEFT_MS;
    }
    // Nothing was due: what comes first then comes first for the first time.
    expect(mine.over(true)).toBeUndefined();
    expect(await mine.mine(NEXT)).toBe(false);
    expect(mine.over(true)).toBe(LEFT_MS);
  });

  test('takes it once nobody does, at once where processors are idle, and where none is later', async () => {
    const mine = turn();
    expect(await mine.mine(FIRST)).toBe(false);
    expect(mine.over(true)).toBe(LEFT_MS);
    vi.advanceTimersByTime(LEFT_MS);
    idle += LEFT_MS / 2;
    expect(await mine.mine(FIRST)).toBe(true);
    expect(mine.over(true)).toBeUndefined();

    expect(await mine.mine(NEXT)).toBe(false);
    vi.advanceTimersByTime(LEFT_MS);
    idle += LEFT_MS / 2 - 1;
    expect(await mine.mine(NEXT)).toBe(false);
    vi.advanceTimersByTime(LONGEST_LEFT_MS - LEFT_MS);
    expect(await mine.mine(NEXT)).toBe(true);
    expect(left).toBe(0);
  });

  test('looks more rarely each time, and takes all once it has one, until it has nothing to do', async () => {
    const mine = turn();
    const rests: (number | undefined)[] = [];
    for (let look = 0; look < 6; look++) {
      await mine.mine(FIRST);
      rests.push(mine.over(true));
    }
    expect(rests).toEqual([100, 200, 400, 800, 1600, 1600]);
    had = true;
    expect(await mine.mine(FIRST)).toBe(true);
    expect([mine.over(true), left, mine.over(false), left]).toEqual([undefined, 0, undefined, 1]);
    had = false;
    await mine.mine(FIRST);
    expect(mine.over(true)).toBe(100);
  });
});

test('so many executors of a host have a lane, and one that is killed has none any more', async () => {
  const lanes = () => laneFiles(folder, 2);
  const [one, other] = [lanes(), lanes()];
  const killed = spawn(process.execPath, [
    '--input-type=module',
    '--eval',
    `const { laneFiles } = await import(${JSON.stringify(import.meta.resolve('../../src/commands/lane-files.ts'))});
     console.log(await laneFiles(${JSON.stringify(folder)}, 2).enter());
     setInterval(() => {}, 1_000);`,
  ]);
  expect(String((await once(killed.stdout, 'data'))[0])).toBe('true\n');
  expect(await one.enter()).toBe(true);
  expect(await one.enter()).toBe(true);
  expect(await other.enter()).toBe(false);
  killed.kill('SIGKILL');
  await once(killed, 'exit');
  expect(await other.enter()).toBe(true);
  expect(await lanes().enter()).toBe(false);
  one.leave();
  expect(await lanes().enter()).toBe(true);
  expect(statSync(join(folder, 'lane-1')).mode & 0o777).toBe(0o600);
});

test('where a lane can not be had at all, nobody waits for one', async () => {
  writeFileSync(join(folder, 'file'), '');
  expect(await laneFiles(join(folder, 'file', 'lanes'), 1).enter()).toBe(true);
});

test('what those leave that have all lanes of the host, and do nothing, another executor carries out', async () => {
  await using scene = await setScene({ instances: [{ count: 20 }] }, { config: NOTHING_HELD, latencyMs: 5 });
  for (let lane = 0; lane < availableParallelism(); lane++)
    expect(await laneFiles(join(scene.place.home, 'lanes')).enter()).toBe(true);
  expect(await laneFiles(join(scene.place.home, 'lanes')).enter()).toBe(false);
  scene.place.start(['executor']);
  for (const id of await tagging(scene.place, await instanceIds(scene)))
    expect(await scene.settled(id)).toBe('succeeded');
});
