import { expect, test } from 'vitest';
import { startCloud } from '../scenes/cloud.ts';
import { makePlace, REASON } from '../scenes/front-door.ts';
import { enroll } from '../scenes/here.ts';

test('[P4-22] by default nobody breaks the glass, whoever they are and whatever they say', async () => {
  await using cloud = await startCloud({ instances: [{}] });
  await using place = makePlace({ endpoint: cloud.endpoint });
  await enroll(place, 'noa');
  const agent = await place.agent(['--operator', 'otto']);
  const [instance] = (await agent.call('ec2_describe_instances')).instances as { instance_id: string }[];
  const { ticket } = await agent.call('ec2_stop_instances', { instance_ids: [instance!.instance_id], reason: REASON });
  const tried = await place.cli([
    'approve',
    ticket.id,
    '--break-glass',
    '--reason',
    'everything is down',
    '--yes',
    '--digest',
    ticket.digest,
    '--as',
    'noa',
  ]);
  expect(tried).toMatchObject({ code: 3, stderr: expect.stringContaining('context.break_glass') });
  expect(await agent.call('ticket_get', { ticket_id: ticket.id })).toMatchObject({
    ticket: { state: 'pending', decisions: [] },
  });
  const rejections = await place.json(['audit', 'list', '--ticket', ticket.id, '--type', 'decision.rejected']);
  expect(rejections).toHaveLength(1);
  expect(await cloud.requests('StopInstances')).toEqual([]);
});
