import { randomUUID } from 'node:crypto';
import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { entryRest } from '../../../src/audit/entry.ts';
import { verifyLog } from '../../../src/audit/verify.ts';
import type { StoredTicket } from '../../../src/store/port.ts';
import { openPostgresSnapshot } from '../../../src/store/postgres/snapshot.ts';
import { openPostgresStore } from '../../../src/store/postgres/store.ts';
import { NOTHING_OUTSIDE } from '../../audit/verify-file.ts';
import { openingOf } from '../../scenes/openings.ts';
import { asked, fromNpm, MISSING, makeDatabase, makeTemplate, type Server, startServer } from './server.ts';

const program = fromNpm();
if (!program) console.warn(`skipped: what logins can have written at once by SQL of their own: ${MISSING}`);

const [actor, CLAUDE] = ['agent:claude', { agent: 'claude', operator: 'ann', session: 's1' }];
/** What a ticket that waits was asked by. */
const CALL = 'c'.repeat(64);
const about = (ticket: string, numbered: number, type: string, more = {}) =>
  entryRest({ type: type as 'call.completed', actor, ticket, detail: { ticket_seq: numbered, ...more } });

describe.skipIf(!program)('a login that has SQL of its own choosing written at once', () => {
  let server: Server;
  let database: string;
  let pending: StoredTicket;
  let approved: StoredTicket;
  /** What comes to `write_steps` by its caller's own rights. */
  const atOnce = (wanted: unknown, op: string | null = randomUUID()): [string, unknown[]] => [
    'SELECT * FROM holdshort.write_at_once($1, $2)',
    [op, wanted === null ? null : JSON.stringify(wanted)],
  ];

  beforeAll(async () => {
    if (!program) return;
    server = await startServer(program);
    await makeTemplate(server, 'template');
    database = await makeDatabase(server, 'template');
    const store = openPostgresStore({ to: server.login('hub', database) });
    const agent = store.forAgent(CLAUDE);
    pending = (await agent.openTicket(openingOf(Date.now(), { call: CALL }))).ticket;
    approved = (await agent.openTicket(openingOf(Date.now(), { state: 'approved' }))).ticket;
    await store.close();
  }, 120_000);
  afterAll(() => server?.stop());

  const everything = (client: pg.Client) =>
    client.query(`SELECT (SELECT jsonb_agg(e ORDER BY seq) FROM holdshort.entry e) AS entries,
      (SELECT jsonb_agg(t) FROM holdshort.tree t) AS tree, (SELECT count(*) FROM holdshort.operation) AS noted,
      (SELECT jsonb_agg(n ORDER BY id) FROM holdshort.notice n) AS notices, (SELECT jsonb_agg(t ORDER BY n) FROM holdshort.ticket t) AS tickets`);

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
      expect.stringMatching(/^(42501|HS00[1-7]|22023|22P02|22003|22004|23505|42704|42P01|42883|0A000|28000|3F000)$/),
    ]);
    const after = await asked(server.superuser(database), everything);
    expect(after.rows).toEqual(before.rows);
  }

  it("can't decide, execute, halt or move what is there", async () => {
    const moving = ({ id, state }: StoredTicket, to: string, moves: string = state, type = `ticket.${to}`) => ({
      told: { id, before: { state, entries: 1, epoch: 0 }, after: { state: to, entries: 2 } },
      entries: [{ rest: about(id, 2, type), moves }],
    });
    const saying = (type: string, detail = {}) => ({
      entries: [{ rest: entryRest({ type: type as 'halt.set', actor, detail }) }],
    });
    const steps = [
      moving(pending, 'approved'),
      moving(pending, 'approved', 'new'),
      moving(pending, 'denied'),
      moving(approved, 'executing'),
      moving(approved, 'succeeded'),
      saying('decision.recorded'),
      saying('halt.set', { statement_seq: 1 }),
      saying('halt.lifted', { statement_seq: 1 }),
      saying('approver.enrolled', { statement_seq: 1 }),
      saying('execution.step'),
      saying('call.completed', { ticket_seq: 2 }),
      saying('no.such'),
    ];
    for (const step of steps) await refused('an_agent', ...atOnce([{ step }]));
    for (const login of ['an_approver', 'an_executor', 'an_notifier', 'an_auditor'])
      await refused(login, ...atOnce([{ step: saying('call.completed') }]));
  });

  it("writes nothing at once that isn't its own, and nothing by halves", async () => {
    const fresh = () => {
      const { id, draft, plan, call } = openingOf(Date.now());
      const row = { draft: JSON.stringify(draft), plan: plan.bytes, digest: plan.digest };
      return { id, call, after: { state: 'pending', entries: 1, ...row } };
    };
    const opening = (told: object, id: string, moves = 'new', more = {}) => ({
      step: { told, entries: [{ rest: about(id, 1, 'ticket.pending', more), moves }] },
    });
    const own = fresh();
    const said = { step: { entries: [{ rest: entryRest({ type: 'call.completed', actor, detail: {} }) }] } };
    const tries = [
      // Of another's ticket, by its id, its call, or an entry that names it.
      opening({ ...own, id: pending.id }, pending.id),
      opening({ ...own, call: CALL }, own.id),
      opening(own, pending.id),
      { step: { entries: [{ rest: about(pending.id, 2, 'ticket.withdrawn'), moves: 'pending' }] } },
      // In another agent's name.
      {
        step: {
          told: own,
          entries: [{ rest: about(own.id, 1, 'ticket.pending').replace('claude', 'other'), moves: 'new' }],
        },
      },
      // That begins further on, jumps, or says twice what moved it.
      opening({ ...own, after: { ...own.after, state: 'executing' } }, own.id),
      opening({ ...own, after: { ...own.after, entries: 2 } }, own.id),
      { step: { told: own, entries: [] } },
      { step: { told: own, entries: [{ moves: 'new' }] } },
      { step: { entries: [{}] } },
      { step: { ...opening(own, own.id).step, entries: [...opening(own, own.id).step.entries, said.step.entries[0]] } },
      // Weighed by what there isn't yet, or by nothing that is a number.
      { ...said, seen: -1 },
      { ...said, seen: 'all' },
      { ...said, seen: 1e30 },
      { step: { entries: [{ rest: `${said.step.entries[0]?.rest.slice(0, -2)}"more":"${'x'.repeat(300_000)}"}}` }] } },
    ];
    for (const one of tries) await refused('an_agent', ...atOnce([one]));
    // Nor is what is right beside what is refused.
    await refused('an_agent', ...atOnce([said, opening({ ...own, after: { ...own.after, entries: 2 } }, own.id)]));
    for (const nothing of [null, [], {}, 'all', 1]) await refused('an_agent', ...atOnce(nothing));
    await refused('an_auditor', ...atOnce([said]));
  });

  it('gives what it writes its own place, time and hash, whatever else it says of them', async () => {
    const rest = entryRest({ type: 'call.completed', actor, detail: {} });
    const forged = {
      seq: 1,
      nth: 7,
      at: '2020-01-01T00:00:00.000Z',
      leaf: 'AA==',
      text: '{}',
      entries: [{ rest, seq: 1, leaf: 'AA==' }],
    };
    const op = randomUUID();
    const [sql, values] = atOnce([{ step: forged }, { step: forged, seq: 1 }], op);
    const { rows } = await asked(server.login('an_agent', database), (client) => client.query(sql, values));
    expect(rows.map(({ nth }) => nth)).toEqual([0, 1]);
    expect(Number(rows[1].seq)).toBe(Number(rows[0].seq) + 1);
    // Under the same number nothing is written again.
    await refused('an_agent', sql, values);
    const snapshot = await openPostgresSnapshot(server.login('an_auditor', database));
    expect(await verifyLog(snapshot, NOTHING_OUTSIDE)).toMatchObject({ ok: true });
    await snapshot.close();
  });
});
