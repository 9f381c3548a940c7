import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { entryRest } from '../../../src/audit/entry.ts';
import { verifyLog } from '../../../src/audit/verify.ts';
import type { StoredTicket } from '../../../src/store/port.ts';
import { migrate } from '../../../src/store/postgres/migrate.ts';
import { openPostgresSnapshot } from '../../../src/store/postgres/snapshot.ts';
import { openPostgresStore } from '../../../src/store/postgres/store.ts';
import { NOTHING_OUTSIDE } from '../../audit/verify-file.ts';
import { decision, intentOf, openingOf, person } from '../../scenes/openings.ts';
import { asked, fromNpm, MISSING, makeDatabase, makeTemplate, type Server, startServer } from './server.ts';

const program = fromNpm();
if (!program) console.warn(`skipped: what logins can do by SQL of their own: ${MISSING}`);

const [actor, CLAUDE] = ['agent:claude', { agent: 'claude', operator: 'ann', session: 's1' }];
const about = (ticket: string, numbered: number, type: string, more = {}) =>
  entryRest({ type: type as 'call.completed', actor, ticket, detail: { ticket_seq: numbered, ...more } });

describe.skipIf(!program)('a login that writes SQL of its own choosing', () => {
  let server: Server;
  let database: string;
  let pending: StoredTicket;
  let approved: StoredTicket;
  const steps = (...given: object[]): [string, unknown[]] => [
    'SELECT * FROM holdshort.write_steps($1, $2)',
    ['stops', JSON.stringify(given)],
  ];
  /** A step of a ticket, as the store's own would write it. */
  const moving = ({ id, state }: StoredTicket, to: string, moves: string = state, type = `ticket.${to}`, more = {}) =>
    steps({
      told: { id, before: { state, entries: 1, epoch: 0 }, after: { state: to, entries: 2 }, ...more },
      entries: [{ rest: about(id, 2, type), moves }],
    });
  const saying = (type: string, detail = {}, told?: object) =>
    steps({ ...(told && { told }), entries: [{ rest: entryRest({ type: type as 'halt.set', actor, detail }) }] });

  beforeAll(async () => {
    if (!program) return;
    server = await startServer(program);
    await makeTemplate(server, 'template');
    database = await makeDatabase(server, 'template');
    const store = openPostgresStore({ to: server.login('hub', database) });
    const agent = store.forAgent(CLAUDE);
    pending = (await agent.openTicket(openingOf(Date.now()))).ticket;
    approved = (await agent.openTicket(openingOf(Date.now(), { state: 'approved' }))).ticket;
    await agent.append({ type: 'call.completed', actor, detail: {} });
    await store.close();
  }, 120_000);
  afterAll(() => server?.stop());

  const everything = (client: pg.Client) =>
    client.query(`SELECT (SELECT jsonb_agg(e ORDER BY seq) FROM holdshort.entry e) AS entries,
      (SELECT jsonb_agg(t) FROM holdshort.tree t) AS tree, (SELECT jsonb_agg(t ORDER BY n) FROM holdshort.ticket t) AS tickets`);

  async function refused(login: string, sql: string, values: unknown[] = []): Promise<void> {
    const before = await asked(server.superuser(database), everything);
    const outcome = await asked(server.login(login, database), (client) =>
      client.query(sql, values).then(
        () => 'went through',
        (error) => error.code,
      ),
    );
    expect([sql, outcome]).toEqual([
      sql,
      expect.stringMatching(/^(42501|HS00[1-5]|42704|42P01|42883|0A000|28000|3F000)$/),
    ]);
    const after = await asked(server.superuser(database), everything);
    expect(after.rows).toEqual(before.rows);
  }

  const anyone: readonly string[] = [
    "UPDATE holdshort.entry SET text = '{}'",
    'DELETE FROM holdshort.entry',
    'TRUNCATE holdshort.entry',
    'INSERT INTO holdshort.entry SELECT * FROM holdshort.entry',
    'UPDATE holdshort.tree SET size = 0',
    'DELETE FROM holdshort.tree',
    "UPDATE holdshort.ticket SET state = 'approved'",
    'DELETE FROM holdshort.ticket',
    'TRUNCATE holdshort.ticket',
    'INSERT INTO holdshort.ticket (id, state, draft, entries) SELECT id, state, draft, 1 FROM holdshort.ticket',
    "INSERT INTO holdshort.admitted VALUES ('agent', 'ticket.approved', 'pending', 'ticket')",
    'UPDATE holdshort.version SET number = 0',
    'SELECT * FROM holdshort.operation',
    'SET ROLE holdshort_owner',
    'SET SESSION AUTHORIZATION postgres',
    'ALTER TABLE holdshort.entry DISABLE TRIGGER ALL',
    'DROP TRIGGER entry_stays ON holdshort.entry',
    'SET session_replication_role TO replica',
    'CREATE FUNCTION holdshort.moment() RETURNS bigint LANGUAGE sql AS $$ SELECT 0 $$',
    'ALTER FUNCTION holdshort.write_steps(text, jsonb) SECURITY INVOKER',
    "SELECT holdshort.write_ticket('{}')",
    "COPY holdshort.entry TO PROGRAM 'cat'",
    'GRANT holdshort_approver TO an_agent',
    'DROP SCHEMA holdshort CASCADE',
  ];
  for (const login of ['an_agent', 'an_approver', 'an_executor', 'an_notifier', 'an_auditor'])
    it(`as ${login}, can't change the log, the tree, a ticket's state or who may write what`, async () => {
      for (const sql of anyone) await refused(login, sql);
    });

  it("as an agent's, can't approve, decide, execute, halt, or lift a halt", async () => {
    const tries = [
      moving(pending, 'approved'),
      moving(pending, 'approved', 'planning'),
      moving(pending, 'approved', 'new'),
      moving(pending, 'approved', '', 'call.completed'),
      moving(pending, 'approved', 'pending', 'ticket.withdrawn'),
      moving(pending, 'denied'),
      moving(approved, 'executing'),
      moving(approved, 'succeeded'),
      moving(pending, 'pending', 'planning', 'ticket.approved'),
      moving(approved, 'approved', '', 'call.completed', { kept_until: 1 }),
      moving(pending, 'pending', '', 'decision.recorded'),
      saying('decision.recorded'),
      saying('halt.set', { statement_seq: 1 }),
      saying('halt.lifted', { statement_seq: 1 }),
      saying('approver.enrolled', { statement_seq: 1 }),
      saying('log.accepted', { statement_seq: 1 }),
      saying('execution.step'),
      saying('call.completed', { statement_seq: 1 }),
      saying('call.completed', { ticket_seq: 2 }),
      saying('no.such'),
    ];
    for (const [sql, values] of tries) await refused('an_agent', sql, values);
    await refused('an_agent', "UPDATE holdshort.ticket SET claim_owner = 'me', claim_until = 1");
    await refused('an_agent', 'DELETE FROM holdshort.residue');
    await refused('an_agent', 'DELETE FROM holdshort.notice');
  });

  it('writes no entry that can be read in two ways, or says another place, time or hash', async () => {
    const rest = entryRest({ type: 'call.completed', actor, detail: {} });
    const forged = [
      `"seq":1,${rest}`,
      `"\\u0073eq":1,${rest}`,
      `"at":"2020-01-01T00:00:00.000Z",${rest}`,
      `"type":"halt.set",${rest}`,
      `"other":1,${rest}`,
      `${rest}{"seq":4}`,
      `${rest} `,
      rest.replace('claude', 'cl\u00e4ude'),
      rest.replace('"detail":{}', '"detail":[]'),
      rest.replace('agent:claude', 'approver:ann'),
    ];
    for (const one of forged) {
      const [sql, values] = steps({ entries: [{ rest: one }] });
      const outcome = await asked(server.login('an_agent', database), (client) =>
        client.query(sql, values).then(
          () => 'went through',
          (error) => error.code,
        ),
      );
      expect([one, outcome]).toEqual([one, expect.stringMatching(/^(HS00[56]|22P02)$/)]);
    }
  });

  it('is not helped by names of its own in front of those that the functions use', async () => {
    await asked(server.superuser(database), (client) => client.query('GRANT CREATE ON SCHEMA public TO PUBLIC'));
    await asked(server.login('an_agent', database), async (client) => {
      await client.query(`CREATE TEMP TABLE tree (size bigint); CREATE TEMP TABLE entry (seq bigint);
        CREATE FUNCTION public.sha256(bytea) RETURNS bytea LANGUAGE sql AS 'SELECT $1';
        CREATE FUNCTION public.pg_has_role(name, text, text) RETURNS boolean LANGUAGE sql AS 'SELECT true';
        SET search_path = public, pg_temp, pg_catalog`);
      const [sql, values] = moving(pending, 'approved');
      await expect(client.query(sql, values)).rejects.toMatchObject({ code: 'HS005' });
      const [own, given] = saying('call.completed');
      await client.query(own, given);
    });
    const snapshot = await openPostgresSnapshot(server.login('an_auditor', database));
    expect(await verifyLog(snapshot, NOTHING_OUTSIDE)).toMatchObject({ ok: true });
    await snapshot.close();
  });

  it("as an approver's, can't open, execute or claim; as an executor's, can't open, approve or lift a halt", async () => {
    for (const [login, tries] of [
      [
        'an_approver',
        [
          moving(approved, 'executing'),
          moving(approved, 'succeeded'),
          moving(pending, 'withdrawn'),
          moving(approved, 'approved', '', 'decision.recorded', { kept_until: 1e15 }),
        ],
      ],
      [
        'an_executor',
        [moving(pending, 'approved'), saying('halt.lifted', { statement_seq: 1 }), saying('call.completed')],
      ],
      ['an_notifier', [moving(pending, 'approved'), moving(approved, 'executing'), saying('call.completed')]],
      ['an_auditor', [moving(pending, 'approved'), saying('call.completed')]],
    ] as const)
      for (const [sql, values] of tries) await refused(login, sql, values);
    for (const login of ['an_approver', 'an_executor', 'an_notifier', 'an_auditor']) {
      const { id, draft, plan, call } = openingOf(Date.now());
      const row = { draft: JSON.stringify(draft), plan: plan.bytes, digest: plan.digest };
      const told = { id, call, after: { state: 'approved', entries: 1, ...row } };
      const [sql, values] = steps({ told, entries: [{ rest: about(id, 1, 'ticket.approved'), moves: 'new' }] });
      await refused(login, sql, values);
      if (login !== 'an_executor')
        await refused(login, "UPDATE holdshort.ticket SET claim_owner = 'me', claim_until = 1");
    }
  });

  it('finds a log that does not end where its tree ends, and writes nothing on', async () => {
    const broken = await makeDatabase(server, 'template');
    const store = openPostgresStore({ to: server.login('hub', broken), patienceMs: 2_000 });
    const append = () => store.forAgent(CLAUDE).append({ type: 'call.completed', actor, detail: {} });
    await append();
    await append();
    await asked(server.superuser(broken), (client) =>
      client.query('SET session_replication_role TO replica; DELETE FROM holdshort.entry WHERE seq = 2'),
    );
    await expect(append()).rejects.toMatchObject({ code: 'tampered' });
    await store.close();
  });

  it('does what its role is for, through the store', async () => {
    const as = (login: string) =>
      openPostgresStore({
        to: server.login(login, database),
        head: join(server.folder, `${login}.head`),
        recipients: () => ['ops'],
      });
    const stores = ['an_agent', 'an_approver', 'an_executor', 'an_notifier'].map(as);
    const [agent, approver, executor, notifier] = stores as [
      (typeof stores)[0],
      (typeof stores)[0],
      (typeof stores)[0],
      (typeof stores)[0],
    ];
    const { ticket } = await agent.forAgent(CLAUDE).openTicket(openingOf(Date.now()));
    await approver.forApprover().recordDecision({
      ticket: ticket.id,
      expected: { state: 'pending', decisions: 0 },
      signed: decision(person('ann'), ticket, 'approve'),
      to: 'approved',
      actor: 'approver:ann',
      detail: {},
    });
    const head = await approver.forAudit().head();
    const door = executor.forExecutor('ex1');
    const root = (await executor.forHead().compare()).now;
    expect(root.size).toBe(head.size);
    await executor.forHead().accept(root);
    const claim = (await door.claim(ticket.id, 'ex1', 30_000))!;
    await door.begin(claim, intentOf(claim, new Date().toISOString()), { decisions: 1, statements: 0 }, {}, 10_000);
    await door.finish(claim, 'succeeded', {}, undefined);
    const [notice] = await notifier.forNotifier().takeNotices(['ops'], 1000);
    expect(notice).toMatchObject({ recipient: 'ops', ticket: ticket.id });
    await notifier.forNotifier().noticeSent(notice!.id);
    await expect(approver.forAgent(CLAUDE).withdraw(pending.id, 'r')).rejects.toMatchObject({
      code: 'store_unavailable',
    });
    for (const store of stores) await store.close();
    rmSync(join(server.folder, 'an_executor.head'), { force: true });
  });

  it('is none that is owner, superuser or lets commits go before they are durable', async () => {
    const attempt = (login: string, options?: string) => {
      const store = openPostgresStore({ to: { ...server.login(login, database), ...(options && { options }) } });
      return store
        .forAudit()
        .head()
        .finally(() => store.close());
    };
    await expect(attempt('postgres')).rejects.toThrow('superuser');
    await asked(server.superuser(), (client) => client.query('CREATE ROLE an_owner LOGIN IN ROLE holdshort_owner'));
    await expect(attempt('an_owner')).rejects.toThrow('holdshort_owner');
    const snapshot = await openPostgresSnapshot(server.login('an_auditor', database));
    expect(await snapshot.faults()).toContain('the login an_owner is a member of holdshort_owner');
    await snapshot.close();
    await asked(server.superuser(), (client) => client.query('DROP ROLE an_owner'));
    await attempt('an_auditor', '-c synchronous_commit=off');
  });

  it('finds a schema that is another version named, and migrates once however many do it at once', async () => {
    await asked(server.superuser(), (client) => client.query('CREATE DATABASE raced'));
    const one = () => asked(server.superuser('raced'), (client) => migrate(client));
    const versions = await Promise.all([one(), one(), one(), one()]);
    expect(versions.filter(({ from }) => from === 0)).toHaveLength(1);
    const opened = () => {
      const store = openPostgresStore({ to: server.login('hub', 'raced') });
      return store
        .forAudit()
        .head()
        .finally(() => store.close());
    };
    expect(await opened()).toMatchObject({ size: 0, frontier: [] });
    const setTo = (number: number) =>
      asked(server.superuser('raced'), (client) => client.query('UPDATE holdshort.version SET number = $1', [number]));
    await setTo(99);
    await expect(opened()).rejects.toThrow('newer version of holdshort: its schema is 99');
    await asked(server.superuser('raced'), (client) => client.query('DROP SCHEMA holdshort CASCADE'));
    await expect(opened()).rejects.toThrow('no schema of holdshort');
  });
});
