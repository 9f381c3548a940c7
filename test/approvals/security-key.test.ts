import { describe, expect, test } from 'vitest';
import { ticketsShow } from '../../approvals/cli/tickets.ts';
import { readEnrolled } from '../../approvals/desk.ts';
import { readKey, type Signer, unlockKey } from '../../approvals/keys/keys.ts';
import { enrollOwned } from '../../approvals/people/enroll.ts';
import { requestKey } from '../../approvals/people/requests.ts';
import { signedAt } from '../../approvals/record/record-statement.ts';
import { decide } from '../../approvals/tickets/decide.ts';
import type { Assurance } from '../../src/kernel/requirement.ts';
import { keyIdOf, type Statement, signedBytes } from '../../src/kernel/statement.ts';
import { codeOf, type Installation, openInstallation, signedWith } from '../scenes/installation.ts';
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

async function enrolled(installation: Installation, signer: Signer) {
  await installation.enroll('noa');
  const noa = await unlockKey(readKey(installation.keysDir, 'noa', 'key')!, async () => '');
  await enrollOwned(
    installation.context('noa'),
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

const counted = async (installation: Installation, id: string) =>
  ((await ticketsShow(installation.context('noa'), id)).data as { ticket: { decisions: unknown } }).ticket.decisions;

const approving = (
  installation: Installation,
  ticket: Awaited<ReturnType<Installation['openTicket']>>,
  signer: Signer,
) =>
  decide(installation.context('noa'), {
    ticket: ticket.id,
    digest: ticket.plan!.digest,
    decision: 'approve',
    assurance: 'presence',
    signer,
  });

/** An approval that is past everything that would refuse to record it. */
async function writtenIn(
  installation: Installation,
  ticket: Awaited<ReturnType<Installation['openTicket']>>,
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
    ...signedAt(signer, new Date().toISOString()),
  };
  await installation.store.forApprover().recordDecision({
    ticket: ticket.id,
    expected: { state: 'pending', decisions: 0 },
    signed: await signedWith(signer, statement),
    actor: 'approver:ida',
    detail: {},
  });
}

describe("a security key's decision", () => {
  test('counts as presence when its holder was verified', async () => {
    const installation = await openInstallation();
    const { signer } = securityKey('ida', VERIFIED);
    await enrolled(installation, signer);
    const ticket = await installation.openTicket();
    await approving(installation, ticket, signer);
    expect(await counted(installation, ticket.id)).toEqual([{ decision: 'approve', by: 'ida', assurance: 'presence' }]);
  });

  test('counts as a key when it was only touched, and claims no more', async () => {
    const installation = await openInstallation();
    const { signer, touches } = securityKey('ida', TOUCHED);
    await enrolled(installation, signer);
    const ticket = await installation.openTicket();
    await approving(installation, ticket, signer);
    expect(await counted(installation, ticket.id)).toEqual([{ decision: 'approve', by: 'ida', assurance: 'key' }]);
    expect(touches()).toBe(2);
  });

  test('is refused, and not asked for again, where only touched is not enough', async () => {
    const policy = 'permit (principal, action, resource) when { context.approvals.all.presence >= 1 };';
    const installation = await openInstallation({ policy });
    const { signer, touches } = securityKey('ida', TOUCHED);
    await enrolled(installation, signer);
    const ticket = await installation.openTicket();
    expect(await codeOf(approving(installation, ticket, signer))).toBe('assurance_too_low');
    expect(touches()).toBe(1);
    expect(await counted(installation, ticket.id)).toEqual([]);
  });

  test('is not recorded with flags 0x00, and counts for nothing when somebody records it all the same', async () => {
    const installation = await openInstallation();
    const { signer } = securityKey('ida', UNTOUCHED);
    await enrolled(installation, signer);
    const ticket = await installation.openTicket();
    expect(await codeOf(approving(installation, ticket, signer))).toBe('key_invalid');
    await writtenIn(installation, ticket, signer, 'client');
    expect(await counted(installation, ticket.id)).toEqual([]);
    expect((await ticketsShow(installation.context('noa'), ticket.id)).text).toContain('bad signature');
  });

  test('that was only touched counts for nothing when it claims presence and somebody records it all the same', async () => {
    const installation = await openInstallation();
    const { signer } = securityKey('ida', TOUCHED);
    await enrolled(installation, signer);
    const ticket = await installation.openTicket();
    await writtenIn(installation, ticket, signer, 'presence');
    expect(await counted(installation, ticket.id)).toEqual([]);
    expect((await ticketsShow(installation.context('noa'), ticket.id)).text).toContain('assurance too high');
  });
});

test('a request shows what the key proves, and nothing is asked for a key that nobody touched', async () => {
  const installation = await openInstallation();
  await installation.enroll('noa');
  expect((await requestKey(installation.context('ida'), securityKey('ida', VERIFIED).signer)).most).toBe('presence');
  expect((await requestKey(installation.context('ida'), securityKey('ida', TOUCHED).signer)).most).toBe('key');
  expect(await codeOf(requestKey(installation.context('ida'), securityKey('ida', UNTOUCHED).signer))).toBe(
    'key_invalid',
  );
  const { registry } = await readEnrolled(installation.context('noa'));
  expect([...registry.keys.values()].map(({ name }) => name)).toEqual(['noa', 'noa']);
});
