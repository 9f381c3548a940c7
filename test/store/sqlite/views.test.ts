import { spawnSync } from 'node:child_process';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Store } from '../../../src/store/port.ts';
import { decision, openingOf, person } from '../../scenes/openings.ts';
import { type Folder, open, temporaryFolder } from './folder.ts';

const shell = spawnSync('sqlite3', ['--version'], { encoding: 'utf8' });

describe('the views, in the plain sqlite3 shell while the store is open', () => {
  let folder: Folder;
  let store: Store;
  let id: string;
  const query = (sql: string) => {
    const { stdout, stderr, status } = spawnSync('sqlite3', ['-json', folder.file, sql], { encoding: 'utf8' });
    expect({ stderr, status }).toEqual({ stderr: '', status: 0 });
    return JSON.parse(stdout || '[]');
  };

  beforeEach(async (context) => {
    context.skip(shell.status !== 0, 'the sqlite3 shell is not installed on this machine');
    folder = temporaryFolder();
    let now = Date.parse('2026-01-02T03:04:05.000Z');
    store = open(folder, () => {
      now += 1000;
      return now;
    });
    const { ticket } = await store
      .forAgent({ agent: 'claude', operator: 'ann', session: 's1' })
      .openTicket(openingOf(now));
    id = ticket.id;
    for (const [name, to, decisions] of [
      ['ann', undefined, 0],
      ['bob', 'approved', 1],
    ] as const)
      await store.forApprover().recordDecision({
        ticket: ticket.id,
        expected: { state: 'pending', decisions },
        signed: decision(person(name), ticket, 'approve'),
        to,
        actor: `approver:${name}`,
        detail: {},
      });
  });
  afterEach(async () => {
    await store.close();
    folder.remove();
  });

  it('tell what happened', () => {
    const rows = query('SELECT * FROM audit_events ORDER BY seq');
    expect(
      rows.map(({ seq, type, actor, ticket, environment }: Record<string, unknown>) => [
        seq,
        type,
        actor,
        ticket,
        environment,
      ]),
    ).toEqual([
      [1, 'ticket.pending', 'agent:claude', id, 'production'],
      [2, 'decision.recorded', 'approver:ann', id, 'production'],
      [3, 'decision.recorded', 'approver:bob', id, 'production'],
      [4, 'ticket.approved', 'approver:bob', id, 'production'],
    ]);
    expect(Object.keys(rows[0])).toEqual([
      'seq',
      'at',
      'type',
      'actor',
      'session',
      'ticket',
      'tool',
      'environment',
      'outcome',
      'detail',
    ]);
    expect(rows[0].at).toMatch(/^2026-01-02T03:04:\d\d\.000Z$/);
    expect(JSON.parse(rows[0].detail)).toMatchObject({ summary: 'stop 1 instance' });
  });

  it('sum a ticket up', async () => {
    const executor = store.forExecutor('ex1');
    const claim = (await executor.claim(id as Parameters<typeof executor.claim>[0], 'ex1', 60_000))!;
    await executor.begin(
      claim,
      { token: 't', intended_at: await executor.now() },
      { decisions: 2, statements: 0 },
      {},
      10_000,
    );
    await executor.finish(claim, 'succeeded', {}, undefined);
    const events = query('SELECT type, max(at) AS at FROM audit_events GROUP BY type');
    const at = (type: string) => events.find((event: { type: string }) => event.type === type).at;
    const [row] = query('SELECT * FROM ticket_overview');
    const { draft } = await store.forApprover().ticket(id);
    expect(row).toEqual({
      id,
      state: 'succeeded',
      tool: 'ec2_stop_instances',
      agent: 'claude',
      operator: 'ann',
      environment: 'production',
      account: '123456789012',
      region: 'eu-west-1',
      summary: 'stop 1 instance',
      effects: 'disrupt,modify',
      created_at: draft.created_at,
      expires_at: draft.expires_at,
      decided_at: at('decision.recorded'),
      decided_by: 'ann,bob',
      finished_at: at('ticket.succeeded'),
      outcome: 'succeeded',
      reason: draft.reason,
      targets: null,
      impact: 'disrupt:i-0123456789abcdef0 modify:i-0123456789abcdef0',
    });
  });

  it('B14: name nobody as deciding who took it back, until they decide anew', async () => {
    const approver = store.forApprover();
    const decided = (name: string, what: 'approve' | 'withdraw', decisions: number) =>
      approver.ticket(id).then((ticket) =>
        approver.recordDecision({
          ticket: ticket.id,
          expected: { state: 'approved', decisions },
          signed: decision(person(name), ticket, what),
          actor: `approver:${name}`,
          detail: {},
        }),
      );
    const who = () => query('SELECT decided_by FROM ticket_overview');
    await decided('ann', 'withdraw', 2);
    expect(who()).toEqual([{ decided_by: 'bob' }]);
    await decided('bob', 'withdraw', 3);
    expect(who()).toEqual([{ decided_by: null }]);
    await decided('ann', 'approve', 4);
    expect(who()).toEqual([{ decided_by: 'ann' }]);
    expect(query('SELECT decided_by, decision, stands FROM ticket_decision')).toEqual([
      { decided_by: 'ann', decision: 'approve', stands: 0 },
      { decided_by: 'bob', decision: 'approve', stands: 0 },
      { decided_by: 'ann', decision: 'withdraw', stands: 0 },
      { decided_by: 'bob', decision: 'withdraw', stands: 0 },
      { decided_by: 'ann', decision: 'approve', stands: 1 },
    ]);
  });

  it('have nothing to tell of a decision that is not made', async () => {
    await store
      .forAgent({ agent: 'claude', operator: 'ann', session: 's1' })
      .openTicket(openingOf(Date.parse(await store.forApprover().now())));
    const [row] = query(
      `SELECT decided_at, decided_by, finished_at, outcome FROM ticket_overview WHERE state = 'pending'`,
    );
    expect(row).toEqual({ decided_at: null, decided_by: null, finished_at: null, outcome: null });
  });
});
