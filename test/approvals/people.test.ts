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
import { codeOf, type House, openHouse } from '../scenes/installation.ts';
import { sshPerson } from '../scenes/ssh-signer.ts';

const OPEN = { passphrase: false } as const;
const TWO_PEOPLE = `permit (principal, action, resource) when { context.approvals.without_operator.key >= 2 };`;
const SOLO = `permit (principal, action, resource) when { context.approvals.all.key >= 1 };`;
const yes = (ticket: StoredTicket) => ({ yes: true, digest: ticket.plan?.digest });
const stateOf = async (house: House, { id }: StoredTicket) => (await house.store.forApprover().ticket(id)).state;

describe('teams', () => {
  test('nobody of the team that the agent works for approves as somebody else', async () => {
    const house = await openHouse();
    await house.enroll('noa');
    await approversEnroll(house.context('noa'), 'ida', { ...OPEN, group: ['payments-team', 'search'] });
    const ticket = await house.openTicket({ operator: 'payments-team' });
    expect(await codeOf(approve(house.context('ida'), ticket.id, yes(ticket)))).toBe('operator_excluded');
    await approve(house.context('noa'), ticket.id, yes(ticket));
    expect(await stateOf(house, ticket)).toBe('approved');
  });

  test('who joins the team after approving no longer counts', async () => {
    const house = await openHouse({ policy: TWO_PEOPLE });
    await house.enroll('noa', 'ida', 'tom');
    const ticket = await house.openTicket({ operator: 'payments-team' });
    await approve(house.context('ida'), ticket.id, yes(ticket));
    const noa = await unlockKey(readKey(house.keysDir, 'noa', 'key')!, async () => '');
    const asking = { by: async () => noa, own: async () => noa, confirmFirst: async () => {} };
    await enrollOwned(house.context('noa'), sshKeyOf('ida'), 'key', { groups: ['payments-team'] }, asking);
    await approve(house.context('tom'), ticket.id, yes(ticket));
    expect(await stateOf(house, ticket)).toBe('pending');
    await approve(house.context('noa'), ticket.id, yes(ticket));
    expect(await stateOf(house, ticket)).toBe('approved');
  });

  test('an approval by the operator, where policy allows it, is marked', async () => {
    const house = await openHouse({ policy: SOLO });
    await house.enroll('noa', 'mara');
    const [own, others] = [await house.openTicket(), await house.openTicket()];
    await approve(house.context('mara'), own.id, yes(own));
    await approve(house.context('noa'), others.id, yes(others));
    const recorded = (await house.events()).filter(({ type }) => type === 'decision.recorded');
    expect(recorded.map(({ detail }) => detail.solo)).toEqual([true, undefined]);
    const shown = async (ticket: StoredTicket) => (await ticketsShow(house.context('noa'), ticket.id)).text;
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
  const house = await openHouse({ policy: TWO_PEOPLE });
  await house.enroll('noa', 'ida');
  const noa = await unlockKey(readKey(house.keysDir, 'noa', 'key')!, async () => '');
  const second = sshKeyOf('ida');
  const asking = { by: async () => noa, own: async () => second, confirmFirst: async () => {} };
  await enrollOwned(house.context('noa'), second, 'key', {}, asking);
  const ticket = await house.openTicket();
  await approve(house.context('ida'), ticket.id, yes(ticket));
  const again = { ticket: ticket.id, digest: ticket.plan!.digest, decision: 'approve', assurance: 'key' } as const;
  expect(await codeOf(decide(house.context('ida'), { ...again, signer: second }))).toBe('already_decided');
  // An admin has no vote of their own kind either.
  await approve(house.context('noa'), ticket.id, yes(ticket));
  expect(await stateOf(house, ticket)).toBe('approved');
});

describe('a request', () => {
  test('is granted by an admin who typed how its fingerprint begins', async () => {
    const house = await openHouse();
    await house.enroll('noa');
    const asked = await approversRequest(house.context('ida'), 'ida', OPEN);
    const { key } = asked.data as { key: string };
    expect((await approversList(house.context('noa'))).data).toMatchObject({ requests: [{ name: 'ida', key }] });
    const enroll = (answers: Parameters<House['context']>[1], more = {}) =>
      approversEnroll(house.context('noa', answers), 'ida', { key: key.slice(0, 20), ...more });
    expect(await codeOf(enroll(['12345678']))).toBe('not_confirmed');
    expect(await codeOf(enroll(undefined))).toBe('usage');
    expect(await codeOf(enroll(undefined, { yes: true }))).toBe('usage');
    const done = await enroll([readsFingerprint], { role: 'admin', group: ['search'] });
    expect(done.data).toMatchObject({ by: 'noa', keys: [{ name: 'ida', key, role: 'admin', groups: ['search'] }] });
    const { data, text } = await approversList(house.context('noa'));
    expect(data).toMatchObject({ requests: [] });
    expect(text).toMatch(/ida +admin +key +key file +by noa/);
    expect(text).toContain(`${key}  in search`);
    // Their chat key follows by the same call as for everybody.
    await approversEnroll(house.context('ida'), 'ida', OPEN);
    const ticket = await house.openTicket();
    await approve(house.context('ida'), ticket.id, yes(ticket));
    expect(await stateOf(house, ticket)).toBe('approved');
  });

  test('takes the whole fingerprint in a script', async () => {
    const house = await openHouse();
    await house.enroll('noa');
    const { key } = (await approversRequest(house.context('ida'), 'ida', OPEN)).data as { key: string };
    await approversEnroll(house.context('noa'), 'ida', { key, yes: true });
    expect(await codeOf(approversRequest(house.context('ida'), 'ida', OPEN))).toBe('conflict');
  });

  test('decides nothing, and is no other name', async () => {
    const house = await openHouse();
    await house.enroll('noa');
    const { key } = (await approversRequest(house.context('ida'), 'ida', OPEN)).data as { key: string };
    const ticket = await house.openTicket();
    expect(await codeOf(approve(house.context('ida'), ticket.id, yes(ticket)))).toBe('not_enrolled');
    expect(await codeOf(approversEnroll(house.context('noa'), 'tom', { key, yes: true }))).toBe('not_found');
    expect(await codeOf(approversEnroll(house.context('ida'), 'ida', { key, yes: true, as: 'ida' }))).toBe(
      'not_enrolled',
    );
  });

  test('needs somebody who could grant it', async () => {
    const house = await openHouse();
    expect(await codeOf(approversRequest(house.context('ida'), 'ida', OPEN))).toBe('conflict');
  });
});

describe('roles', () => {
  test('an approver enrolls and revokes nobody but keys of their own', async () => {
    const house = await openHouse();
    await house.enroll('noa', 'ida');
    expect(await codeOf(approversEnroll(house.context('ida'), 'tom', { ...OPEN, as: 'ida' }))).toBe('not_enrolled');
    expect(await codeOf(approversRevoke(house.context('ida'), 'noa', { reason: 'coup' }))).toBe('not_enrolled');
    await approversRevoke(house.context('ida'), 'ida', { reason: 'laptop lost' });
    expect(await codeOf(approversEnroll(house.context('noa'), 'tom', { ...OPEN, role: 'king' }))).toBe('usage');
  });

  test('the first key is looked at before it is pinned', async () => {
    const house = await openHouse();
    expect(await codeOf(approversEnroll(house.context('noa', ['yes']), 'noa', OPEN))).toBe('not_confirmed');
    expect((await approversList(house.context('noa'))).data).toMatchObject({ approvers: [] });
    await approversEnroll(house.context('noa', [readsFingerprint]), 'noa', OPEN);
    expect((await approversList(house.context('noa'))).data).toMatchObject({ approvers: [{ role: 'admin' }, {}] });
  });
});

describe('an approval that is taken back', () => {
  test('no longer counts while others are waited for', async () => {
    const house = await openHouse({ policy: TWO_PEOPLE });
    await house.enroll('noa', 'ida', 'tom');
    const ticket = await house.openTicket();
    expect(await codeOf(withdraw(house.context('ida'), ticket.id, {}))).toBe('wrong_state');
    await approve(house.context('ida'), ticket.id, yes(ticket));
    await withdraw(house.context('ida'), ticket.id, { reason: 'second thoughts' });
    await approve(house.context('tom'), ticket.id, yes(ticket));
    expect(await stateOf(house, ticket)).toBe('pending');
    await approve(house.context('ida'), ticket.id, yes(ticket));
    expect(await stateOf(house, ticket)).toBe('approved');
  });

  test('leaves an approved ticket that will not run, and says so', async () => {
    const house = await openHouse();
    await house.enroll('noa');
    const ticket = await house.openTicket();
    await approve(house.context('noa'), ticket.id, yes(ticket));
    await withdraw(house.context('noa'), ticket.id, {});
    expect((await ticketsShow(house.context('noa'), ticket.id)).text).toContain('noa took the approval back');
  });
});

describe('several tickets at once', () => {
  test('are each decided by their own digest', async () => {
    const house = await openHouse();
    await house.enroll('noa');
    const [one, two] = [await house.openTicket(), await house.openTicket()];
    const digests = [one, two].map(({ plan }) => plan!.digest);
    const both = { yes: true, digest: digests };
    await decideSeveral(house.context('noa'), [one.id, two.id], 'approve', both);
    expect(await Promise.all([one, two].map((ticket) => stateOf(house, ticket)))).toEqual(['approved', 'approved']);
    const signed = (await house.events()).filter(({ type }) => type === 'decision.recorded');
    expect(new Set(signed.map(({ detail }) => detail.signature)).size).toBe(2);
  });

  test('end with the first that can not be decided, and say what is left', async () => {
    const house = await openHouse();
    await house.enroll('noa');
    const tickets = [await house.openTicket(), await house.openTicket(), await house.openTicket()];
    const [, wrong, last] = tickets;
    const digest = tickets.map((ticket) => (ticket === wrong ? '0'.repeat(64) : ticket.plan!.digest));
    const ids = tickets.map(({ id }) => id);
    const result = await decideSeveral(house.context('noa'), ids, 'approve', { yes: true, digest });
    expect(result).toMatchObject({
      exit: 3,
      data: { failed: { ticket: wrong!.id, code: 'wrong_digest' }, left_alone: [last!.id] },
    });
    expect(await Promise.all(tickets.map((ticket) => stateOf(house, ticket)))).toEqual([
      'approved',
      'pending',
      'pending',
    ]);
  });

  test('are each shown and confirmed at a terminal', async () => {
    const house = await openHouse();
    await house.enroll('noa');
    const [one, two] = [await house.openTicket(), await house.openTicket()];
    const context = house.context('noa', ['payments-production', 'payments-production']);
    await decideSeveral(context, [one.id, two.id], 'approve', {});
    const shown = context.terminal.shown.join('\n');
    for (const { plan } of [one, two]) expect(shown).toContain(plan!.digest);
  });

  test('need a digest each, and no ticket twice', async () => {
    const house = await openHouse();
    await house.enroll('noa');
    const [one, two] = [await house.openTicket(), await house.openTicket()];
    const one_digest = { yes: true, digest: [one.plan!.digest] };
    expect(await codeOf(decideSeveral(house.context('noa'), [one.id, two.id], 'approve', one_digest))).toBe('usage');
    expect(await codeOf(decideSeveral(house.context('noa'), [one.id, one.id], 'approve', {}))).toBe('usage');
  });
});
