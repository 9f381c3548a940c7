import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { entryRest } from '../../../src/audit/entry.ts';
import { verifyLog } from '../../../src/audit/verify.ts';
import type { Store } from '../../../src/store/port.ts';
import { openPostgresSnapshot } from '../../../src/store/postgres/snapshot.ts';
import { openPostgresStore } from '../../../src/store/postgres/store.ts';
import { NOTHING_OUTSIDE } from '../../audit/verify-file.ts';
import { openingOf, person, signed } from '../../scenes/openings.ts';
import { proxyTo, type Way } from './proxy.ts';
import { asked, fromNpm, MISSING, makeDatabase, makeTemplate, type Server, startServer } from './server.ts';

const opened = (store: Store) =>
  store.forAgent({ agent: 'claude', operator: 'ann', session: 's1' }).openTicket(openingOf(Date.now()));

const program = fromNpm();
if (!program) console.warn(`skipped: commits on PostgreSQL: ${MISSING}`);

const event = (index: number) => ({ type: 'call.completed', actor: 'agent:claude', detail: { index } }) as const;

describe.skipIf(!program)('a commit', () => {
  let server: Server;
  let proxy: Way;
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
    proxy = await proxyTo(server.folder);
    store = openPostgresStore({ to: { ...server.login('hub', database), host: proxy.folder }, patienceMs: 3_000 });
    await store.forAgent({ agent: 'claude', operator: 'ann', session: 's1' }).append(event(0));
  });
  afterEach(async () => {
    const snapshot = await openPostgresSnapshot(server.login('hub', database));
    const verification = await verifyLog(snapshot, NOTHING_OUTSIDE);
    await snapshot.close();
    await store.close();
    await proxy.close();
    expect(verification).toMatchObject({ ok: true });
  });

  const texts = async () => {
    const { rows } = await asked(server.superuser(database), (client) =>
      client.query("SELECT text::json -> 'detail' ->> 'index' AS index FROM holdshort.entry ORDER BY seq"),
    );
    return rows.map(({ index }) => Number(index));
  };
  it('whose answer is lost came through, and is answered with what it wrote', async () => {
    proxy.lose('answer');
    expect(await store.forAgent({ agent: 'claude', operator: 'ann', session: 's1' }).append(event(1))).toEqual({
      seq: 2,
    });
    expect(await texts()).toEqual([0, 1]);
  });

  it('that is lost with its connection is made again, once', async () => {
    proxy.lose('commit');
    expect(await store.forAgent({ agent: 'claude', operator: 'ann', session: 's1' }).append(event(1))).toEqual({
      seq: 2,
    });
    expect(await texts()).toEqual([0, 1]);
  });

  it('of a ticket whose answer is lost, or that is lost itself, opens that ticket once', async () => {
    for (const loss of ['answer', 'commit'] as const) {
      proxy.lose(loss, ['at once']);
      const { ticket, existing } = await opened(store);
      expect({ existing, state: ticket.state }).toEqual({ existing: false, state: 'pending' });
      expect(await store.forApprover().ticket(ticket.id)).toEqual(ticket);
    }
    expect((await store.forApprover().tickets({ limit: 10 })).items).toHaveLength(2);
  });

  it('that never was is not called one by who has to ask twice', async () => {
    const agent = store.forAgent({ agent: 'claude', operator: 'ann', session: 's1' });
    const { id, draft } = openingOf(Date.now());
    // In one journey, and in several.
    for (const write of [() => agent.append(event(1)), () => agent.startPlanning(id, draft)]) {
      proxy.lose('commit');
      // That it never will be is noted, and nobody hears of it.
      proxy.lose('answer');
      await write();
    }
    expect(await texts()).toEqual([0, 1, 0]);
    expect(await agent.ticket(id)).toMatchObject({ state: 'planning' });
  });

  it('of several together that is lost is answered to each with what it wrote itself', async () => {
    const agent = store.forAgent({ agent: 'claude', operator: 'ann', session: 's1' });
    const { id, draft, ...known } = openingOf(Date.now());
    await agent.openTicket({ id, draft, ...known });
    for (const by of ['at once', 'commit'] as const)
      for (const loss of ['answer', 'commit'] as const) {
        const before = (await texts()).length;
        proxy.lose(loss, [by]);
        const append = (index: number) => agent.append(event(before + index));
        // By itself, each of these is written at once; with one of another kind in front, none of them is.
        const first = by === 'commit' ? [agent.withdraw(openingOf(Date.now()).id, 'there is none')] : [];
        const outcomes = await Promise.allSettled([
          ...first,
          append(0),
          append(1),
          // In the middle: one that is there already, of which nothing is written.
          agent.openTicket(openingOf(Date.now(), { call: known.call })),
          append(2),
        ]);
        const values = outcomes.slice(first.length).map((one) => one.status === 'fulfilled' && one.value);
        expect(values).toEqual([
          { seq: before + 1 },
          { seq: before + 2 },
          expect.objectContaining({ existing: true, ticket: expect.objectContaining({ id }) }),
          { seq: before + 3 },
        ]);
      }
    expect(await texts()).toEqual([0, 0, ...Array.from({ length: 12 }, (_, index) => index + 2)]);
  });

  it("that is lost takes nothing for its own that another wrote right behind, though it's equal", async () => {
    const agent = store.forAgent({ agent: 'claude', operator: 'ann', session: 's1' });
    const step = { step: { entries: [{ rest: entryRest(event(1)) }] } };
    // The first takes so long that the second is left for the next transaction; it is asked, and another writes first.
    await asked(server.superuser(database), (client) =>
      client.query(`
        CREATE FUNCTION public.slow() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN PERFORM pg_sleep(0.6); RETURN NEW; END';
        CREATE TRIGGER slow BEFORE INSERT ON holdshort.entry FOR EACH ROW WHEN (NEW.seq = 2) EXECUTE FUNCTION public.slow();
        CREATE FUNCTION public.other() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
          PERFORM holdshort.write_at_once(gen_random_uuid(), '${JSON.stringify([step])}'); RETURN NEW; END $$;
        CREATE TRIGGER other BEFORE INSERT ON holdshort.operation FOR EACH ROW WHEN (NEW.size IS NULL) EXECUTE FUNCTION public.other()`),
    );
    proxy.lose('answer', ['at once']);
    expect(await Promise.all([agent.append(event(1)), agent.append(event(1))])).toEqual([{ seq: 2 }, { seq: 4 }]);
    expect(await texts()).toEqual([0, 1, 1, 1]);
    await asked(server.superuser(database), (client) =>
      client.query('DROP FUNCTION public.slow, public.other CASCADE'),
    );
  });

  it('of which nobody can be told is not called done, and not called undone', async () => {
    proxy.lose('unnoticed');
    const { id, draft } = openingOf(Date.now());
    const answer = store.forAgent({ agent: 'claude', operator: 'ann', session: 's1' }).startPlanning(id, draft);
    await expect(answer).rejects.toMatchObject({
      code: 'store_unavailable',
      message: expect.stringContaining('while this was committed'),
      recovery: expect.stringContaining('written whole, or not at all'),
    });
    proxy.notice();
    // The lock is free again as soon as the server has noticed.
    expect(await store.forAgent({ agent: 'claude', operator: 'ann', session: 's1' }).append(event(2))).toEqual({
      seq: 2,
    });
    expect(await texts()).toEqual([0, 2]);
  });

  it('begins nothing where a halt is before it in the same one', async () => {
    const fresh = await makeDatabase(server, 'template');
    const whole = openPostgresStore({ to: server.login('hub', fresh), head: `${server.folder}/${fresh}.head` });
    const agent = whole.forAgent({ agent: 'claude', operator: 'ann', session: 's1' });
    const { ticket } = await agent.openTicket(openingOf(Date.now(), { state: 'approved' }));
    const executor = whole.forExecutor('ex1');
    const claim = (await executor.claim(ticket.id, 'ex1', 60_000))!;
    await executor.verified(ticket.id);
    const intent = { token: 't', intended_at: new Date().toISOString() };
    // While someone else has the lock, all of these wait: the first alone, the others together if they may be.
    const outcomes = await asked(server.superuser(fresh), async (other) => {
      await other.query('BEGIN; SELECT 1 FROM holdshort.tree FOR UPDATE');
      const waiting = [
        agent.append(event(1)),
        whole.forApprover().recordStatement({
          signed: signed(person('ann'), { kind: 'halt', reason: 'stop everything' }),
          expected: 0,
          event: { type: 'halt.set', actor: 'approver:ann', detail: {} },
        }),
        executor.begin(claim, intent, { decisions: 0, statements: 0 }, {}, 10_000),
      ];
      // It reads more than `begin` does before that waits in line.
      await executor.verified(ticket.id);
      await other.query('COMMIT');
      return await Promise.allSettled(waiting);
    });
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected']);
    expect(outcomes[2]).toMatchObject({ reason: { code: 'conflict' } });
    expect((await executor.ticket(ticket.id)).state).toBe('approved');
    await whole.close();
  });

  it('wakes those who watch, and does again after the database was away', async () => {
    const watching = openPostgresStore({ to: server.login('hub', database) });
    let woken = () => {};
    let calls = 0;
    const stop = watching.forExecutor('ex1').watch(() => {
      calls += 1;
      woken();
    });
    const after = async (count: number) => {
      while (calls <= count) await new Promise<void>((resolve) => (woken = resolve));
    };
    await after(0);
    const opened = () =>
      store.forAgent({ agent: 'claude', operator: 'ann', session: 's1' }).openTicket(openingOf(Date.now()));
    let before = calls;
    await opened();
    await after(before);
    await server.kill();
    await server.restart();
    before = calls;
    await opened();
    await after(before);
    stop();
    before = calls;
    await opened();
    await pause(0);
    expect(calls).toBe(before);
    await watching.close();
  });

  it('lets go of what it listened by, when one begins to watch as another ends', async () => {
    const watching = openPostgresStore({ to: server.login('hub', database) });
    const door = watching.forExecutor('ex1');
    door.watch(() => {})();
    let stop = () => {};
    await new Promise<void>((resolve) => (stop = door.watch(resolve)));
    await opened(store);
    await watching.forAudit().head();
    stop();
    await watching.close();
  });

  it('keeps the lock for a while only, and goes on with the rest in order, what stops something first', async () => {
    const slow = await makeDatabase(server, 'template');
    const filling = openPostgresStore({ to: server.login('hub', slow) });
    const { ticket } = await opened(filling);
    await asked(server.superuser(slow), (client) =>
      client.query(`DELETE FROM holdshort.operation;
        CREATE FUNCTION public.slow() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN PERFORM pg_sleep(0.3); RETURN NEW; END';
        CREATE TRIGGER slow BEFORE INSERT ON holdshort.ticket FOR EACH ROW EXECUTE FUNCTION public.slow()`),
    );
    const openings = Array.from({ length: 6 }, () => opened(filling));
    const withdrawn = filling
      .forAgent({ agent: 'claude', operator: 'ann', session: 's1' })
      .withdraw(ticket.id, 'no more');
    const ids = (await Promise.all(openings)).map((one) => one.ticket.id);
    await withdrawn;
    const { rows } = await asked(server.superuser(slow), (client) =>
      client.query('SELECT ticket FROM holdshort.entry ORDER BY seq'),
    );
    expect(rows.map((row) => row.ticket)).toEqual([ticket.id, ticket.id, ...ids]);
    const batches = async () =>
      (await asked(server.superuser(slow), (client) => client.query('SELECT FROM holdshort.operation'))).rowCount ?? 0;
    // They fit into one, but for how long they take.
    const before = await batches();
    expect(before).toBeGreaterThan(1);
    // What is written at once does too.
    const more = await Promise.all(Array.from({ length: 3 }, () => opened(filling)));
    expect(more.map(({ existing }) => existing)).toEqual([false, false, false]);
    expect((await batches()) - before).toBeGreaterThan(1);
    await filling.close();
  });
});
