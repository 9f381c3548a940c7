import Sqlite from 'better-sqlite3';
import { expect, test } from 'vitest';
import { approve, deny } from '../../approvals/cli/decide.ts';
import { listPending } from '../../approvals/companion/read.ts';
import { reviewTicket } from '../../approvals/review.ts';
import { replacePlan } from '../promises/tampering.ts';
import { codeOf, type House, openHouse } from './fixture.ts';

/* Whoever writes the database makes a milder plan of a ticket that waits, with a log to match: nothing there contradicts itself. */

async function rewritten() {
  const house = await openHouse();
  await house.enroll('noa', 'ida');
  const { id } = await house.openTicket();
  // Somebody of this installation looks, and so has seen what was asked for.
  const before = await reviewTicket(house.context('noa'), await house.store.forApprover().ticket(id));
  expect(before).toMatchObject({ unseen: undefined, plan: { effects: ['delete'] } });
  const db = new Sqlite(house.file);
  for (const name of db.prepare<[], string>("SELECT name FROM sqlite_schema WHERE type = 'trigger'").pluck().all())
    db.exec(`DROP TRIGGER ${name}`);
  const impact = before.plan.impact.map((line) => ({ ...line, effect: 'modify' as const }));
  const digest = replacePlan(db, id, (plan) => ({ ...plan, effects: ['modify'], impact }), true);
  db.close();
  return { house, id, digest };
}

const shown = async (house: House, id: string) =>
  await reviewTicket(house.context('ida'), await house.store.forApprover().ticket(id));

test('A5: a ticket that is not what was seen here says so first, in the terminal, on the page and in chats', async () => {
  const { house, id } = await rewritten();
  const review = await shown(house, id);
  expect(review.plan.effects).toEqual(['modify']);
  expect(review.unseen).toMatchObject({ code: 'log_not_continued' });
  expect(review.warnings[0]).toContain('this may not be what the agent asked for, and nothing runs');
  const listed = await listPending(house.context('ida'));
  expect(JSON.stringify(listed.content)).toContain('NOTHING RUNS');
  expect(listed.structuredContent).toMatchObject({ log_problem: { code: 'log_not_continued' } });
});

test('A5: nobody approves it, and everybody can deny it', async () => {
  const { house, id, digest } = await rewritten();
  expect(await codeOf(approve(house.context('ida'), id, { yes: true, digest }))).toBe('log_not_continued');
  await deny(house.context('ida'), id, { yes: true, digest, reason: 'this is not what was asked for' });
  expect((await house.store.forApprover().ticket(id)).state).toBe('denied');
});
