import { afterAll, beforeAll, expect, test } from 'vitest';
import { type RecheckScene, recheckScene, stopped, waits } from '../scenes/executor.ts';
import { draftOf, newId } from '../scenes/openings.ts';
import { withDatabase } from '../scenes/tables.ts';
import { replacePlan, rewriteLog } from '../scenes/tampering.ts';

/* Anyone who writes the database holds no key, and can't write keys/. */

let scene: RecheckScene;
beforeAll(async () => {
  scene = await recheckScene({ volumes: [{}] });
});
afterAll(async () => await scene[Symbol.asyncDispose]());

const VOLUME_TAG = { 'for-whom': 'nobody' };
/** Each an own ticket about the same volume; none of them begins. */
const approved = async () => {
  const [volume] = await scene.volumes();
  return await scene.approved('ec2_create_tags', { resources: [volume!], tags: VOLUME_TAG });
};
const withdrawn = async () => {
  const ticket = await approved();
  await scene.store
    .forAgent({ agent: 'claude', operator: 'otto', session: 's1' })
    .withdraw(ticket.id, 'No longer wanted by anybody.');
  return ticket;
};
const edit = (sql: string, ...values: unknown[]) =>
  withDatabase({ database: scene.database }, (db) => {
    db.pragma('ignore_check_constraints = ON');
    db.prepare(sql).run(...values);
  });
const ALTERED = /^run `holdshort audit verify`.* look at AWS before it is asked for anew$/;
const altered = ({ id }: { id: string }, what: string) =>
  stopped('denied', 'tampered', `${id} was altered in the database: ${what}`, ALTERED);

test('what people approved and nobody touched may go, with what was weighed', async () => {
  const ticket = await approved();
  for (const outcome of [await scene.recheck(ticket), await scene.gate(ticket)])
    expect(outcome).toMatchObject({
      kind: 'go',
      plan: { ticket: ticket.id, tool: 'ec2_create_tags' },
      tool: { name: 'ec2_create_tags' },
      clearance: { cleared: true, broken_by: [], counted: { approvals: [{ person: 'mara' }] } },
      weighed: { decisions: 1, statements: 2 },
    });
});

test('what was begun here does not go again, whatever the database says', async () => {
  const ticket = await approved();
  scene.context.executed.add(ticket.id, { token: 'another', intended_at: new Date(scene.now).toISOString() });
  expect(await scene.recheck(ticket)).toEqual(
    altered(ticket, 'it was begun before, and the log does not say so: it may have happened'),
  );
});

test('a row that was set back does not go', async () => {
  const ticket = await withdrawn();
  edit("UPDATE ticket SET state = 'approved' WHERE id = ?", ticket.id);
  expect(await scene.recheck(ticket)).toEqual(altered(ticket, 'its row says approved, its log withdrawn'));
});

test('a row whose plan was taken out does not go, in a log rewritten to match', async () => {
  await using other = await recheckScene({ volumes: [{}] });
  const [volume] = await other.volumes();
  const ticket = await other.approved('ec2_delete_volume', { volume_id: volume! });
  withDatabase({ database: other.database }, (db) => {
    db.pragma('ignore_check_constraints = ON');
    db.prepare('UPDATE ticket SET plan = NULL, digest = NULL, call = NULL WHERE id = ?').run(ticket.id);
    rewriteLog(db, (entries) =>
      entries.map(({ detail: { digest: _, ...detail }, ...entry }) => ({ ...entry, detail })),
    );
  });
  expect(await other.recheck(ticket)).toEqual(altered(ticket, 'it has no plan'));
});

test('a plan that was changed does not go, in a log rewritten to match', async () => {
  await using other = await recheckScene({ volumes: [{}, {}] });
  const [volume, precious] = await other.volumes();
  const ticket = await other.approved('ec2_delete_volume', { volume_id: volume! });
  withDatabase({ database: other.database }, (db) =>
    replacePlan(db, ticket.id, (plan) => ({ ...plan, arguments: { volume_id: precious! } }), true),
  );
  expect(await other.recheck(ticket)).toEqual(waits('log_not_continued', /^the log is not the one that was seen here/));
});

test('the second gate sees that its people withdrew it meanwhile', async () => {
  const ticket = await withdrawn();
  expect(await scene.gate(ticket)).toEqual(waits('conflict', `${ticket.id} is withdrawn`, /^nothing to do$/));
});

test('the second gate sees a row that was set back meanwhile', async () => {
  const ticket = await withdrawn();
  edit("UPDATE ticket SET state = 'approved' WHERE id = ?", ticket.id);
  expect(await scene.gate(ticket)).toEqual(altered(ticket, 'its row says approved, the log withdrawn'));
});

test('the second gate sees a row that was moved on to what the log does not say', async () => {
  const ticket = await withdrawn();
  edit("UPDATE ticket SET state = 'succeeded' WHERE id = ?", ticket.id);
  expect(await scene.gate(ticket)).toEqual(altered(ticket, 'its row says approved, the log withdrawn'));
});

test.each([
  ['has another digest', "digest = 'other'"],
  ['lost its plan', 'plan = NULL, digest = NULL, call = NULL'],
])('the second gate sees a row that moved on, and %s', async (_, change) => {
  const ticket = await withdrawn();
  edit(`UPDATE ticket SET ${change} WHERE id = ?`, ticket.id);
  expect(await scene.gate(ticket)).toEqual(altered(ticket, 'its row says approved, the log withdrawn'));
});

test('the second gate sees another plan under the approval', async () => {
  const ticket = await approved();
  withDatabase({ database: scene.database }, (db) => replacePlan(db, ticket.id, (plan) => ({ ...plan, summary: '' })));
  expect(await scene.gate(await scene.read(ticket))).toEqual(altered(ticket, 'its digest is not the one in the log'));
});

test('the second gate sees that there is no plan', async () => {
  const { plan, ...ticket } = await approved();
  expect(plan).toBeDefined();
  expect(await scene.gate(ticket)).toEqual(altered(ticket, 'its digest is not the one in the log'));
});

test('the second gate asks nobody about a ticket that is still being planned', async () => {
  const id = newId();
  const planning = await scene.store
    .forAgent({ agent: 'claude', operator: 'ann', session: 's1' })
    .startPlanning(id, draftOf(scene.now));
  expect(await scene.gate(planning)).toEqual(altered({ id }, 'it has no plan'));
});

test('the second gate sees a ticket that the log never heard of', async () => {
  const ticket = await approved();
  const id = newId();
  withDatabase({ database: scene.database }, (db) => {
    db.prepare(
      `INSERT INTO ticket (n, id, state, draft, plan, digest, call, entries)
       SELECT n + 1000, ?, state, draft, plan, digest, call || 'x', entries FROM ticket WHERE id = ?`,
    ).run(id, ticket.id);
    replacePlan(db, id, (plan) => ({ ...plan, ticket: id }));
  });
  expect(await scene.gate(await scene.read({ ...ticket, id }))).toEqual(
    altered({ id }, 'an entry of its log is missing or altered'),
  );
});
