import { expect, test } from 'vitest';
import { REASON } from '../scenes/front-door.ts';
import { setScene } from '../scenes/whole.ts';

test('what a person denied is refused with their reason, whoever asks again, and nobody is asked', {
  timeout: 240_000,
}, async () => {
  await using scene = await setScene({ instances: [{ count: 2 }] }, { approvers: ['noa'] });
  const { place, agent } = scene;
  const all = (await agent.call('ec2_describe_instances')).instances as { instance_id: string }[];
  const [one, two] = all.map(({ instance_id }) => instance_id);
  const stop = (id?: string) => ({ instance_ids: [id], reason: REASON });
  const { ticket } = await agent.call('ec2_stop_instances', stop(one));
  const no = ['deny', ticket.id, '--reason', 'payday: not today', '--yes', '--digest', ticket.digest, '--as', 'noa'];
  expect((await place.cli(no)).code).toBe(0);

  const other = await place.agent(['--no-executor', '--agent', 'another', '--operator', 'otto']);
  for (const asking of [agent, other]) {
    const again = await asking.call('ec2_stop_instances', {
      ...stop(one),
      reason: 'Now it is really needed, believe me.',
    });
    expect(again).toMatchObject({ outcome: 'refused', refusal: { code: 'denied' } });
    expect(again.refusal.message).toContain('denied by noa: payday: not today');
    expect(again.refusal.message).toContain(ticket.id);
    expect(again.ticket).toBeUndefined();
  }
  expect(scene.rows(`SELECT id FROM ticket_overview WHERE state = 'pending'`)).toEqual([]);
  expect(scene.rows(`SELECT seq FROM audit_events WHERE type = 'call.refused' AND outcome = 'denied'`)).toHaveLength(2);
  expect(await agent.call('ec2_stop_instances', stop(two))).toMatchObject({ outcome: 'pending_approval' });
  const list = await place.cli(['tickets', 'list']);
  expect(list.stdout).not.toContain('agent another');
  expect(await other.call('ec2_terminate_instances', stop(two))).toMatchObject({ outcome: 'pending_approval' });
  const grouped = await place.cli(['tickets', 'list']);
  expect(grouped.stdout).toMatch(
    /agent another, 1 waiting\n.* delete .*\nagent agent, 1 waiting\n.* disrupt [\s\S]*decided and done\n.* denied /,
  );
});
