import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { entryRest } from '../../../src/audit/entry.ts';
import { signStatement } from '../../../src/kernel/statement.ts';
import { openPostgresStore } from '../../../src/store/postgres/store.ts';
import { makePlace } from '../../scenes/front-door.ts';
import { openingOf, person, signed } from '../../scenes/openings.ts';
import { asked, fromNpm, MISSING, makeDatabase, makeTemplate, type Server, startServer } from './server.ts';

const program = fromNpm();
if (!program) console.warn(`skipped: an approver's login that writes without end: ${MISSING}`);

describe.skipIf(!program)("an approver's login that writes signed entries without end", () => {
  let server: Server;
  beforeAll(async () => {
    if (!program) return;
    server = await startServer(program);
    await makeTemplate(server, 'template');
  }, 120_000);
  afterAll(() => server?.stop());

  it('has each of them read once, whatever they are, and keeps nothing that counts from counting', async () => {
    const database = await makeDatabase(server, 'template');
    const ana = person('ana');
    let root: string | undefined = ana.keyId;
    const to = server.login('hub', database);
    const store = openPostgresStore({ to, head: join(server.folder, 'flood.head'), rootKeyId: () => root });
    const [agent, people, executor] = [
      store.forAgent({ agent: 'claude', operator: 'ann', session: 's1' }),
      store.forApprover(),
      store.forExecutor('e'),
    ];
    let statements = 0;
    const record = async (type: 'approver.enrolled' | 'halt.set', of: ReturnType<typeof signed>) => {
      await people.recordStatement({
        signed: of,
        expected: statements,
        event: { type, actor: 'approver:ana', detail: {} },
      });
      statements += 1;
    };
    const { keyId: public_key_id, publicKey: public_key } = ana;
    await record(
      'approver.enrolled',
      signed(ana, { kind: 'enroll', name: 'ana', public_key, public_key_id, max_assurance: 'key', role: 'admin' }),
    );
    const { ticket } = await agent.openTicket(openingOf(Date.now()));
    // 20 MB of them, the half of it as decisions.
    const padding = 'x'.repeat(50_000);
    await asked(server.login('an_approver', database), async (client) => {
      const write = (step: object) =>
        client.query('SELECT FROM holdshort.write_steps($1, $2)', ['stops', JSON.stringify([step])]);
      const said = { statement: '{}', signature: 'none', padding };
      for (let n = 0; n < 200; n += 1) {
        statements += 1;
        const detail = { ...said, statement_seq: statements };
        await write({ entries: [{ rest: entryRest({ type: 'halt.set', actor: 'approver:ana', detail }) }] });
        const before = { state: 'pending', entries: n + 1, epoch: 0 };
        const decision = {
          type: 'decision.recorded',
          actor: 'approver:ana',
          ticket: ticket.id,
          detail: { ...said, ticket_seq: n + 2 },
        } as const;
        await write({
          told: { id: ticket.id, before, after: { ...before, entries: n + 2 } },
          entries: [{ rest: entryRest(decision) }],
        });
      }
    });
    await record('halt.set', signed(ana, { kind: 'halt', reason: 'stop' }));
    const read = (of: readonly { readonly statement: string }[]) =>
      of.filter(({ statement }) => statement !== '').length;
    const seen = await executor.verified(ticket.id);
    expect([seen.statements.length, read(seen.statements)]).toEqual([202, 2]);
    expect([seen.decisions.length, read(seen.decisions)]).toEqual([200, 0]);
    const told = await people.statements();
    expect([told.length, read(told)]).toEqual([202, 2]);
    // They are counted all the same, so that nothing is weighed on fewer than there are.
    await record('halt.set', signed(ana, { kind: 'halt', reason: 'again' }));
    expect(read((await executor.verified(ticket.id)).statements)).toBe(3);
    // By another first key something else counts; without one nothing is left out.
    root = undefined;
    expect(read((await executor.verified(ticket.id)).statements)).toBe(203);
    root = person('eve').keyId;
    expect(read(await people.statements())).toBe(0);
    root = ana.keyId;
    expect(read(await people.statements())).toBe(3);
    await store.close();
  }, 120_000);

  it('that asks for keys in ways that no list shows keeps nobody from asking for theirs', async () => {
    const database = await makeDatabase(server, 'template');
    await using place = makePlace({ env: { HOLDSHORT_STORE: server.address('hub', database) } });
    expect(await place.cli(['approvers', 'enroll', 'noa', '--no-passphrase'])).toMatchObject({ code: 0 });
    const wanting = (n: number) => {
      const [{ keyId: key, publicKey: public_key, privateKey }, other] = [person('eve'), person('eve').keyId];
      // Of somebody else's key, under another's fingerprint, in another's name.
      const odd = [{ key: other }, { public_key_id: other }, { by: 'adam' }][n % 3];
      const plain = { name: 'eve', public_key, public_key_id: key, key, by: 'eve', ...odd };
      const nonce = randomBytes(16).toString('hex');
      return signStatement({ kind: 'request', ...plain, nonce, signed_at: '2026-01-02T03:04:05.000Z' }, privateKey);
    };
    await asked(server.login('an_approver', database), async (client) => {
      for (let n = 0; n < 60; n += 1) {
        const detail = { claimed: 'eve', ...wanting(n), statement_seq: n + 3 };
        const rest = entryRest({ type: 'approver.requested', actor: 'page', detail });
        await client.query('SELECT FROM holdshort.write_steps($1, $2)', [
          'stops',
          JSON.stringify([{ entries: [{ rest }] }]),
        ]);
      }
    });
    const request = await place.cli(['approvers', 'request', 'zoe', '--no-passphrase']);
    expect(request, request.stderr).toMatchObject({ code: 0 });
    expect((await place.cli(['approvers', 'list'])).stdout).toContain('zoe');
  }, 120_000);
});
