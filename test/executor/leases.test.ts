import { afterEach, beforeEach, expect, test } from 'vitest';
import { LEASE_MS, type Leases, leasesOf } from '../../src/executor/leases.ts';
import { type RecheckScene, recheckScene } from '../scenes/executor.ts';

/*
 * A process asks for the intent to be written, and waits for its turn: what it holds by then counts from the moment at
 * which it asked, not from that of its claim.
 */

let scene: RecheckScene;
let leases: Leases;
beforeEach(async () => {
  scene = await recheckScene({ volumes: [{}] });
  leases = leasesOf(scene.context.store, () => undefined);
});
afterEach(async () => {
  leases.close();
  await scene[Symbol.asyncDispose]();
});

/** Claimed so long ago that nothing is left of its time. */
async function lapsed() {
  const [volume_id = ''] = await scene.volumes();
  const claim = await scene.claimed(await scene.approved('ec2_delete_volume', { volume_id }));
  return leases.hold(claim, performance.now() - LEASE_MS);
}

test('what was begun is held from then on, also where its claim was about to lapse', async () => {
  const held = await lapsed();
  expect(held.holds()).toBe(false);
  await held.keptBy(async () => undefined);
  expect(held.holds()).toBe(true);
});

test('what could not be begun, or was let go, is not held for that', async () => {
  const held = await lapsed();
  await expect(held.keptBy(() => Promise.reject(new Error('a decision came first')))).rejects.toThrow('came first');
  expect(held.holds()).toBe(false);
  await held.keptBy(async () => await held.letGo());
  expect(held.holds()).toBe(false);
});
