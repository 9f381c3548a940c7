import { expect, test } from 'vitest';
import { REASON, stop, until } from '../scenes/front-door.ts';
import { withDatabase } from '../scenes/tables.ts';
import { replacePlan } from '../scenes/tampering.ts';
import { instanceIds, instanceState, NOTHING_HELD, type Scene, setScene } from '../scenes/whole.ts';

/*
 * A ticket whose request may have been sent is looked at again, whoever sent it. Somebody who writes to the database
 * puts a plan under it, with the digest that belongs to it, that is about something which is already so: what became
 * of the request is not told by that.
 */

const seed = () => ({ instances: [{}, { state: 'stopped' as const }] });

/** Two instances: the one that was asked for runs, the other one is stopped already. */
async function twoInstances(scene: Scene): Promise<{ readonly asked: string; readonly other: string }> {
  const ids = await instanceIds(scene);
  const states = await Promise.all(ids.map((id) => instanceState(scene, id)));
  return { asked: ids[states.indexOf('running')] ?? '', other: ids[states.indexOf('stopped')] ?? '' };
}

function aboutAnother({ place }: Scene, ticket: string, asked: string, other: string): void {
  withDatabase(place, (db) =>
    replacePlan(db, ticket, (plan) => JSON.parse(JSON.stringify(plan).replaceAll(asked, other))),
  );
}

test('what was under way and has another plan now is not looked at by that plan', async () => {
  // It stops for longer than anybody here looks.
  await using scene = await setScene(seed(), { config: NOTHING_HELD, latencyMs: 600_000 });
  const sender = await scene.executing();
  const { asked, other } = await twoInstances(scene);
  scene.agent.call('ec2_stop_instances', { instance_ids: [asked], reason: REASON }).catch(() => undefined);
  await scene.cloud.arrived('StopInstances');
  const looks = async () => (await scene.cloud.requests('DescribeInstances')).length;
  const before = await looks();
  // AWS's yes is written down before the first look.
  await until(looks, (now) => now > before);
  const ticket = scene.rows('SELECT id FROM ticket')[0]?.id ?? '';
  await sender.stop();
  expect(scene.state(ticket)).toBe('executing');
  aboutAnother(scene, ticket, asked, other);
  await scene.executing();
  expect(await scene.settled(ticket)).toBe('unknown');
  const [{ text = '' } = {}] = scene.rows(
    "SELECT text FROM entry WHERE ticket = ? AND text ->> '$.type' = 'ticket.unknown'",
    ticket,
  );
  expect(JSON.parse(text).detail).toMatchObject({ refusal: { code: 'tampered' }, result: { resources: [] } });
  expect(await scene.cloud.requests('StopInstances')).toHaveLength(1);
});

test('of what is unknown and has another plan now, nothing is seen by it', async () => {
  await using scene = await setScene(seed(), { config: NOTHING_HELD, serve: [], latencyMs: 0, speed: 5 });
  const { asked, other } = await twoInstances(scene);
  await scene.cloud.fault({ action: 'StopInstances', mode: 'drop_before' });
  const { outcome, ticket } = await scene.agent.call('ec2_stop_instances', { instance_ids: [asked], reason: REASON });
  expect(outcome).toBe('unknown');
  await scene.agent.close();
  aboutAnother(scene, ticket.id, asked, other);
  const executor = scene.place.start(['executor']);
  let said = '';
  executor.stderr?.on('data', (chunk) => {
    said += chunk;
  });
  const observed = () =>
    scene.rows("SELECT seq FROM entry WHERE ticket = ? AND text ->> '$.type' = 'execution.observed'", ticket.id);
  await until(
    () => said.includes('"level":50') || observed().length > 0,
    (done) => done,
  );
  await stop(executor);
  expect(observed()).toEqual([]);
  expect(said).toContain('was altered in the database');
});
