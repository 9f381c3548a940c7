import { spawn } from 'node:child_process';
import Sqlite from 'better-sqlite3';
import { describe, expect, test } from 'vitest';
import { approversRevoke } from '../../approvals/cli/approvers-revoke.ts';
import { approve, deny } from '../../approvals/cli/decide.ts';
import { ticketsList, ticketsShow } from '../../approvals/cli/tickets.ts';
import { readKey, unlockKey } from '../../approvals/keys/keys.ts';
import { signedAt } from '../../approvals/record/record-statement.ts';
import { decide } from '../../approvals/tickets/decide.ts';
import type { Statement } from '../../src/kernel/statement.ts';
import { EXIT } from '../../src/present/command-result.ts';
import type { StoredTicket } from '../../src/store/port.ts';
import { bundled } from '../scenes/bundled.ts';
import { codeOf, type Installation, impactOf, openInstallation, signedWith } from '../scenes/installation.ts';

const yes = (ticket: StoredTicket) => ({ yes: true, digest: ticket.plan?.digest });
const stateOf = async (installation: Installation, ticket: StoredTicket) =>
  (await installation.store.forApprover().ticket(ticket.id)).state;
const REASON = { reason: 'not today' };

const TWO_PEOPLE = `permit (principal, action, resource) when { context.approvals.without_operator.key >= 2 };`;

describe('an approval', () => {
  test('by somebody who is not the operator lets a production ticket run', async () => {
    const installation = await openInstallation();
    await installation.enroll('noa', 'mara');
    const ticket = await installation.openTicket();
    const result = await approve(installation.context('noa'), ticket.id, yes(ticket));
    expect(result).toMatchObject({
      exit: EXIT.done,
      data: { approved: true, by: 'noa', ticket: { state: 'approved' } },
    });
    expect(await stateOf(installation, ticket)).toBe('approved');
    expect((await installation.events()).slice(-2).map(({ type, actor }) => [type, actor])).toEqual([
      ['decision.recorded', 'approver:noa'],
      ['ticket.approved', 'approver:noa'],
    ]);
  });

  test('of two that are needed leaves the ticket pending, and says what is still missing', async () => {
    const installation = await openInstallation({ policy: TWO_PEOPLE });
    await installation.enroll('noa', 'ida', 'mara');
    const ticket = await installation.openTicket();
    const first = await approve(installation.context('noa'), ticket.id, yes(ticket));
    expect(first.data).toMatchObject({ approved: false });
    expect(first.text).toContain('Still needed: 1 approval');
    expect(await stateOf(installation, ticket)).toBe('pending');
    expect(await codeOf(approve(installation.context('noa'), ticket.id, yes(ticket)))).toBe('already_decided');
    expect(await codeOf(approve(installation.context('mara'), ticket.id, yes(ticket)))).toBe('operator_excluded');
    expect(await stateOf(installation, ticket)).toBe('pending');
    await approve(installation.context('ida'), ticket.id, yes(ticket));
    expect(await stateOf(installation, ticket)).toBe('approved');
  });

  test('by somebody who was revoked since does not count', async () => {
    const installation = await openInstallation({ policy: TWO_PEOPLE });
    await installation.enroll('noa', 'ida', 'tom');
    const ticket = await installation.openTicket();
    await approve(installation.context('ida'), ticket.id, yes(ticket));
    await approversRevoke(installation.context('noa'), 'ida', { reason: 'left' });
    const result = await approve(installation.context('noa'), ticket.id, yes(ticket));
    expect(result.data).toMatchObject({ approved: false, ticket: { decisions: [{ by: 'noa' }] } });
    expect((await ticketsShow(installation.context('noa'), ticket.id)).text).toContain(
      '1 recorded decisions do not count (revoked key)',
    );
  });

  test('needs the digest that is stored', async () => {
    const installation = await openInstallation();
    await installation.enroll('noa');
    const ticket = await installation.openTicket();
    expect(await codeOf(approve(installation.context('noa'), ticket.id, { yes: true, digest: '0'.repeat(64) }))).toBe(
      'wrong_digest',
    );
    expect(await stateOf(installation, ticket)).toBe('pending');
  });

  test.each([
    ['nobody is enrolled', [], 'noa'],
    ['the person is not', ['ida'], 'noa'],
  ])('is refused when %s', async (_when, enrolled, person) => {
    const installation = await openInstallation();
    await installation.enroll(...enrolled);
    const ticket = await installation.openTicket();
    expect(await codeOf(approve(installation.context(person), ticket.id, yes(ticket)))).toBe('not_enrolled');
    expect(await stateOf(installation, ticket)).toBe('pending');
  });

  test('comes too late after the expiry, also when nobody has noted it yet', async () => {
    const installation = await openInstallation();
    await installation.enroll('noa');
    const ticket = await installation.openTicket();
    installation.tick(5 * 3_600_000);
    expect(await codeOf(approve(installation.context('noa'), ticket.id, yes(ticket)))).toBe('expired');
    expect(await codeOf(deny(installation.context('noa'), ticket.id, { ...yes(ticket), ...REASON }))).toBe('expired');
  });

  test('is refused once policy has come to forbid it', async () => {
    const installation = await openInstallation();
    await installation.enroll('noa');
    const ticket = await installation.openTicket();
    const forbids = { ...installation.policy, permits: () => false, requirement: () => undefined };
    const context = { ...installation.context('noa'), policy: async () => forbids };
    expect(await codeOf(approve(context, ticket.id, yes(ticket)))).toBe('policy_forbids');
  });

  test('with a chat key is worth client, whatever it claims', async () => {
    const installation = await openInstallation();
    await installation.enroll('noa');
    const ticket = await installation.openTicket();
    const signer = await unlockKey(readKey(installation.keysDir, 'noa', 'client')!, async () => '');
    const request = { ticket: ticket.id, digest: ticket.plan!.digest, decision: 'approve', signer } as const;
    expect(await codeOf(decide(installation.context('noa'), { ...request, assurance: 'client' }))).toBe(
      'assurance_too_low',
    );
    expect(await codeOf(decide(installation.context('noa'), { ...request, assurance: 'key' }))).toBe(
      'assurance_too_low',
    );
    // Past our own checks, straight into the store: the approval is there, and counts for nothing.
    const lie: Statement = {
      kind: 'decision',
      ticket: ticket.id,
      digest: request.digest,
      decision: 'approve',
      assurance: 'key',
      expires_at: ticket.draft.expires_at,
      ...signedAt(signer, new Date().toISOString()),
    };
    await installation.store.forApprover().recordDecision({
      ticket: ticket.id,
      expected: { state: 'pending', decisions: 0 },
      signed: await signedWith(signer, lie),
      actor: 'approver:noa',
      detail: {},
    });
    const shown = await ticketsShow(installation.context('noa'), ticket.id);
    expect(shown.data).toMatchObject({ ticket: { state: 'pending', decisions: [] } });
    expect(shown.text).toContain('assurance too high');
  });
});

describe('a denial', () => {
  test('ends a pending ticket, and the agent reads why', async () => {
    const installation = await openInstallation();
    await installation.enroll('noa');
    const ticket = await installation.openTicket();
    await deny(installation.context('noa'), ticket.id, { ...yes(ticket), reason: 'fix the drift instead' });
    const after = await installation.store.forApprover().ticket(ticket.id);
    expect(after).toMatchObject({
      state: 'denied',
      refusal: { code: 'denied', message: 'denied by noa: fix the drift instead' },
    });
    expect(await codeOf(approve(installation.context('noa'), ticket.id, yes(ticket)))).toBe('denied');
  });

  test('overtakes an approval that has not begun, also by the operator', async () => {
    const installation = await openInstallation();
    await installation.enroll('noa', 'mara');
    const ticket = await installation.openTicket();
    await approve(installation.context('noa'), ticket.id, yes(ticket));
    await deny(installation.context('mara'), ticket.id, { ...yes(ticket), ...REASON });
    expect(await stateOf(installation, ticket)).toBe('denied');
  });

  test('needs a reason', async () => {
    const installation = await openInstallation();
    await installation.enroll('noa');
    const ticket = await installation.openTicket();
    expect(await codeOf(deny(installation.context('noa'), ticket.id, yes(ticket)))).toBe('usage');
    expect(await codeOf(deny(installation.context('noa'), ticket.id, { ...yes(ticket), reason: ' ' }))).toBe('usage');
    expect(
      await codeOf(deny(installation.context('noa'), ticket.id, { ...yes(ticket), reason: 'x'.repeat(2001) })),
    ).toBe('usage');
  });
});

describe('every refused decision is logged', () => {
  test('with who tried and why', async () => {
    const installation = await openInstallation();
    await installation.enroll('noa', 'mara');
    const ticket = await installation.openTicket();
    await codeOf(approve(installation.context('mara'), ticket.id, yes(ticket)));
    await codeOf(approve(installation.context('eve'), ticket.id, yes(ticket)));
    await codeOf(approve(installation.context('noa', ['payments-prodution']), ticket.id, {}));
    const rejected = (await installation.events()).filter(({ type }) => type === 'decision.rejected');
    expect(rejected.map(({ actor, detail }) => [actor, detail.code])).toEqual([
      ['cli', 'operator_excluded'],
      ['cli', 'not_enrolled'],
      ['cli', 'not_confirmed'],
    ]);
    expect(await stateOf(installation, ticket)).toBe('pending');
  });
});

describe('a database that somebody wrote to', () => {
  const alterations = {
    'another plan': (db: Sqlite.Database) =>
      db.exec(`UPDATE ticket SET plan = replace(plan, 'payments-production', 'payments-sandbox123')`),
    'another digest': (db: Sqlite.Database) => db.exec(`UPDATE ticket SET digest = '${'0'.repeat(64)}'`),
    'another state': (db: Sqlite.Database) => db.exec(`UPDATE ticket SET state = 'approved'`),
    'an altered log entry': (db: Sqlite.Database) =>
      db.exec(`UPDATE entry SET text = replace(text, 'production', 'sandbox') WHERE text ->> '$.ticket' IS NOT NULL`),
  };

  test.each(Object.keys(alterations) as (keyof typeof alterations)[])(
    'with %s shows and decides nothing',
    async (what) => {
      const installation = await openInstallation();
      await installation.enroll('noa');
      const ticket = await installation.openTicket();
      const other = await installation.openTicket({ targets: [] });
      const db = new Sqlite(installation.file);
      for (const { name } of db.prepare(`SELECT name FROM sqlite_schema WHERE type = 'trigger'`).all() as {
        name: string;
      }[])
        db.exec(`DROP TRIGGER ${name}`);
      alterations[what](db);
      db.close();
      expect(await codeOf(ticketsShow(installation.context('noa'), ticket.id))).toBe('tampered');
      expect(await codeOf(approve(installation.context('noa'), ticket.id, yes(ticket)))).toBe('tampered');
      const list = await ticketsList(installation.context('noa'), {});
      expect(list.text.split('\n').filter((line) => line.includes('TAMPERED'))).toHaveLength(2);
      expect(other.id).not.toBe(ticket.id);
    },
  );

  test('with effects that are not those of the impact shows and decides nothing', async () => {
    const installation = await openInstallation();
    await installation.enroll('noa');
    const ticket = await installation.openTicket({ impact: [impactOf('delete', 'i-0abc')], effects: ['create'] });
    expect(await codeOf(approve(installation.context('noa'), ticket.id, yes(ticket)))).toBe('tampered');
  });
});

describe('many at once', () => {
  async function approveInProcess(
    installation: Installation,
    ticket: StoredTicket,
    people: readonly string[],
  ): Promise<string[]> {
    const script = await bundled('approvals/approve-process.ts');
    const child = spawn(process.execPath, [script, installation.home, ticket.id, ticket.plan!.digest, ...people], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let out = '';
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
      out += chunk;
    });
    await new Promise((resolve) => child.once('close', resolve));
    return JSON.parse(out);
  }

  test('fifty approvals in ten processes make one transition', { timeout: 120_000 }, async () => {
    const installation = await openInstallation();
    const people = ['noa', 'ida', 'tom', 'eli', 'uma'];
    await installation.enroll(...people);
    const ticket = await installation.openTicket();
    const told = (
      await Promise.all(Array.from({ length: 10 }, () => approveInProcess(installation, ticket, people)))
    ).flat();
    expect(told).toHaveLength(50);
    expect(told.filter((answer) => answer === 'approved')).toHaveLength(1);
    expect(new Set(told)).toEqual(new Set(['approved', 'already_decided']));
    const after = await installation.store.forApprover().ticket(ticket.id);
    expect(after.trail.map(({ state }) => state)).toEqual(['pending', 'approved']);
    expect(after.decisions).toHaveLength(1);
  });
});
