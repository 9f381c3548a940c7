import { join } from 'node:path';
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { approversRevoke } from '../../approvals/cli/approvers-revoke.ts';
import { ticketsShow } from '../../approvals/cli/tickets.ts';
import { readKey, type Signer, unlockKey } from '../../approvals/keys/keys.ts';
import { enrollOwned } from '../../approvals/people/enroll.ts';
import { type DecisionRequest, decisionText, recordDecision } from '../../approvals/tickets/decide.ts';
import { HoldshortError } from '../../src/kernel/errors.ts';
import { keyIdOf, type Signed, signedBytes } from '../../src/kernel/statement.ts';
import type { StoredTicket } from '../../src/store/port.ts';
import { openSqliteStore } from '../../src/store/sqlite/store.ts';
import { codeOf, type Installation, openInstallation } from '../scenes/installation.ts';
import { sshPerson } from '../scenes/ssh-signer.ts';

/*
 * Signatures of an enrolled SSH key that are not the decision that they are brought for. The attacker has what was once
 * signed, or a key of their own, and can hand in whatever they like; some write it into the database themselves.
 */

const TWO_PEOPLE = `permit (principal, action, resource) when { context.approvals.without_operator.key >= 2 };`;

let installation: Installation;
const ida = sshPerson('ed25519');
const by = { id: keyIdOf(ida.publicKey), name: 'ida' };

beforeEach(async () => {
  installation = await openInstallation({ policy: TWO_PEOPLE });
  await installation.enroll('noa', 'mara');
  const noa = await unlockKey(readKey(installation.keysDir, 'noa', 'key')!, async () => '');
  const own: Signer = { ...by, publicKey: ida.publicKey, sign: async (text) => ida.sign(signedBytes(text)) };
  const ceremony = { by: async () => noa, own: async () => own, confirmFirst: async () => {} };
  await enrollOwned(installation.context('noa'), own, 'key', {}, ceremony);
});

const about = (ticket: StoredTicket, more: Partial<DecisionRequest> = {}): DecisionRequest => ({
  ticket: ticket.id,
  digest: ticket.plan!.digest,
  decision: 'approve',
  assurance: 'key',
  by,
  ...more,
});

/** What ida's key signs for this, by the book unless `how` says otherwise. */
async function signed(request: DecisionRequest, how?: Parameters<typeof ida.sign>[1], key = ida): Promise<Signed> {
  const statement = await decisionText(installation.context('noa'), request);
  return { statement, signature: key.sign(signedBytes(statement), how) };
}

const bring = (request: DecisionRequest, what: Signed) => recordDecision(installation.context('noa'), request, what);

/** Past everything that would refuse it. */
const writeIn = (ticket: StoredTicket, what: Signed, decisions = 0) =>
  installation.store.forApprover().recordDecision({
    ticket: ticket.id,
    expected: { state: 'pending', decisions },
    signed: what,
    actor: 'approver:ida',
    detail: {},
  });

async function counted(ticket: StoredTicket) {
  const shown = await ticketsShow(installation.context('noa'), ticket.id);
  const { decisions, state } = (shown.data as { ticket: { decisions: { by: string }[]; state: string } }).ticket;
  return { by: decisions.map((one) => one.by), state, text: shown.text };
}

const NOTHING = { by: [], state: 'pending' };

test('its own signature is taken, to approve and to deny', async () => {
  const [wanted, unwanted] = [await installation.openTicket(), await installation.openTicket()];
  await bring(about(wanted), await signed(about(wanted)));
  expect(await counted(wanted)).toMatchObject({ by: ['ida'], state: 'pending' });
  const no = about(unwanted, { decision: 'deny', reason: 'not today' });
  await bring(no, await signed(no));
  expect((await counted(unwanted)).state).toBe('denied');
});

describe('is refused, and counts for nothing where somebody writes it in', () => {
  test.each<[string, (ticket: StoredTicket) => Promise<Signed>, string]>([
    [
      "another ticket's signature, with this ticket in its statement",
      async ({ id, plan }) => {
        const other = await installation.openTicket();
        const { statement, signature } = await signed(about(other));
        return { statement: statement.replace(other.id, id).replace(other.plan!.digest, plan!.digest), signature };
      },
      'bad signature',
    ],
    ['one in another namespace', (ticket) => signed(about(ticket), { namespace: 'git' }), 'bad signature'],
    ["one by another's key in its name", (ticket) => signed(about(ticket), {}, sshPerson('ed25519')), 'bad signature'],
    [
      'one over a statement that was changed afterwards',
      async (ticket) => {
        const { statement, signature } = await signed(about(ticket, { decision: 'deny', reason: 'no' }));
        return { statement: statement.replace('"deny"', '"approve"'), signature };
      },
      'bad signature',
    ],
    [
      'one in the name of somebody else',
      async (ticket) => {
        const { statement } = await signed(about(ticket));
        const claimed = statement.replace('"by":"ida"', '"by":"mara"');
        return { statement: claimed, signature: ida.sign(signedBytes(claimed)) };
      },
      'wrong person',
    ],
    [
      'one that claims more than an SSH key proves',
      async (ticket) => {
        const { statement } = await signed(about(ticket));
        const claimed = statement.replace('"assurance":"key"', '"assurance":"presence"');
        return { statement: claimed, signature: ida.sign(signedBytes(claimed)) };
      },
      'assurance too high',
    ],
  ])('%s', async (_, make, why) => {
    const ticket = await installation.openTicket();
    const what = await make(ticket);
    expect(await codeOf(bring(about(ticket), what))).toBe('approval_invalid');
    expect(await counted(ticket)).toMatchObject(NOTHING);
    await writeIn(ticket, what);
    const after = await counted(ticket);
    expect(after).toMatchObject(NOTHING);
    expect(after.text).toContain(`1 recorded decisions do not count (${why})`);
  });
});

test("another ticket's signature as it is, which the store refuses as well", async () => {
  const [ticket, other] = [await installation.openTicket(), await installation.openTicket()];
  const what = await signed(about(other));
  expect(await codeOf(bring(about(ticket), what))).toBe('approval_invalid');
  expect(await codeOf(writeIn(ticket, what))).toBe('wrong_digest');
  expect(await counted(ticket)).toMatchObject(NOTHING);
  expect(await counted(other)).toMatchObject(NOTHING);
});

test('a replay is one decision, also after it was taken back', async () => {
  const ticket = await installation.openTicket();
  const once = await signed(about(ticket));
  await bring(about(ticket), once);
  expect(await codeOf(bring(about(ticket), once))).toBe('already_decided');
  const back = about(ticket, { decision: 'withdraw' });
  await bring(back, await signed(back));
  expect(await codeOf(bring(about(ticket), once))).toBe('approval_invalid');
  expect(await counted(ticket)).toMatchObject(NOTHING);
  // Nor does it count where someone writes it in.
  await writeIn(ticket, once, 2);
  const after = await counted(ticket);
  expect(after).toMatchObject(NOTHING);
  expect(after.text).toContain('1 recorded decisions do not count (repeated)');
});

test('of 50 replays at once, on ten connections, one is taken', async () => {
  const ticket = await installation.openTicket();
  const once = await signed(about(ticket));
  const stores = Array.from({ length: 10 }, () =>
    openSqliteStore({ file: installation.file, head: join(installation.keysDir, 'head.db') }),
  );
  onTestFinished(async () => void (await Promise.all(stores.map((store) => store.close()))));
  const told = await Promise.all(
    Array.from({ length: 50 }, (_, at) =>
      recordDecision(
        { ...installation.context('noa'), store: stores[at % 10]!.forApprover() },
        about(ticket),
        once,
      ).then(
        () => 'taken',
        (error) => (error instanceof HoldshortError ? error.code : String(error)),
      ),
    ),
  );
  expect(told.filter((answer) => answer === 'taken')).toHaveLength(1);
  expect(told.filter((answer) => answer === 'already_decided')).toHaveLength(49);
  expect((await installation.store.forApprover().ticket(ticket.id)).decisions).toHaveLength(1);
});

test('what was signed in time and is brought after the expiry is refused, and an approval lapses with it', async () => {
  const [early, late] = [await installation.openTicket(), await installation.openTicket()];
  const what = await signed(about(late));
  await bring(about(early), await signed(about(early)));
  installation.tick(5 * 3_600_000);
  expect(await codeOf(bring(about(late), what))).toBe('expired');
  expect((await counted(early)).by).toEqual([]);
  expect((await counted(late)).by).toEqual([]);
});

test('what was signed before its key was revoked is refused afterwards, and what was recorded counts no more', async () => {
  const [before, after] = [await installation.openTicket(), await installation.openTicket()];
  const what = await signed(about(after));
  await bring(about(before), await signed(about(before)));
  await approversRevoke(installation.context('noa'), 'ida', { reason: 'her laptop is gone' });
  expect(await codeOf(bring(about(after), what))).toBe('not_enrolled');
  expect(await counted(after)).toMatchObject(NOTHING);
  expect(await counted(before)).toMatchObject(NOTHING);
  expect((await counted(before)).text).toContain('revoked key');
});

test('no approval is recorded while the clock is set back', async () => {
  const ticket = await installation.openTicket();
  const what = await signed(about(ticket));
  installation.tick(-3_600_000);
  expect(await codeOf(bring(about(ticket), what))).toBe('clock_went_back');
  installation.tick(3_600_000);
  expect(await counted(ticket)).toMatchObject(NOTHING);
  expect((await installation.store.forApprover().ticket(ticket.id)).decisions).toEqual([]);
});
