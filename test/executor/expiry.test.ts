import { expect, test } from 'vitest';
import { connect } from '../../src/store/sqlite/connection.ts';
import { openTicket } from '../../src/store/sqlite/operations/open-ticket.ts';
import { prepareOpening } from '../../src/store/story/opening.ts';
import { type Place, REASON, until } from '../scenes/front-door.ts';
import { openingOf } from '../scenes/openings.ts';
import { events, stateOf } from '../scenes/state.ts';
import { withDatabase } from '../scenes/tables.ts';
import { instanceIds, NOTHING_HELD, setScene } from '../scenes/whole.ts';

const OVERDUE = 10_000;
/** More than an executor reads at once. */
const STUCK = 150;

test('C18: what is approved begins while ten thousand overdue tickets are expired, and none of those that stick holds up the others', async () => {
  await using scene = await setScene({ instances: [{}] }, { config: NOTHING_HELD, latencyMs: 0 });
  const { place, agent } = scene;
  const [instance] = await instanceIds(scene);
  const past = Date.now() - 7_200_000;
  const stuck = await openAll(place, STUCK, Date.now());
  // Their rows say that their time is over; their plans don't.
  withDatabase(place, (db) => {
    const edit = db.prepare("UPDATE ticket SET draft = json_set(draft, '$.expires_at', ?) WHERE id = ?");
    for (const id of stuck) edit.run(new Date(past).toISOString(), id);
  });
  await openAll(place, OVERDUE, past);
  agent.call('ec2_create_tags', { resources: [instance], tags: { a: 'b' }, reason: REASON }).catch(() => undefined);
  await until(() => scene.rows("SELECT id FROM ticket WHERE state = 'approved'")[0]?.id, Boolean);

  place.start(['executor']);
  const states = () => {
    const counts = scene.rows('SELECT state, count(*) AS tickets FROM ticket GROUP BY state');
    return Object.fromEntries(counts.map(({ state, tickets }) => [state, Number(tickets)]));
  };
  await until(
    states,
    ({ expired = 0, executing = 0, succeeded = 0 }) => expired > 2 * STUCK && executing + succeeded === 1,
    240_000,
  );
  const expired = () => events(place, 'ticket.expired');
  const [begun] = events(place, 'ticket.executing');
  expect(expired().filter(({ seq }) => seq < begun!.seq).length).toBeLessThan(OVERDUE / 2);
  for (const id of stuck) expect(stateOf(place, id)).toBe('pending');
}, 400_000);

/** As servers do it, but in one transaction: ten thousand commits take a while. */
async function openAll({ database }: Place, count: number, now: number): Promise<readonly string[]> {
  const location = { file: database, clock: Date.now, busyTimeoutMs: 4000, recipients: () => [] };
  const connection = await connect(location);
  const caller = { agent: 'other', operator: 'ann', session: 's1' };
  const open = () => {
    const opening = openingOf(now, { draft: { agent: 'other' } });
    openTicket(connection, prepareOpening(caller, opening));
    return opening.id;
  };
  try {
    return connection.writing(() => Array.from({ length: count }, open));
  } finally {
    connection.close();
  }
}
