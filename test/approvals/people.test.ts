import { describe, expect, test } from 'vitest';
import { approversEnroll, approversRequest } from '../../approvals/cli/approvers.ts';
import { approversList } from '../../approvals/cli/approvers-list.ts';
import { approversRevoke } from '../../approvals/cli/approvers-revoke.ts';
import { approve, withdraw } from '../../approvals/cli/decide.ts';
import { decideSeveral } from '../../approvals/cli/decide-several.ts';
import { ticketsShow } from '../../approvals/cli/tickets.ts';
import { readKey, type Signer, unlockKey } from '../../approvals/keys/keys.ts';
import { enrollOwned } from '../../approvals/people/enroll.ts';
import { decide } from '../../approvals/tickets/decide.ts';
import { keyIdOf, signedBytes } from '../../src/kernel/statement.ts';
import type { StoredTicket } from '../../src/store/port.ts';
import { readsFingerprint } from '../scenes/answers.ts';
import { codeOf, type Installation, openInstallation } from '../scenes/installation.ts';
import { sshPerson } from '../scenes/ssh-signer.ts';

const OPEN = { passphrase: false } as const;
const TWO_PEOPLE = `permit (principal, action, resource) when { context.approvals.without_operator.key >= 2 };`;
const SOLO = `permit (principal, action, resource) when { context.approvals.all.key >= 1 };`;
const yes = (ticket: StoredTicket) => ({ yes: true, digest: ticket.plan?.digest });
const stateOf = async (installation: Installation, { id }: StoredTicket) =>
  (await installation.store.forApprover().ticket(id)).state;

describe('teams', () => {
  test('nobody of the team that the agent works for approves as somebody else', async () => {
    const installation = await openInstallation();
    await installation.enroll('noa');
    await approversEnroll(installation.context('noa'), 'ida', { ...OPEN, group: ['payments-team', 'search'] });
    const ticket = await installation.openTicket({ operator: 'payments-team' });
    expect(await codeOf(approve(installation.context('ida'), ticket.id, yes(ticket)))).toBe('operator_excluded');
    await approve(installation.context('noa'), ticket.id, yes(ticket));
    expect(await stateOf(installation, ticket)).toBe('approved');
  });

  test('who joins the team after approving no longer counts', async () => {
    const installation = await openInstallation({ policy: TWO_PEOPLE });
    await installation.enroll('noa', 'ida', 'tom');
    const ticket = await installation.openTicket({ operator: 'payments-team' });
    await approve(installation.context('ida'), ticket.id, yes(ticket));
    const noa = await unlockKey(readKey(installation.keysDir, 'noa', 'key')!, async () => '');
    const asking = { by: async () => noa, own: async () => noa, confirmFirst: async () => {} };
    await enrollOwned(installation.context('noa'), sshKeyOf('ida'), 'key', { groups: ['payments-team'] }, asking);
    await approve(installation.context('tom'), ticket.id, yes(ticket));
    expect(await stateOf(installation, ticket)).toBe('pending');
    await approve(installation.context('noa'), ticket.id, yes(ticket));
    expect(await stateOf(installation, ticket)).toBe('approved');
  });

  test('an approval by the operator, where policy allows it, is marked', async () => {
    const installation = await openInstallation({ policy: SOLO });
    await installation.enroll('noa', 'mara');
    const [own, others] = [await installation.openTicket(), await installation.openTicket()];
    await approve(installation.context('mara'), own.id, yes(own));
    await approve(installation.context('noa'), others.id, yes(others));
    const recorded = (await installation.events()).filter(({ type }) => type === 'decision.recorded');
    expect(recorded.map(({ detail }) => detail.solo)).toEqual([true, undefined]);
    const shown = async (ticket: StoredTicket) => (await ticketsShow(installation.context('noa'), ticket.id)).text;
    expect(await shown(own)).toContain('approved by mara (key, for whom the agent works)');
    expect(await shown(others)).not.toContain('for whom the agent works');
  });
});

function sshKeyOf(name: string): Signer {
  const key = sshPerson('ecdsa');
  const { publicKey } = key;
  return { name, id: keyIdOf(publicKey), publicKey, sign: async (text) => key.sign(signedBytes(text)) };
}

test('two keys of one person are one person, of whatever kinds', async () => {
  const installation = await openInstallation({ policy: TWO_PEOPLE });
  await installation.enroll('noa', 'ida');
  const noa = await unlockKey(readKey(installation.keysDir, 'noa', 'key')!, async () => '');
  const second = sshKeyOf('ida');
  const asking = { by: async () => noa, own: async () => second, confirmFirst: async () => {} };
  await enrollOwned(installation.context('noa'), second, 'key', {}, asking);
  const ticket = await installation.openTicket();
  await approve(installation.context('ida'), ticket.id, yes(ticket));
  const again = { ticket: ticket.id, digest: ticket.plan!.digest, decision: 'approve', assurance: 'key' } as const;
  expect(await codeOf(decide(installation.context('ida'), { ...again, signer: second }))).toBe('already_decided');
  // An admin has no vote of their own kind either.
  await approve(installation.context('noa'), ticket.id, yes(ticket));
  expect(await stateOf(installation, ticket)).toBe('approved');
});

describe('a request', () => {
  test('is granted by an admin who typed how its fingerprint begins', async () => {
    const installation = await openInstallation();
    await installation.enroll('noa');
    const asked = await approversRequest(installation.context('ida'), 'ida', OPEN);
    const { key } = asked.data as { key: string };
    expect((await approversList(installation.context('noa'))).data).toMatchObject({ requests: [{ name: 'ida', key }] });
    const enroll = (answers: Parameters<Installation['context']>[1], more = {}) =>
      approversEnroll(installation.context('noa', answers), 'ida', { key: key.slice(0, 20), ...more });
    expect(await codeOf(enroll(['12345678']))).toBe('not_confirmed');
    expect(await codeOf(enroll(undefined))).toBe('usage');
    expect(await codeOf(enroll(undefined, { yes: true }))).toBe('usage');
    const done = await enroll([readsFingerprint], { role: 'admin', group: ['search'] });
    expect(done.data).toMatchObject({ by: 'noa', keys: [{ name: 'ida', key, role: 'admin', groups: ['search'] }] });
    const { data, text } = await approversList(installation.context('noa'));
    expect(data).toMatchObject({ requests: [] });
    expect(text).toMatch(/ida +admin +key +key file +by noa/);
    expect(text).toContain(`${key}  in search`);
    // Their chat key follows by the same call as for everyone.
    await approversEnroll(installation.context('ida'), 'ida', OPEN);
    const ticket = await installation.openTicket();
    await approve(installation.context('ida'), ticket.id, yes(ticket));
    expect(await stateOf(installation, ticket)).toBe('approved');
  });

  test('takes the whole fingerprint in a script', async () => {
    const installation = await openInstallation();
    await installation.enroll('noa');
    const { key } = (await approversRequest(installation.context('ida'), 'ida', OPEN)).data as { key: string };
    await approversEnroll(installation.context('noa'), 'ida', { key, yes: true });
    expect(await codeOf(approversRequest(installation.context('ida'), 'ida', OPEN))).toBe('conflict');
  });

  test('decides nothing, and is no other name', async () => {
    const installation = await openInstallation();
    await installation.enroll('noa');
    const { key } = (await approversRequest(installation.context('ida'), 'ida', OPEN)).data as { key: string };
    const ticket = await installation.openTicket();
    expect(await codeOf(approve(installation.context('ida'), ticket.id, yes(ticket)))).toBe('not_enrolled');
    expect(await codeOf(approversEnroll(installation.context('noa'), 'tom', { key, yes: true }))).toBe('not_found');
    expect(await codeOf(approversEnroll(installation.context('ida'), 'ida', { key, yes: true, as: 'ida' }))).toBe(
      'not_enrolled',
    );
  });

  test('needs somebody who could grant it', async () => {
    const installation = await openInstallation();
    expect(await codeOf(approversRequest(installation.context('ida'), 'ida', OPEN))).toBe('conflict');
  });
});

describe('roles', () => {
  test('an approver enrolls and revokes nobody but keys of their own', async () => {
    const installation = await openInstallation();
    await installation.enroll('noa', 'ida');
    expect(await codeOf(approversEnroll(installation.context('ida'), 'tom', { ...OPEN, as: 'ida' }))).toBe(
      'not_enrolled',
    );
    expect(await codeOf(approversRevoke(installation.context('ida'), 'noa', { reason: 'coup' }))).toBe('not_enrolled');
    await approversRevoke(installation.context('ida'), 'ida', { reason: 'laptop lost' });
    expect(await codeOf(approversEnroll(installation.context('noa'), 'tom', { ...OPEN, role: 'king' }))).toBe('usage');
  });

  test('the first key is looked at before it is pinned', async () => {
    const installation = await openInstallation();
    expect(await codeOf(approversEnroll(installation.context('noa', ['yes']), 'noa', OPEN))).toBe('not_confirmed');
    expect((await approversList(installation.context('noa'))).data).toMatchObject({ approvers: [] });
    await approversEnroll(installation.context('noa', [readsFingerprint]), 'noa', OPEN);
    expect((await approversList(installation.context('noa'))).data).toMatchObject({
      approvers: [{ role: 'admin' }, {}],
    });
  });
});

describe('an approval that is taken back', () => {
  test('no longer counts while others are waited for', async () => {
    const installation = await openInstallation({ policy: TWO_PEOPLE });
    await installation.enroll('noa', 'ida', 'tom');
    const ticket = await installation.openTicket();
    expect(await codeOf(withdraw(installation.context('ida'), ticket.id, {}))).toBe('wrong_state');
    await approve(installation.context('ida'), ticket.id, yes(ticket));
    await withdraw(installation.context('ida'), ticket.id, { reason: 'second thoughts' });
    await approve(installation.context('tom'), ticket.id, yes(ticket));
    expect(await stateOf(installation, ticket)).toBe('pending');
    await approve(installation.context('ida'), ticket.id, yes(ticket));
    expect(await stateOf(installation, ticket)).toBe('approved');
  });

  test('leaves an approved ticket that will not run, and says so', async () => {
    const installation = await openInstallation();
    await installation.enroll('noa');
    const ticket = await installation.openTicket();
    await approve(installation.context('noa'), ticket.id, yes(ticket));
    await withdraw(installation.context('noa'), ticket.id, {});
    expect((await ticketsShow(installation.context('noa'), ticket.id)).text).toContain('noa took the approval back');
  });
});

describe('several tickets at once', () => {
  test('are each decided by their own digest', async () => {
    const installation = await openInstallation();
    await installation.enroll('noa');
    const [one, two] = [await installation.openTicket(), await installation.openTicket()];
    const digests = [one, two].map(({ plan }) => plan!.digest);
    const both = { yes: true, digest: digests };
    await decideSeveral(installation.context('noa'), [one.id, two.id], 'approve', both);
    expect(await Promise.all([one, two].map((ticket) => stateOf(installation, ticket)))).toEqual([
      'approved',
      'approved',
    ]);
    const signed = (await installation.events()).filter(({ type }) => type === 'decision.recorded');
    expect(new Set(signed.map(({ detail }) => detail.signature)).size).toBe(2);
  });

  test('end with the first that can not be decided, and say what is left', async () => {
    const installation = await openInstallation();
    await installation.enroll('noa');
    const tickets = [await installation.openTicket(), await installation.openTicket(), await installation.openTicket()];
    const [, wrong, last] = tickets;
    const digest = tickets.map((ticket) => (ticket === wrong ? '0'.repeat(64) : ticket.plan!.digest));
    const ids = tickets.map(({ id }) => id);
    const result = await decideSeveral(installation.context('noa'), ids, 'approve', { yes: true, digest });
    expect(result).toMatchObject({
      exit: 3,
      data: { failed: { ticket: wrong!.id, code: 'wrong_digest' }, left_alone: [last!.id] },
    });
    expect(await Promise.all(tickets.map((ticket) => stateOf(installation, ticket)))).toEqual([
      'approved',
      'pending',
      'pending',
    ]);
  });

  test('are each shown and confirmed at a terminal', async () => {
    const installation = await openInstallation();
    await installation.enroll('noa');
    const [one, two] = [await installation.openTicket(), await installation.openTicket()];
    const context = installation.context('noa', ['payments-production', 'payments-production']);
    await decideSeveral(context, [one.id, two.id], 'approve', {});
    const shown = context.terminal.shown.join('\n');
    for (const { plan } of [one, two]) expect(shown).toContain(plan!.digest);
  });

  test('need a digest each, and no ticket twice', async () => {
    const installation = await openInstallation();
    await installation.enroll('noa');
    const [one, two] = [await installation.openTicket(), await installation.openTicket()];
    const one_digest = { yes: true, digest: [one.plan!.digest] };
    expect(await codeOf(decideSeveral(installation.context('noa'), [one.id, two.id], 'approve', one_digest))).toBe(
      'usage',
    );
    expect(await codeOf(decideSeveral(installation.context('noa'), [one.id, one.id], 'approve', {}))).toBe('usage');
  });
});
