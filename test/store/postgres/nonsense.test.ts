import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { entryRest } from '../../../src/audit/entry.ts';
import { openPostgresStore } from '../../../src/store/postgres/store.ts';
import { openingOf } from '../../scenes/openings.ts';
import { asked, fromNpm, MISSING, makeDatabase, makeTemplate, type Server, startServer } from './server.ts';

const program = fromNpm();
if (!program) console.warn(`skipped: nonsense that a login writes in its own role's name: ${MISSING}`);

describe.skipIf(!program)("nonsense in its own role's name", () => {
  let server: Server;
  beforeAll(async () => {
    if (!program) return;
    server = await startServer(program, ['max_notify_queue_pages=64']);
    await makeTemplate(server, 'template');
  }, 120_000);
  afterAll(() => server?.stop());

  async function world() {
    const database = await makeDatabase(server, 'template');
    const store = openPostgresStore({
      to: server.login('hub', database),
      head: join(server.folder, `${database}.head`),
      recipients: () => ['ops'],
    });
    const agent = store.forAgent({ agent: 'claude', operator: 'ann', session: 's1' });
    const executor = store.forExecutor('e');
    const { ticket } = await agent.openTicket(openingOf(Date.now()));
    await executor.keepUp();
    const tried = (login: string, sql: string, ...values: unknown[]): Promise<string> =>
      asked(server.login(login, database), (client) =>
        client.query(sql, values).then(
          () => 'went through',
          ({ code }) => code,
        ),
      );
    const steps = (login: string, step: object) =>
      tried(login, 'SELECT * FROM holdshort.write_steps($1, $2)', 'stops', JSON.stringify([step]));
    return { database, store, agent, executor, ticket, tried, steps };
  }

  it('that holds no statement is not recorded as a signed one, so that gates go on', async () => {
    const { store, executor, ticket, steps } = await world();
    const details = [
      { statement_seq: 1 },
      { statement_seq: 1, statement: '{}' },
      { statement_seq: 1, statement: 'nope', signature: 's' },
    ];
    for (const detail of details) {
      const rest = entryRest({ type: 'halt.set', actor: 'approver:ann', detail });
      expect(await steps('an_approver', { entries: [{ rest }] })).toBe('HS005');
    }
    expect(await executor.verified(ticket.id)).toMatchObject({ state: 'pending' });
    await store.close();
  });

  it('is no ticket and no residue that would keep others from their lists', async () => {
    const { store, executor, ticket, tried, steps } = await world();
    const { draft, plan, call } = openingOf(Date.now());
    const open = (id: string, row: object) =>
      steps('an_agent', {
        told: { id, call, after: { state: 'pending', entries: 1, plan: plan.bytes, digest: plan.digest, ...row } },
        entries: [
          {
            rest: entryRest({ type: 'ticket.pending', actor: 'agent:x', ticket: id, detail: { ticket_seq: 1 } }),
            moves: 'new',
          },
        ],
      });
    const free = `${ticket.id.slice(0, -1)}${ticket.id.endsWith('0') ? '1' : '0'}`;
    expect(await open('tkt_garbage', { draft: JSON.stringify(draft) })).toBe('23514');
    for (const bad of [
      '{}',
      '[]',
      JSON.stringify({ ...draft, created_at: '2026-02-31T00:00:00.000Z' }),
      JSON.stringify(draft, null, 1),
    ])
      expect([bad, await open(free, { draft: bad })]).toEqual([bad, 'HS004']);
    const residue =
      'INSERT INTO holdshort.residue (ticket, residue, tool, agent, announced_at) VALUES ($1, $2, $3, $4, 0)';
    for (const bad of ['nope', '[]', 'null'])
      expect(await tried('an_agent', residue, free, bad, 't', 'x')).toBe('23514');
    expect((await store.forApprover().tickets({ limit: 50 })).items).toHaveLength(1);
    expect(await executor.residues()).toEqual([]);
    await store.close();
  });

  it('moves a ticket by one entry, tells of no ticket that is not there, and is claimed once at a time', async () => {
    const { store, ticket, tried, steps } = await world();
    const entry = (type: 'ticket.withdrawn', numbered: number, moves: string) => ({
      rest: entryRest({ type, actor: 'agent:x', ticket: ticket.id, detail: { ticket_seq: numbered } }),
      moves,
    });
    const told = {
      id: ticket.id,
      before: { state: 'pending', entries: 1, epoch: 0 },
      after: { state: 'withdrawn', entries: 3 },
    };
    const entries = [entry('ticket.withdrawn', 2, 'pending'), entry('ticket.withdrawn', 3, 'approved')];
    expect(await steps('an_agent', { told, entries })).toBe('HS005');
    const rest = entryRest({ type: 'call.completed', actor: 'agent:x', ticket: 'tkt_none', detail: {} });
    expect(await steps('an_agent', { entries: [{ rest, recipients: ['ops'] }] })).toBe('HS005');
    expect(await tried('an_executor', 'UPDATE holdshort.ticket SET claim_epoch = 9223372036854775807')).toBe('HS004');
    await store.close();
  });

  it('fills the queue of notifications, and what is committed is committed', async () => {
    const { store, agent, database } = await world();
    await asked(server.login('an_auditor', database), async (listener) => {
      await listener.query('LISTEN x');
      await listener.query('BEGIN');
      await listener.query('SELECT 1');
      const fill = () =>
        asked(server.login('an_auditor', database), async (client) => {
          for (;;) await client.query("SELECT pg_notify('x', repeat('a', 7000) || clock_timestamp())");
        });
      await expect(fill()).rejects.toMatchObject({ code: '54000' });
      expect((await agent.openTicket(openingOf(Date.now()))).ticket).toMatchObject({ state: 'pending' });
    });
    await store.close();
  });
});
