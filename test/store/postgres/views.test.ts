import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openPostgresStore } from '../../../src/store/postgres/store.ts';
import { decision, openingOf, person } from '../../scenes/openings.ts';
import { asked, fromNpm, MISSING, makeDatabase, makeTemplate, type Server, startServer } from './server.ts';

const program = fromNpm();
if (!program) console.warn(`skipped: the views in PostgreSQL: ${MISSING}`);

describe.skipIf(!program)('the views, for an auditor at psql', () => {
  let server: Server;
  beforeAll(async () => {
    if (!program) return;
    server = await startServer(program);
    await makeTemplate(server, 'template');
  }, 120_000);
  afterAll(() => server?.stop());

  it('tell what happened, sum a ticket up, and name nobody as deciding who took it back', async () => {
    const database = await makeDatabase(server, 'template');
    const query = (sql: string) =>
      asked(server.login('an_auditor', database), (client) => client.query(sql).then(({ rows }) => rows));
    const store = openPostgresStore({ to: server.login('hub', database) });
    const { ticket } = await store
      .forAgent({ agent: 'claude', operator: 'ann', session: 's1' })
      .openTicket(openingOf(Date.now()));
    const decide = async (name: string, what: 'approve' | 'withdraw', to?: 'approved') => {
      const { state, decisions } = await store.forApprover().ticket(ticket.id);
      await store.forApprover().recordDecision({
        ticket: ticket.id,
        expected: { state, decisions: decisions.length },
        signed: decision(person(name), ticket, what),
        to,
        actor: `approver:${name}`,
        detail: {},
      });
    };
    await decide('ann', 'approve');
    await decide('bob', 'approve', 'approved');
    await decide('ann', 'withdraw');
    const events = await query(
      'SELECT seq, type, actor, ticket, environment, detail FROM holdshort.audit_events ORDER BY seq',
    );
    expect(events.map(({ seq, type, actor }) => [Number(seq), type, actor])).toEqual([
      [1, 'ticket.pending', 'agent:claude'],
      [2, 'decision.recorded', 'approver:ann'],
      [3, 'decision.recorded', 'approver:bob'],
      [4, 'ticket.approved', 'approver:bob'],
      [5, 'decision.recorded', 'approver:ann'],
    ]);
    expect(events[0]).toMatchObject({ ticket: ticket.id, environment: 'production' });
    expect(events[0]?.detail).toMatchObject({ summary: 'stop 1 instance' });
    const decisions = await query('SELECT decided_by, decision, stands FROM holdshort.ticket_decision ORDER BY seq');
    expect(decisions).toEqual([
      { decided_by: 'ann', decision: 'approve', stands: false },
      { decided_by: 'bob', decision: 'approve', stands: true },
      { decided_by: 'ann', decision: 'withdraw', stands: false },
    ]);
    const [row] = await query('SELECT * FROM holdshort.ticket_overview');
    expect(row).toEqual({
      id: ticket.id,
      state: 'approved',
      tool: 'ec2_stop_instances',
      agent: 'claude',
      operator: 'ann',
      environment: 'production',
      account: '123456789012',
      region: 'eu-west-1',
      summary: 'stop 1 instance',
      effects: 'disrupt,modify',
      created_at: ticket.draft.created_at,
      expires_at: ticket.draft.expires_at,
      decided_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      decided_by: 'bob',
      finished_at: null,
      outcome: null,
      reason: ticket.draft.reason,
      targets: null,
      impact: 'disrupt:i-0123456789abcdef0 modify:i-0123456789abcdef0',
    });
    await store.close();
  });
});
