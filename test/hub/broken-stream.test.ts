import { request } from 'node:http';
import { expect, test } from 'vitest';
import { startCloud } from '../scenes/cloud.ts';
import { makePlace, REASON, until } from '../scenes/front-door.ts';
import { done, enroll } from '../scenes/here.ts';
import { hubsBehindOne, tokenOf } from '../scenes/hub.ts';
import { NOTHING_HELD } from '../scenes/whole.ts';

/*
 * A call that policy lets run at once, and whose answer never comes: its agent is gone, or the hub is. It has run once,
 * and is told of when somebody asks.
 */

test.each([
  ["the agent's connection breaks", 'the connection'],
  ['the hub is killed', 'the hub'],
] as const)('%s while what it asked for is being executed: no second effect, and no lost state', async (_, breaks) => {
  await using cloud = await startCloud({ instances: [{ count: 2 }] });
  await using place = makePlace({ endpoint: cloud.endpoint, config: NOTHING_HELD });
  await enroll(place, 'noa');
  await enroll(place, 'mara', 'noa');
  const { hubs, issuer, url, only } = await hubsBehindOne(place, NOTHING_HELD, 2);
  await done(place, 'approvers', 'bind', 'mara', `--issuer=${issuer.issuer}`, '--subject=mara-1', '--as', 'noa');
  place.start(['executor']);
  const token = await tokenOf(issuer, url);
  only(1);
  const mara = await hubs[1]!.client(token);
  const { instances } = await mara.call('ec2_describe_instances');
  const call = { instance_ids: [instances[0].instance_id], reason: REASON };

  await cloud.fault({ action: 'StopInstances', mode: 'hold_after' });
  only(0);
  const headers = {
    ...{ authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    accept: 'application/json, text/event-stream',
  };
  const sent = request(`${url}/mcp`, { method: 'POST', headers });
  sent.on('error', () => undefined);
  sent.end(
    JSON.stringify({
      ...{ jsonrpc: '2.0', id: 1, method: 'tools/call' },
      params: { name: 'ec2_stop_instances', arguments: call },
    }),
  );
  await cloud.arrived('StopInstances');
  const broken = new Promise((resolve) => sent.once('close', resolve));
  if (breaks === 'the hub') await hubs[0]!.stop('SIGKILL');
  else sent.destroy();
  await broken;

  only(1);
  const [ticket, ...more] = (await mara.call('ticket_list')).tickets;
  expect(more).toEqual([]);
  expect(ticket.state).toBe('executing');
  // Asked again while nobody knows yet: nothing is sent for it.
  const again = await mara.call('ec2_stop_instances', call);
  expect(again.ticket === undefined || again.ticket.id === ticket.id, JSON.stringify(again)).toBe(true);
  await cloud.release();
  const ended = await until(
    () => mara.call('ticket_wait', { ticket_id: ticket.id, timeout_seconds: 30 }),
    (answer) => answer.ticket.state !== 'executing',
  );
  expect(ended.ticket.state).toBe('succeeded');
  expect(await cloud.requests('StopInstances')).toHaveLength(1);
  expect((await mara.call('ticket_list')).tickets.map(({ id }: { id: string }) => id)).toEqual([ticket.id]);
});
