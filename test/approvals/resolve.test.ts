import { describe, expect, test } from 'vitest';
import { approversEnroll } from '../../approvals/cli/approvers.ts';
import { approversRevoke } from '../../approvals/cli/approvers-revoke.ts';
import { approve } from '../../approvals/cli/decide.ts';
import { type ResolveOptions, ticketsResolve } from '../../approvals/cli/resolve.ts';
import { ticketsList, ticketsShow } from '../../approvals/cli/tickets.ts';
import { readPinned } from '../../approvals/keys/pinned.ts';
import { signedAt } from '../../approvals/record/record-statement.ts';
import { verifyLog } from '../../src/audit/verify.ts';
import { mayArriveUntil } from '../../src/kernel/arrival.ts';
import { evidenceOf } from '../../src/kernel/resolution.ts';
import type { Signed, StatementOf } from '../../src/kernel/statement.ts';
import type { Intent, StoredTicket } from '../../src/store/port.ts';
import { openSnapshot } from '../../src/store/sqlite/snapshot.ts';
import { codeOf, type Installation, openInstallation, signedWith } from '../scenes/installation.ts';
import { withDatabase } from '../scenes/tables.ts';
import { LOST, lost } from '../scenes/unknown.ts';
import { MINUTE, signer, stored, yes } from './glass.ts';

/** A ticket that noa approved, mara's agent asked for, and of which nobody knows whether it happened. */
async function unknown(sent?: Partial<Intent>) {
  const installation = await openInstallation();
  await installation.enroll('noa', 'ida', 'mara');
  const { id } = await installation.openTicket();
  await approve(installation.context('noa'), id, yes(await installation.store.forApprover().ticket(id)));
  return { installation, ...(await lost(installation, id, sent)) };
}

const seen = evidenceOf(LOST);
const REASON = 'the console shows it';
const saying = (ticket: StoredTicket, more: ResolveOptions = {}): ResolveOptions => ({
  ...yes(ticket),
  seen,
  asHappened: true,
  reason: REASON,
  ...more,
});
const NOT = { asHappened: false, asNotHappened: true };

async function verified({ file, keysDir }: Installation) {
  const snapshot = await openSnapshot(file);
  try {
    const found = await verifyLog(snapshot, { pinned: readPinned(keysDir), seen: undefined });
    return found.ok ? [] : found.problems.map(({ message }) => message);
  } finally {
    snapshot.close();
  }
}

describe("a person's word on an unknown outcome", () => {
  test.each([true, false])('settles it for good, and is shown as that (happened: %s)', async (happened) => {
    const { installation, ticket, executor, claim } = await unknown();
    const ida = installation.context('ida');
    const before = await ticketsShow(ida, ticket.id);
    expect(before.text).toContain(`holdshort tickets resolve ${ticket.id} --as-not-happened`);
    expect(before.text).toContain(seen);
    expect(before.data).toMatchObject({ ticket: { seen } });
    const begun = /begun \d{4}-\d\d-\d\d \d\d:\d\d UTC$/m;
    expect(before.text.split('\n').slice(0, 2).join('\n'), 'its head').toMatch(begun);
    expect((await ticketsList(ida, {})).text, 'its row').toMatch(begun);

    const { text } = await ticketsResolve(ida, ticket.id, saying(ticket, happened ? {} : NOT));
    expect(text).toContain(`Resolved by ida: ${ticket.id} counts as ${happened ? 'happened' : 'not happened'}`);
    const after = await stored(installation, ticket);
    expect(after).toMatchObject({ state: 'resolved', result: LOST });
    expect(after).not.toHaveProperty('refusal');
    const said = `ida says that it ${happened ? 'happened' : 'did not happen'} (not known from AWS): ${REASON}`;
    const word = { happened, by: 'ida', reason: REASON };
    const shown = await ticketsShow(ida, ticket.id);
    expect(shown.text.replaceAll(/\s+/g, ' ')).toContain(said);
    expect(shown.text).toContain('What was known then: AWS did not answer');
    expect(shown.data).toMatchObject({ ticket: { state: 'resolved', resolution: word }, result: LOST });
    const list = await ticketsList(ida, {});
    expect(list.text).toContain(said.slice(0, said.indexOf(':')));
    expect(list.data).toMatchObject({ tickets: [{ state: 'resolved', resolution: word }] });
    expect((await installation.events()).at(-1)).toMatchObject({
      type: 'ticket.resolved',
      actor: 'approver:ida',
      detail: { happened, reason: REASON, result: LOST, signature: expect.any(String) },
    });
    // Neither AWS's late answer nor another word changes it.
    expect(await codeOf(executor.finish(claim, 'succeeded', {}, undefined))).toBe('conflict');
    expect(await codeOf(ticketsResolve(installation.context('noa'), ticket.id, saying(ticket)))).toBe(
      'already_decided',
    );
    expect(await codeOf(approve(ida, ticket.id, yes(ticket)))).toBe('already_decided');
    // Who leaves doesn't take the word along.
    await approversRevoke(installation.context('noa'), 'ida', { reason: 'left' });
    expect((await ticketsShow(installation.context('noa'), ticket.id)).text).toContain('ida says');
    expect(await verified(installation)).toEqual([]);
  });

  test('is asked for at a terminal, which shows first what is known', async () => {
    const { installation, ticket } = await unknown();
    const asking = { asNotHappened: true, reason: REASON };
    const wrong = installation.context('ida', ['y']);
    expect(await codeOf(ticketsResolve(wrong, ticket.id, asking))).toBe('not_confirmed');
    expect((await stored(installation, ticket)).state).toBe('unknown');
    const right = installation.context('ida', ['payments-production']);
    await ticketsResolve(right, ticket.id, asking);
    const shown = right.terminal.shown.join('\n');
    expect(shown).toContain('AWS did not answer');
    expect(shown).toContain('say as ida that this did NOT happen');
    expect((await stored(installation, ticket)).state).toBe('resolved');
  });

  test.each<[string, string, string, ResolveOptions]>([
    ['the operator', 'operator_excluded', 'mara', {}],
    ['anyone who is not enrolled', 'not_enrolled', 'zoe', {}],
    ['another plan', 'wrong_digest', 'ida', { digest: '0'.repeat(64) }],
    ['what nobody saw', 'conflict', 'ida', { seen: '0'.repeat(64) }],
    ['both at once', 'usage', 'ida', { asNotHappened: true }],
    ['neither', 'usage', 'ida', { asHappened: false }],
    ['no reason', 'usage', 'ida', { reason: undefined }],
    ['--yes without --seen', 'usage', 'ida', { seen: undefined }],
  ])('is refused of %s: %s', async (_, code, who, more) => {
    const { installation, ticket } = await unknown();
    expect(await codeOf(ticketsResolve(installation.context(who), ticket.id, saying(ticket, more)))).toBe(code);
    expect((await stored(installation, ticket)).state).toBe('unknown');
    if (code !== 'usage')
      expect((await installation.events()).at(-1)).toMatchObject({ type: 'decision.rejected', detail: { code } });
  });

  test("is refused of one of the operator's team", async () => {
    const { installation, ticket } = await unknown();
    await approversEnroll(installation.context('noa'), 'tom', { passphrase: false, group: ['mara'] });
    expect(await codeOf(ticketsResolve(installation.context('tom'), ticket.id, saying(ticket)))).toBe(
      'operator_excluded',
    );
  });

  test('is refused of what is not unknown', async () => {
    const { installation } = await unknown();
    const other = await installation.openTicket({ targets: [] });
    expect(await codeOf(ticketsResolve(installation.context('ida'), other.id, saying(other)))).toBe('wrong_state');
  });

  test('is refused where an executor has seen something new meanwhile', async () => {
    const { installation, ticket, executor, claim } = await unknown();
    await executor.note(claim, { type: 'execution.observed', result: { ...LOST, detail: 'the stack is gone' } });
    expect(await codeOf(ticketsResolve(installation.context('ida'), ticket.id, saying(ticket)))).toBe('conflict');
    const by = await signer(installation, 'ida');
    const late = await signedWith(by, word(ticket, signedAt(by, installation.context('ida').now().toISOString())));
    const { id } = ticket;
    const store = installation.store.forApprover();
    expect(await codeOf(store.recordResolution({ ticket: id, signed: late, actor: 'approver:ida' }))).toBe('conflict');
  });

  /** A session that ends in an hour, or none; and how long AWS may take its request from now on. */
  test.each<[string, (now: number) => Partial<Intent>, number]>([
    ['in a session', (now) => ({ session: { access_key: 'ASIAEXAMPLE', ends_at: at(now + 60 * MINUTE) } }), 65],
    ['without a session', () => ({}), 20],
    ['signed by a clock that is ahead', (now) => ({ signed_at: at(now + 60 * MINUTE) }), 80],
  ])('that it did not happen is refused while AWS may take its request: %s', async (_, sent, minutes) => {
    const now = Date.now();
    const { installation, ticket } = await unknown({ intended_at: at(now), ...sent(now) });
    const ida = installation.context('ida');
    const until = mayArriveUntil((await stored(installation, ticket)).intent) ?? '';
    expect(Math.abs(Date.parse(until) - now - minutes * MINUTE)).toBeLessThan(2 * MINUTE);
    await expect(ticketsResolve(ida, ticket.id, saying(ticket, NOT))).rejects.toMatchObject({
      code: 'wrong_state',
      recovery: `look at AWS again after ${until}, and say it then; that it happened can be said at any time`,
    });
    const shown = await ticketsShow(ida, ticket.id);
    expect(shown.text.replaceAll(/\s+/g, ' ')).toContain(
      `AWS may still take its request until ${until.slice(0, 16).replace('T', ' ')} UTC`,
    );
    expect(shown.data).toMatchObject({ ticket: { may_arrive_until: until } });
    // The store goes by its own clock, whatever was signed.
    const by = await signer(installation, 'ida');
    const later = signedAt(by, at(Date.parse(until) + MINUTE));
    const early = await signedWith(by, { ...word(ticket, later), happened: false });
    const { id } = ticket;
    const store = installation.store.forApprover();
    expect(await codeOf(store.recordResolution({ ticket: id, signed: early, actor: 'approver:ida' }))).toBe(
      'wrong_state',
    );
    installation.tick(Date.parse(until) - now);
    await ticketsResolve(installation.context('ida'), ticket.id, saying(ticket, NOT));
    expect((await stored(installation, ticket)).state).toBe('resolved');
    expect(await verified(installation)).toEqual([]);
  });

  test('that it happened can be said at once', async () => {
    const { installation, ticket } = await unknown({ intended_at: at(Date.now()) });
    await ticketsResolve(installation.context('ida'), ticket.id, saying(ticket));
    expect((await stored(installation, ticket)).state).toBe('resolved');
  });
});

const at = (ms: number) => new Date(ms).toISOString();

type Now = Pick<StatementOf<'resolve'>, 'nonce' | 'signed_at' | 'key' | 'by'>;

function word(ticket: StoredTicket, now: Now): StatementOf<'resolve'> {
  const { id, plan } = ticket;
  return { kind: 'resolve', ticket: id, digest: plan!.digest, happened: true, seen, reason: REASON, ...now };
}

describe('what an attacker writes into the database about an unknown outcome is not believed', () => {
  /** Past everything that would refuse it: the entry and the row fit together. */
  async function forged(make: (ticket: StoredTicket, installation: Installation) => Promise<Signed>, by: string) {
    const scene = await unknown();
    const { installation, ticket } = scene;
    const signed = await make(ticket, installation);
    const actor = `approver:${by}`;
    await installation.store.forApprover().recordResolution({ ticket: ticket.id, signed, actor });
    return scene;
  }
  const signing =
    (name: string, more: Partial<StatementOf<'resolve'>> = {}) =>
    async (ticket: StoredTicket, installation: Installation) => {
      const by = await signer(installation, name);
      return signedWith(by, { ...word(ticket, signedAt(by, installation.context(name).now().toISOString())), ...more });
    };

  test.each<[string, Parameters<typeof forged>[0], string, RegExp]>([
    [
      'a word that nobody signed',
      async (...to) => ({ ...(await signing('ida')(...to)), signature: 'AAAA' }),
      'ida',
      /is not signed by the key that it names/,
    ],
    ['a word of the operator', signing('mara'), 'mara', /counts for nothing \(operator excluded\)/],
    ["a word in another's name", signing('mara', { by: 'ida' }), 'ida', /names ida, but is signed with a key of mara/],
    [
      'a word that nobody may say yet',
      signing('ida', { happened: false, signed_at: at(Date.now() - 60 * MINUTE) }),
      'ida',
      /counts for nothing \(may still arrive\)/,
    ],
    ['a word by another actor', signing('ida'), 'noa', /does not name ida, who signed it, as its actor/],
  ])('%s', async (_, make, by, finding) => {
    const { installation, ticket } = await forged(make, by);
    expect(await codeOf(ticketsShow(installation.context('noa'), ticket.id))).toBe('tampered');
    expect((await ticketsList(installation.context('noa'), {})).text).toContain('TAMPERED');
    expect((await verified(installation)).join('\n')).toMatch(finding);
  });

  test('a row that says so, without any word', async () => {
    const { installation, ticket } = await unknown();
    withDatabase({ database: installation.file }, (db) =>
      db.prepare("UPDATE ticket SET state = 'resolved' WHERE id = ?").run(ticket.id),
    );
    expect(await codeOf(ticketsShow(installation.context('noa'), ticket.id))).toBe('tampered');
    expect((await verified(installation)).join('\n')).toMatch(/is resolved in the tickets, but unknown in the log/);
  });
});
