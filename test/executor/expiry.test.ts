import { expect, test } from 'vitest';
import { openSqliteStore } from '../../src/store/sqlite/store.ts';
import { REASON, until } from '../front-door.ts';
import { instanceIds, NOTHING_HELD, setScene } from '../promises/scene.ts';
import { events, stateOf } from '../promises/state.ts';
import { withDatabase } from '../promises/tampering.ts';
import { openingOf } from '../store/openings.ts';

const OVERDUE = 2000;
/** More than an executor reads at once. */
const STUCK = 150;

test('C18: what is approved begins while thousands of overdue tickets are expired, and none of those that stick holds up the others', async () => {
  await using scene = await setScene({ instances: [{}] }, { config: NOTHING_HELD, latencyMs: 0 });
  const { place, agent } = scene;
  const [instance] = await instanceIds(scene);
  const store = openSqliteStore({ file: place.database });
  const open = async (now: number) => {
    const opening = openingOf(now, { draft: { agent: 'other' } });
    return (await store.forAgent('other', 's1').openTicket(opening)).ticket.id;
  };
  const stuck: string[] = [];
  while (stuck.length < STUCK) stuck.push(await open(Date.now()));
  // Their rows say that their time is over; their plans don't.
  const past = new Date(Date.now() - 3_600_000).toISOString();
  withDatabase(place, (db) => {
    const edit = db.prepare("UPDATE ticket SET draft = json_set(draft, '$.expires_at', ?) WHERE id = ?");
    for (const id of stuck) edit.run(past, id);
  });
  let last = '';
  for (let count = 0; count < OVERDUE; count += 1) last = await open(Date.now() - 7_200_000);
  await store.close();
  agent.call('ec2_create_tags', { resources: [instance], tags: { a: 'b' }, reason: REASON }).catch(() => undefined);
  await until(() => scene.rows("SELECT id FROM ticket WHERE state = 'approved'")[0]?.id, Boolean);

  const executor = place.start(['executor']);
  let stderr = '';
  executor.stderr?.on('data', (chunk) => {
    stderr += chunk;
  });
  await until(
    () => ({ state: stateOf(place, last), begun: events(place, 'ticket.executing').length, stderr }),
    ({ state, begun }) => state === 'expired' && begun === 1,
    240_000,
  );
  const [begun] = events(place, 'ticket.executing');
  const expired = events(place, 'ticket.expired');
  expect(expired).toHaveLength(OVERDUE);
  expect(expired.filter(({ seq }) => seq < begun!.seq).length).toBeLessThan(OVERDUE);
  for (const id of stuck) expect(stateOf(place, id)).toBe('pending');
}, 400_000);
