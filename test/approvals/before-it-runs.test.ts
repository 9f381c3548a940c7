import { expect, test } from 'vitest';
import { REASON, until } from '../scenes/front-door.ts';
import { approve, enroll } from '../scenes/here.ts';
import { setScene } from '../scenes/whole.ts';

/** What is taken away from an approved ticket before an executor begins it, through the built command. */
test.each([
  [
    'an approval that its giver took back',
    (id: string) => ['approve', id, '--withdraw', '--as', 'ida'],
    /ida took the approval back before it began/,
  ],
  [
    'an approval by a key that was revoked since',
    () => ['approvers', 'revoke', 'ida', '--reason', 'left', '--as', 'noa'],
    /decisions that do not count \(revoked key\)/,
  ],
])('%s runs nothing', { timeout: 240_000 }, async (_, command, why) => {
  await using scene = await setScene({ instances: [{}] }, { approvers: ['noa'] });
  const { place, agent, cloud } = scene;
  await enroll(place, 'ida', 'noa');
  const [instance] = (await agent.call('ec2_describe_instances')).instances as { instance_id: string }[];
  const { ticket } = await agent.call('ec2_stop_instances', { instance_ids: [instance!.instance_id], reason: REASON });
  expect(await approve(place, ticket, 'ida')).toMatchObject({ code: 0 });
  const ran = await place.cli(command(ticket.id));
  expect(ran.code, ran.stderr).toBe(0);
  expect(scene.state(ticket.id)).toBe('approved');
  place.start(['executor']);
  await until(
    () => scene.state(ticket.id),
    (state) => state !== 'approved',
  );
  const { refusal } = await agent.call('ticket_get', { ticket_id: ticket.id });
  expect(scene.state(ticket.id)).toBe('denied');
  expect(refusal).toMatchObject({ code: 'approval_invalid', message: expect.stringMatching(why) });
  expect(await cloud.requests('StopInstances')).toEqual([]);
});
