import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { REASON } from '../scenes/front-door.ts';
import { instanceIds, setScene, type ToolAnswer } from '../scenes/whole.ts';

const SERVERS = 6;
const ROUNDS = 5;

/**
 * In each round six processes of one agent ask for another instance at the same moment.
 * @param quota of that round, counted from 0: what was withdrawn waits no longer, and was asked for all the same
 */
async function onePlaceARound(quota: (round: number) => string): Promise<void> {
  const seed = { instances: Array.from({ length: SERVERS }, () => ({})) };
  await using scene = await setScene(seed, { config: `quotas: { ${quota(0)} }\n`, latencyMs: 0 });
  const ids = await instanceIds(scene);
  const start = () => scene.place.agent(['--no-executor', '--operator', 'otto']);
  const servers = [scene.agent, ...(await Promise.all(ids.slice(1).map(start)))];
  for (let round = 0; round < ROUNDS; round += 1) {
    writeFileSync(join(scene.place.home, 'config.yaml'), `quotas: { ${quota(round)} }\n`);
    const answers: readonly ToolAnswer[] = await Promise.all(
      servers.map((server, n) => server.call('ec2_stop_instances', { instance_ids: [ids[n]], reason: REASON })),
    );
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
  await onePlaceARound((round) => `destructive_per_hour: ${round + 1}`);
}, 120_000);
