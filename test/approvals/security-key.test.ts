import { describe, expect, test } from 'vitest';
import { ticketsShow } from '../../approvals/cli/tickets.ts';
import { readEnrolled } from '../../approvals/desk.ts';
import { readKey, type Signer, unlockKey } from '../../approvals/keys/keys.ts';
import { enrollOwned } from '../../approvals/people/enroll.ts';
import { requestKey } from '../../approvals/people/requests.ts';
import { signedNow } from '../../approvals/record/record-statement.ts';
import { decide } from '../../approvals/tickets/decide.ts';
import type { Assurance } from '../../src/kernel/requirement.ts';
import { keyIdOf, type Statement, signedBytes } from '../../src/kernel/statement.ts';
import { codeOf, type House, openHouse, signedWith } from '../scenes/installation.ts';
import { sshPerson } from '../scenes/ssh-signer.ts';

/** Touched and verified; touched only; neither. */
const [VERIFIED, TOUCHED, UNTOUCHED] = [5, 1, 0];

/** A person with a security key that reports these flags, one after the other; the last one repeats. */
function securityKey(name: string, ...flags: number[]) {
  const key = sshPerson('ed25519', true);
  let touches = 0;
  const signer: Signer = {
    name,
    id: keyIdOf(key.publicKey),
    publicKey: key.publicKey,
    sign: async (text) => {
      const now = flags[Math.min(touches, flags.length - 1)] ?? VERIFIED;
      touches += 1;
      return key.sign(signedBytes(text), { flags: now });
    },
  };
  return { signer, touches: () => touches };
}

async function enrolled(house: House, signer: Signer) {
  await house.enroll('noa');
  const noa = await unlockKey(readKey(house.keysDir, 'noa', 'key')!, async () => '');
  await enrollOwned(
    house.context('noa'),
    signer,
    'presence',
    {},
    {
      by: async () => noa,
      own: async () => signer,
      confirmFirst: async () => {},
    },
  );
}

const counted = async (house: House, id: string) =>
  ((await ticketsShow(house.context('noa'), id)).data as { ticket: { decisions: unknown } }).ticket.decisions;

const approving = (house: House, ticket: Awaited<ReturnType<House['openTicket']>>, signer: Signer) =>
  decide(house.context('noa'), {
    ticket: ticket.id,
    digest: ticket.plan!.digest,
    decision: 'approve',
    assurance: 'presence',
    signer,
  });

/** An approval that is past everything that would refuse to record it. */
async function writtenIn(
  house: House,
  ticket: Awaited<ReturnType<House['openTicket']>>,
  signer: Signer,
  assurance: Assurance,
) {
  const statement: Statement = {
    kind: 'decision',
    ticket: ticket.id,
    digest: ticket.plan!.digest,
    decision: 'approve',
    assurance,
    expires_at: ticket.draft.expires_at,
    ...signedNow(signer, new Date()),
  };
  await house.store.forApprover().recordDecision({
    ticket: ticket.id,
    expected: { state: 'pending', decisions: 0 },
    signed: await signedWith(signer, statement),
    actor: 'approver:ida',
    detail: {},
  });
}

describe("a security key's decision", () => {
  test('counts as presence when its holder was verified', async () => {
    const house = await openHouse();
    const { signer } = securityKey('ida', VERIFIED);
    await enrolled(house, signer);
    const ticket = await house.openTicket();
    await approving(house, ticket, signer);
    expect(await counted(house, ticket.id)).toEqual([{ decision: 'approve', by: 'ida', assurance: 'presence' }]);
  });

  test('counts as a key when it was only touched, and claims no more', async () => {
    const house = await openHouse();
    const { signer, touches } = securityKey('ida', TOUCHED);
    await enrolled(house, signer);
    const ticket = await house.openTicket();
    await approving(house, ticket, signer);
    expect(await counted(house, ticket.id)).toEqual([{ decision: 'approve', by: 'ida', assurance: 'key' }]);
    expect(touches()).toBe(2);
  });

  test('is refused, and not asked for again, where only touched is not enough', async () => {
    const policy = 'permit (principal, action, resource) when { context.approvals.all.presence >= 1 };';
    const house = await openHouse({ policy });
    const { signer, touches } = securityKey('ida', TOUCHED);
    await enrolled(house, signer);
    const ticket = await house.openTicket();
    expect(await codeOf(approving(house, ticket, signer))).toBe('assurance_too_low');
    expect(touches()).toBe(1);
    expect(await counted(house, ticket.id)).toEqual([]);
  });

  test('is not recorded with flags 0x00, and counts for nothing when somebody records it all the same', async () => {
    const house = await openHouse();
    const { signer } = securityKey('ida', UNTOUCHED);
    await enrolled(house, signer);
    const ticket = await house.openTicket();
    expect(await codeOf(approving(house, ticket, signer))).toBe('key_invalid');
    await writtenIn(house, ticket, signer, 'client');
    expect(await counted(house, ticket.id)).toEqual([]);
    expect((await ticketsShow(house.context('noa'), ticket.id)).text).toContain('bad signature');
  });

  test('that was only touched counts for nothing when it claims presence and somebody records it all the same', async () => {
    const house = await openHouse();
    const { signer } = securityKey('ida', TOUCHED);
    await enrolled(house, signer);
    const ticket = await house.openTicket();
    await writtenIn(house, ticket, signer, 'presence');
    expect(await counted(house, ticket.id)).toEqual([]);
    expect((await ticketsShow(house.context('noa'), ticket.id)).text).toContain('assurance too high');
  });
});

test('a request shows what the key proves, and nothing is asked for a key that nobody touched', async () => {
  const house = await openHouse();
  await house.enroll('noa');
  expect((await requestKey(house.context('ida'), securityKey('ida', VERIFIED).signer)).most).toBe('presence');
  expect((await requestKey(house.context('ida'), securityKey('ida', TOUCHED).signer)).most).toBe('key');
  expect(await codeOf(requestKey(house.context('ida'), securityKey('ida', UNTOUCHED).signer))).toBe('key_invalid');
  const { registry } = await readEnrolled(house.context('noa'));
  expect([...registry.keys.values()].map(({ name }) => name)).toEqual(['noa', 'noa']);
});
