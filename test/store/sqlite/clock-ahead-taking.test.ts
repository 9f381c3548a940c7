import { CreateTagsCommand } from '@aws-sdk/client-ec2';
import { expect, test } from 'vitest';
import type { TicketId } from '../../../src/kernel/ticket.ts';
import { openSqliteStore } from '../../../src/store/sqlite/store.ts';
import { REASON } from '../../scenes/front-door.ts';
import { approve } from '../../scenes/here.ts';
import { events } from '../../scenes/state.ts';
import { instanceIds, type Scene, setScene, verified } from '../../scenes/whole.ts';

const AHEAD_MS = 5 * 3_600_000;

/** A host whose clock is five hours ahead. */
const ahead = ({ place }: Scene) => openSqliteStore({ file: place.database, clock: () => Date.now() + AHEAD_MS });

async function writesAhead(scene: Scene): Promise<string> {
  const store = ahead(scene);
  await store
    .forAgent({ agent: 'agent', operator: 'ann', session: 'ses_ahead' })
    .append({ type: 'session.opened', actor: 'agent:agent', detail: {} });
  await store.close();
  return newest(scene);
}

function newest(scene: Scene): string {
  return JSON.parse(scene.rows('SELECT text FROM entry ORDER BY seq DESC LIMIT 1')[0]?.text ?? '').at;
}

/** The one entry of that type, written by a clock that is behind the log. */
function behind({ place }: Scene, type: string, at: string): void {
  const [entry, another] = events(place).filter((one) => one.type === type);
  expect(another).toBeUndefined();
  expect(Date.parse(entry?.detail.clock), type).toBeLessThan(Date.parse(at));
}

test('A8: after an entry five hours ahead a key is revoked, and what it approved does not run', async () => {
  await using scene = await setScene({ instances: [{}] }, { approvers: ['ana', 'ida'] });
  const { place } = scene;
  const [id] = await instanceIds(scene);
  const ticket = await scene.ask('ec2_stop_instances', { instance_ids: [id] });
  expect(await approve(place, ticket, 'ida')).toMatchObject({ code: 0 });
  const at = await writesAhead(scene);
  const ran = await place.cli(['approvers', 'revoke', 'ida', '--as', 'ana', '--reason', 'her laptop is gone']);
  expect(ran, ran.stderr).toMatchObject({ code: 0 });
  const since = events(place).filter(({ type }) => type === 'approver.revoked');
  expect(since).toHaveLength(2);
  for (const { detail } of since) expect(Date.parse(detail.clock)).toBeLessThan(Date.parse(at));
  await scene.executing();
  expect(await scene.settled(ticket.id)).toBe('denied');
  expect(await scene.cloud.requests('StopInstances')).toEqual([]);
  await verified(scene);
}, 120_000);

test('A8: what became of a request that was under way is written, whatever the log says of the time', async () => {
  await using scene = await setScene({ instances: [{}] }, { approvers: ['ana'] });
  await scene.executing();
  const [id] = await instanceIds(scene);
  await scene.cloud.fault({ action: 'StopInstances', mode: 'hold_after', ms: 6_000 });
  const ticket = await scene.approved('ec2_stop_instances', { instance_ids: [id] });
  await scene.cloud.arrived('StopInstances');
  const at = await writesAhead(scene);
  expect(scene.state(ticket.id)).toBe('executing');
  expect(await scene.settled(ticket.id)).toBe('succeeded');
  behind(scene, 'ticket.succeeded', at);
  await verified(scene);
}, 120_000);

test('A8: an approved ticket that the recheck stops is stopped', async () => {
  await using scene = await setScene({ instances: [{}] }, { approvers: ['ana'] });
  const { ec2 } = scene;
  const [id = ''] = await instanceIds(scene);
  const ticket = await scene.approved('ec2_stop_instances', { instance_ids: [id] });
  const at = await writesAhead(scene);
  await ec2.send(new CreateTagsCommand({ Resources: [id], Tags: [{ Key: 'owner', Value: 'somebody else' }] }));
  await scene.executing();
  expect(await scene.settled(ticket.id)).toBe('stale');
  behind(scene, 'ticket.stale', at);
  expect(await scene.cloud.requests('StopInstances')).toEqual([]);
  await verified(scene);
}, 120_000);

test('A8: a host that starts five hours ahead ends what waits, and runs nothing; others are told both times and the mend', async () => {
  await using scene = await setScene({ instances: [{}] }, { approvers: ['ana'] });
  const { place, agent } = scene;
  const [id] = await instanceIds(scene);
  const ticket = await scene.ask('ec2_stop_instances', { instance_ids: [id] });
  const store = ahead(scene);
  await store.forExecutor('exe_ahead').expire(ticket.id as TicketId);
  await store.close();
  expect(scene.state(ticket.id)).toBe('expired');
  const at = newest(scene);
  const answer = await agent.call('ec2_stop_instances', { instance_ids: [id], reason: REASON });
  const enrolled = await place.cli(['approvers', 'enroll', 'ida', '--no-passphrase', '--as', 'ana']);
  expect(enrolled.code).not.toBe(0);
  for (const said of [JSON.stringify(answer), enrolled.stderr]) {
    expect(said).toContain(`the newest log entry was written at ${at}`);
    expect(said).toMatch(/the clock says \d{4}-\d\d-\d\dT/);
    expect(said).toContain(`wait until ${at}`);
  }
  expect(await place.cli(['halt', '--reason', 'the clocks differ', '--as', 'ana'])).toMatchObject({ code: 0 });
  expect(await scene.cloud.requests('StopInstances')).toEqual([]);
  await verified(scene);
}, 120_000);
