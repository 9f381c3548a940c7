import { expect, test, vi } from 'vitest';
import { foreignOf } from '../../src/executor/foreign.ts';
import { tagging } from '../scenes/approved.ts';
import { until } from '../scenes/front-door.ts';
import { startGateway } from '../scenes/gateway.ts';
import { instanceIds, NOTHING_HELD, setScene } from '../scenes/whole.ts';

const MOST_AT_ONCE = 16;

test("an executor leaves what is another account's alone once it knows, and the other account's executor does it", async () => {
  await using scene = await setScene({ instances: [{ count: 40 }] }, { config: NOTHING_HELD, latencyMs: 5 });
  await using elsewhere = await startGateway(scene.cloud.endpoint, {
    GetCallerIdentity: async (forward) => {
      const answer = await forward();
      return { ...answer, body: answer.body.replaceAll('123456789012', '999999999999') };
    },
  });
  const tickets = await tagging(scene.place, await instanceIds(scene));
  scene.place.start(['executor'], { AWS_ENDPOINT_URL: elsewhere.endpoint });
  const told = () => scene.rows(`SELECT DISTINCT ticket FROM audit_events WHERE type = 'execution.waiting'`).length;
  await until(told, (count) => count > 0);
  // Longer than several tries of each that it took.
  await new Promise((resolve) => setTimeout(resolve, 3_000));
  expect(told()).toBeLessThanOrEqual(MOST_AT_ONCE);
  const never = scene.rows('SELECT id FROM ticket WHERE claim_epoch = 0').length;
  expect(never).toBeGreaterThanOrEqual(tickets.length - MOST_AT_ONCE);
  scene.place.start(['executor']);
  for (const id of tickets) expect(await scene.settled(id)).toBe('succeeded');
}, 120_000);

test('whose an account is is looked at again after half a minute', () => {
  vi.useFakeTimers({ toFake: ['performance'] });
  try {
    const foreign = foreignOf();
    foreign.add('999999999999');
    vi.advanceTimersByTime(29_999);
    expect(foreign.now()).toEqual(['999999999999']);
    vi.advanceTimersByTime(1);
    expect(foreign.now()).toEqual([]);
  } finally {
    vi.useRealTimers();
  }
});
