import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { entryRest } from '../../../src/audit/entry.ts';
import { LONGEST_ENTRY, LONGEST_PLAN, LONGEST_STATEMENT } from '../../../src/kernel/longest.ts';
import { openPostgresStore } from '../../../src/store/postgres/store.ts';
import { newId, openingOf, person, signed } from '../../scenes/openings.ts';
import { asked, fromNpm, MISSING, makeDatabase, makeTemplate, type Server, startServer } from './server.ts';

const program = fromNpm();
if (!program) console.warn(`skipped: what rows and entries of a login's own making do to others: ${MISSING}`);

/* An agent's, or an approver's, login that writes SQL: what it can't do to other agents, to people and to gates. */
describe.skipIf(!program)('a row or entry of a login that writes SQL', () => {
  let server: Server;
  let database: string;
  let store: ReturnType<typeof openPostgresStore>;
  const victim = () => store.forAgent({ agent: 'claude', operator: 'ann', session: 's1' });
  const sql = (login: string, text: string, ...values: unknown[]) =>
    asked(server.login(login, database), (client) => client.query(text, values));
  const steps = (login: string, ...given: object[]) =>
    sql(login, 'SELECT seq FROM holdshort.write_steps($1, $2)', 'stops', JSON.stringify(given));
  const refused = async (outcome: Promise<unknown>, code: string) =>
    await expect(outcome).rejects.toMatchObject({ code });

  beforeAll(async () => {
    if (!program) return;
    server = await startServer(program);
    await makeTemplate(server, 'template');
  }, 120_000);
  beforeAll(async () => {
    if (!program) return;
    database = await makeDatabase(server, 'template');
    const head = join(server.folder, 'forged.head');
    store = openPostgresStore({ to: server.login('hub', database), head, recipients: () => ['ops'] });
    await store.forExecutor('e').keepUp();
  });
  afterAll(async () => {
    await store?.close();
    await server?.stop();
  });

  interface Forged {
    readonly draft?: object;
    readonly plan?: string;
    readonly actor?: string;
    readonly detail?: object;
    readonly recipients?: readonly string[];
  }

  function ticket({ draft: changes = {}, plan, actor = 'agent:claude', detail = {}, recipients = [] }: Forged) {
    const { id, draft, call, ...opening } = openingOf(Date.now());
    const row = { draft: JSON.stringify({ ...draft, ...changes }), plan: plan ?? opening.plan.bytes, digest: 'd' };
    const rest = entryRest({ type: 'ticket.pending', actor, ticket: id, detail: { ticket_seq: 1, ...detail } });
    return {
      told: { id, call, after: { state: 'pending', entries: 1, ...row } },
      entries: [{ moves: 'new', rest, recipients }],
    };
  }

  it('is of now, and ends within 30 days', async () => {
    const at = (ms: number) => new Date(Date.now() + ms).toISOString();
    const [hour, day] = [3_600_000, 86_400_000];
    for (const draft of [
      { created_at: '9999-01-01T00:00:00.000Z', expires_at: '9999-12-31T00:00:00.000Z' },
      { created_at: at(60_000) },
      { created_at: at(-hour) },
      { expires_at: '9999-12-31T00:00:00.000Z' },
      { expires_at: at(31 * day) },
    ])
      await refused(steps('an_agent', ticket({ draft })), 'HS005');
    await steps('an_agent', ticket({ draft: { expires_at: at(29 * day) } }));
    expect((await victim().asked('x'.repeat(64))).destructive_last_hour).toBe(1);
  });

  it('is one whose agent its entry names', async () => {
    await refused(steps('an_agent', ticket({ actor: 'agent:other' })), 'HS005');
    const { id } = (await victim().openTicket(openingOf(Date.now()))).ticket;
    const rest = entryRest({ type: 'ticket.withdrawn', actor: 'agent:other', ticket: id, detail: { ticket_seq: 2 } });
    const told = { id, before: { state: 'pending', entries: 1, epoch: 0 }, after: { state: 'withdrawn', entries: 2 } };
    await refused(steps('an_agent', { told, entries: [{ moves: 'pending', rest }] }), 'HS005');
  });

  it('is not as long as it likes', async () => {
    const plan = (length: number) => `{"a":"${'x'.repeat(length - 8)}"}`;
    await refused(steps('an_agent', ticket({ plan: plan(LONGEST_PLAN + 1) })), '23514');
    await steps('an_agent', ticket({ plan: plan(LONGEST_PLAN) }));
    const opening = openingOf(Date.now(), { plan: { arguments: { body: 'x'.repeat(LONGEST_PLAN) } } });
    await refused(victim().openTicket(opening), 'planning_failed');

    const saying = (type: string, actor: string, length: number, detail = {}) => {
      const rest = (fill: string) =>
        `"type":"${type}","actor":"${actor}","detail":${JSON.stringify({ ...detail, a: fill })}}`;
      return { entries: [{ rest: rest('x'.repeat(length - rest('').length)) }] };
    };
    await refused(steps('an_agent', saying('call.completed', 'agent:x', LONGEST_ENTRY + 1)), 'HS006');
    await steps('an_agent', saying('call.completed', 'agent:x', LONGEST_ENTRY));
    const said = { statement: '{}', signature: '', statement_seq: 1 };
    await refused(steps('an_approver', saying('halt.lifted', 'cli', LONGEST_STATEMENT + 1, said)), 'HS006');
    await steps('an_approver', saying('halt.lifted', 'cli', LONGEST_STATEMENT, said));
  });

  it('breaks no glass unless it is a decision', async () => {
    const { ticket: broken } = await victim().openTicket(openingOf(Date.now()));
    const { id, plan, draft } = broken;
    const expires_at = draft.expires_at;
    const body = { ticket: id, digest: plan!.digest, decision: 'approve', assurance: 'key', expires_at } as const;
    await store.forApprover().recordDecision({
      ticket: id,
      expected: { state: 'pending', decisions: 0 },
      signed: signed(person('ann'), { kind: 'decision', ...body, reason: 'it burns', break_glass: true }),
      to: 'approved',
      actor: 'approver:ann',
      detail: {},
    });
    await steps('an_agent', ticket({ detail: { statement: '{"break_glass":true}' } }));
    expect(await store.forApprover().brokenGlass(9)).toEqual([id]);
  });

  it('has executors remove nothing of a ticket that is there', async () => {
    const { id } = (await victim().openTicket(openingOf(Date.now(), { state: 'approved' }))).ticket;
    const announce = (of: string) =>
      sql(
        'an_agent',
        `INSERT INTO holdshort.residue (ticket, residue, tool, agent, announced_at) VALUES ($1, '{}', 't', 'claude', 0)`,
        of,
      );
    await refused(announce(id), 'HS005');
    const planned = openingOf(Date.now(), { state: 'approved' });
    await announce(planned.id);
    await victim().openTicket(planned);
    await sql('an_agent', 'SELECT holdshort.abandon($1, $2)', planned.id, 'claude');
    expect(await store.forExecutor('e').residues()).toEqual([]);
    const never = newId();
    await announce(never);
    await sql('an_agent', 'SELECT holdshort.abandon($1, $2)', never, 'claude');
    expect(await store.forExecutor('e').residues()).toMatchObject([{ ticket: never }]);
  });

  it("puts nothing in front of what people are told at once, and tells of a ticket's steps only", async () => {
    const { id } = (await victim().openTicket(openingOf(Date.now()))).ticket;
    const rest = entryRest({ type: 'call.completed', actor: 'agent:x', ticket: id, detail: {} });
    await refused(steps('an_agent', { entries: [{ rest, recipients: ['ops'] }] }), 'HS005');
    const many = Array.from({ length: 300 }, (_, at) => `r${at}`);
    await refused(steps('an_agent', ticket({ recipients: many })), 'HS005');
    await steps('an_agent', ticket({ recipients: ['ops'] }), ticket({ recipients: ['ops'] }));
    const halt = signed(person('ann'), { kind: 'halt', reason: 'stop' });
    const expected = (await store.forApprover().statements()).length;
    const event = { type: 'halt.set', actor: 'approver:ann', detail: {} } as const;
    await store.forApprover().recordStatement({ signed: halt, expected, event });
    const told: string[] = [];
    while (told.at(-1) !== 'halt.set') {
      const [notice] = await store.forNotifier().takeNotices(['ops'], 1000);
      const [entry] = await store.forAudit().entries(notice!.seq, 1);
      told.push(JSON.parse(entry!.text).type);
      await store.forNotifier().noticeSent(notice!.id);
    }
    // The glass that was broken above, too.
    expect(told).toEqual(['ticket.approved', 'halt.set']);
  });

  it('plans nothing with a role that does not plan', async () => {
    const { id, draft } = openingOf(Date.now());
    await victim().startPlanning(id, draft);
    const row = { draft: JSON.stringify(draft), plan: '{}', digest: 'd' };
    const before = { state: 'planning', entries: 1, epoch: 0 };
    const rest = entryRest({ type: 'rehearsal.recorded', actor: 'cli', ticket: id, detail: { ticket_seq: 2 } });
    const told = { id, call: 'c', before, after: { state: 'planning', entries: 2, ...row } };
    await refused(steps('an_approver', { told, entries: [{ rest }] }), 'HS005');
  });

  it('leaves the overview as it is', async () => {
    for (const plan of ['{"effects":5}', '{"effects":{},"targets":1,"impact":"x"}', '{"impact":[1],"targets":[[]]}'])
      await steps('an_agent', ticket({ plan }));
    const { rows } = await sql('an_auditor', 'SELECT * FROM holdshort.ticket_overview');
    expect(rows.length).toBeGreaterThan(2);
  });

  it('is not what an agent of ours writes, whatever names and numbers it gives', async () => {
    const detail = {
      arguments: { tags: { 'a"b\\c': 'x', '__proto__\n': 'y' }, big: 2 ** 60, tiny: 5e-324, less: -(2 ** 63) },
      long: 'x'.repeat(2 * LONGEST_ENTRY),
    };
    const { seq } = await victim().append({ type: 'call.completed', actor: 'agent:claude', detail });
    const [entry] = await store.forAudit().entries(seq, 1);
    expect(JSON.parse(entry!.text).detail).toEqual({
      arguments: {
        tags: [
          ['a"b\\c', 'x'],
          ['__proto__\n', 'y'],
        ],
        big: '1152921504606847000',
        tiny: '5e-324',
        less: '-9223372036854776000',
      },
      long: { cut: 2 * LONGEST_ENTRY + 2, sha256: expect.stringMatching(/^[0-9a-f]{64}$/) },
    });
    await store.forExecutor('e').keepUp();
  });

  it.each([
    ["another agent's", { agent: 'evil', operator: 'x' }, 'agent:evil'],
    ["that agent's own, with a digest that is none", {}, 'agent:claude'],
  ])('keeps no call from being asked for again, written as %s', async (_, whose, actor) => {
    const opening = openingOf(Date.now(), { draft: { agent: 'claude', operator: 'ann' } });
    const forged = ticket({ draft: { agent: 'claude', operator: 'ann', ...whose }, actor });
    await steps('an_agent', { ...forged, told: { ...forged.told, call: opening.call } });
    const { ticket: opened, existing } = await victim().openTicket(opening);
    expect(opened).toMatchObject({ id: opening.id, state: 'pending' });
    expect(existing).toBe(false);
    expect(await victim().openTicket(openingOf(Date.now(), { call: opening.call }))).toMatchObject({
      existing: true,
      ticket: { id: opening.id },
    });
  });
});
