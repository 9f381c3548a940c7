import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Agent, REASON } from '../scenes/front-door.ts';
import { instanceIds, type Scene, setScene, type ToolAnswer } from '../scenes/whole.ts';

const SERVERS = 6;
const ROUNDS = 5;

let scene: Scene;
let ids: readonly string[];
let servers: readonly Agent[];
beforeAll(async () => {
  const seed = { instances: Array.from({ length: SERVERS }, () => ({})) };
  scene = await setScene(seed, { config: 'quotas: { pending: 1 }\n', latencyMs: 0, serve: ['--no-executor'] });
  ids = await instanceIds(scene);
  const start = () => scene.place.agent(['--no-executor', '--operator', 'otto']);
  servers = [scene.agent, ...(await Promise.all(ids.slice(1).map(start)))];
});
afterAll(async () => await scene[Symbol.asyncDispose]());

/** Rounds that the servers have behind them. */
let rounds = 0;

/**
 * In each round six processes of one agent ask for another instance at the same moment.
 * @param quota of a round, by how many came before it: what was withdrawn waits no longer, and was asked for all the
 *   same
 */
async function onePlaceARound(quota: (before: number) => string): Promise<void> {
  for (let round = 0; round < ROUNDS; round += 1) {
    writeFileSync(join(scene.place.home, 'config.yaml'), `quotas: { ${quota(rounds)} }\n`);
    const answers: readonly ToolAnswer[] = await Promise.all(
      servers.map((server, n) => server.call('ec2_stop_instances', { instance_ids: [ids[n]], reason: REASON })),
    );
    rounds += 1;
    const outcomes = answers.map(({ outcome }) => outcome).sort();
    expect(outcomes).toEqual(['pending_approval', ...Array(SERVERS - 1).fill('refused')]);
    const held = answers.find(({ outcome }) => outcome === 'pending_approval');
    await scene.agent.call('ticket_withdraw', {
      ticket_id: held?.ticket?.id,
      reason: 'The next round needs its place.',
    });
  }
}

test('C17: of six servers of one agent that ask at the same moment, one gets the only place of the quota', async () => {
  await onePlaceARound(() => 'pending: 1');
}, 120_000);

test('C17: of six servers of one agent that ask at the same moment, one makes the only destructive change that is left of the hour', async () => {
  await onePlaceARound((before) => `destructive_per_hour: ${before + 1}`);
}, 120_000);
