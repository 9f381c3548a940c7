import { expect, test } from 'vitest';
import { REASON } from '../scenes/front-door.ts';
import { instanceIds, setScene, type ToolAnswer } from '../scenes/whole.ts';

const SERVERS = 6;
const ROUNDS = 5;

test('C17: of six servers of one agent that ask at the same moment, one gets the only place of the quota', async () => {
  const seed = { instances: Array.from({ length: SERVERS }, () => ({})) };
  await using scene = await setScene(seed, { config: 'quotas: { pending: 1 }\n', latencyMs: 0 });
  const ids = await instanceIds(scene);
  const start = () => scene.place.agent(['--no-executor', '--operator', 'otto']);
  const servers = [scene.agent, ...(await Promise.all(ids.slice(1).map(start)))];
  for (let round = 0; round < ROUNDS; round += 1) {
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
}, 120_000);
