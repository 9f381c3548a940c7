import { setTimeout as pause } from 'node:timers/promises';
import type pg from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Store } from '../../../src/store/port.ts';
import { openPostgresStore } from '../../../src/store/postgres/store.ts';
import { openingOf } from '../../scenes/openings.ts';
import { asked, fromNpm, MISSING, makeDatabase, makeTemplate, type Server, startServer } from './server.ts';

const program = fromNpm();
if (!program) console.warn(`skipped: what shares a commit on PostgreSQL: ${MISSING}`);

const event = (index: number) => ({ type: 'call.completed', actor: 'agent:claude', detail: { index } }) as const;

describe.skipIf(!program)('a commit', () => {
  let server: Server;
  let database: string;
  let store: Store;
  beforeAll(async () => {
    if (!program) return;
    server = await startServer(program);
    await makeTemplate(server, 'template');
  }, 120_000);
  afterAll(() => server?.stop());
  beforeEach(async () => {
    database = await makeDatabase(server, 'template');
    store = openPostgresStore({ to: server.login('hub', database) });
    await store.forAgent({ agent: 'claude', operator: 'ann', session: 's1' }).append(event(0));
  });
  afterEach(() => store.close());

  const texts = async () => {
    const { rows } = await asked(server.superuser(database), (client) =>
      client.query("SELECT text::json -> 'detail' ->> 'index' AS index FROM holdshort.entry ORDER BY seq"),
    );
    return rows.map(({ index }) => Number(index));
  };
  /** Until one waits for the log's lock. */
  const untilWaiting = async (client: pg.Client) => {
    const waits = 'SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = $1';
    while ((await client.query(waits, ['Lock'])).rowCount === 0) await pause(5);
  };
  const transactions = async () => {
    const { rows } = await asked(server.superuser(database), (client) =>
      client.query('SELECT count(*)::int AS n FROM holdshort.operation'),
    );
    return rows[0].n;
  };

  it('is shared by those who wait at the same time, and one that fails takes none of them along', async () => {
    const agent = store.forAgent({ agent: 'claude', operator: 'ann', session: 's1' });
    const appended = (from: number, to: number) =>
      Array.from({ length: to - from }, (_, index) => agent.append(event(from + index)));
    /** Of those that come while one waits for the lock. @returns how many transactions there were */
    const shared = async (first: () => Promise<unknown>, others: () => readonly Promise<unknown>[]) => {
      const before = await transactions();
      const outcomes = await asked(server.superuser(database), async (other) => {
        await other.query('BEGIN; SELECT 1 FROM holdshort.tree FOR UPDATE');
        const alone = first();
        await untilWaiting(other);
        const waiting = Promise.allSettled(others());
        await other.query('COMMIT');
        await alone;
        return await waiting;
      });
      return { outcomes, transactions: (await transactions()) - before };
    };
    // However slow this machine is: after a while under the lock, the rest would go into another one.
    vi.useFakeTimers({ toFake: ['performance'] });
    try {
      const atOnce = await shared(
        () => agent.append(event(1)),
        () => appended(2, 8),
      );
      expect(atOnce.transactions).toBe(2);
      const { id } = openingOf(Date.now());
      const longer = await shared(
        () => agent.append(event(8)),
        () => [...appended(9, 20), agent.withdraw(id, 'there is none'), agent.append(event(20))],
      );
      expect(longer.outcomes.filter(({ status }) => status === 'rejected')).toEqual([
        { status: 'rejected', reason: expect.objectContaining({ code: 'not_found' }) },
      ]);
      expect(longer.transactions).toBe(2);
      // Nobody waits for the lock, and all of them ask in one turn.
      const before = await transactions();
      await Promise.all(appended(21, 29));
      expect((await transactions()) - before).toBe(1);
    } finally {
      vi.useRealTimers();
    }
    expect(await texts()).toEqual(Array.from({ length: 29 }, (_, index) => index));
  });

  it('that the database refuses for one of several written at once takes none of the others along', async () => {
    const agent = store.forAgent({ agent: 'claude', operator: 'ann', session: 's1' });
    // As no agent's login writes it.
    const refused = { ...event(9), actor: 'approver:ann' } as const;
    const outcomes = await Promise.allSettled([agent.append(event(1)), agent.append(refused), agent.append(event(2))]);
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(outcomes[1]).toMatchObject({ reason: { code: 'store_unavailable' } });
    expect(await texts()).toEqual([0, 1, 2]);
  });

  it('weighs again what more news than it was weighed by stand in the way of, also of those beside it', async () => {
    const caller = { agent: 'claude', operator: 'ann', session: 's1' };
    const [one, other] = [store, openPostgresStore({ to: server.login('hub', database) })];
    const weighed = async (more = {}) => {
      const opening = openingOf(Date.now());
      return { ...opening, ...more, grounds: { ...opening.grounds, news: await one.forAgent(caller).news() } };
    };
    // Both were weighed when there was none that waits; the one of them that comes second would be one too many.
    for (const second of [one, other]) {
      const [first, late] = [await weighed(), await weighed()];
      const outcomes = await Promise.allSettled([
        one.forAgent(caller).openTicket(first),
        second.forAgent(caller).openTicket(late),
      ]);
      expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
      expect(outcomes.find(({ status }) => status === 'rejected')).toMatchObject({ reason: { code: 'conflict' } });
      for (const { id } of (await one.forAgent(caller).tickets({ state: 'pending', limit: 9 })).items)
        await one.forAgent(caller).withdraw(id, 'no more');
    }
    await other.close();
  });
});
