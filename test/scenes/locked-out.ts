import { readdirSync } from 'node:fs';
import { approversEnroll } from '../../approvals/cli/approvers.ts';
import { approversRecover } from '../../approvals/cli/approvers-recover.ts';
import { readEnrolled } from '../../approvals/desk.ts';
import { readKey, unlockKey } from '../../approvals/keys/keys.ts';
import { readPinned } from '../../approvals/keys/pinned.ts';
import { recordRequest } from '../../approvals/people/requests.ts';
import { recordStatement, signedAt } from '../../approvals/record/record-statement.ts';
import type { RecheckContext } from '../../src/executor/context.ts';
import { gate } from '../../src/executor/recheck.ts';
import { weigh } from '../../src/gate/believed.ts';
import {
  keyIdOf,
  type Role,
  type Signed,
  type Statement,
  type StatementOf,
  signedBytes,
  statementText,
} from '../../src/kernel/statement.ts';
import { type Installation, openInstallation, signedWith } from './installation.ts';
import { PRESENCE } from './page.ts';
import { sshPerson } from './ssh-signer.ts';

/** A security key that asks for its PIN, which this person asks to have enrolled. */
export async function asksFor(installation: Installation, name: string) {
  const { publicKey, sign } = sshPerson('ed25519', true);
  const by = { name, id: keyIdOf(publicKey), publicKey, sign: async (text: string) => sign(signedBytes(text)) };
  const about = { kind: 'request', name, public_key: publicKey, public_key_id: by.id } as const;
  const desk = installation.context('noa');
  await recordRequest(desk, await signedWith(by, { ...about, ...signedAt(by, desk.now().toISOString()) }), 'cli');
  return by;
}

type Key = Awaited<ReturnType<typeof asksFor>>;

export const REASON = 'it was stolen';

/** Noa is the only admin, with a key file and a key that proves presence; that one is gone. */
export async function lockedOut(name = 'noa') {
  const installation = await openInstallation({ policy: PRESENCE });
  await installation.enroll('noa', 'ida');
  const lost = await asksFor(installation, name);
  await approversEnroll(installation.context('noa'), name, { key: lost.id, yes: true, role: 'admin' });
  const fresh = await asksFor(installation, 'noa');
  const recover = (more: Partial<Parameters<typeof approversRecover>[2]> = {}) =>
    approversRecover(installation.context('noa'), 'noa', {
      key: fresh.id,
      lost: [lost.id],
      reason: REASON,
      yes: true,
      ...more,
    });
  return { installation, lost, fresh, recover };
}

/** With a key that proves as much: an admin's security key, say. */
export async function enrolledBy(installation: Installation, by: Key, key: Key, role: Role): Promise<void> {
  const { name, publicKey: public_key, id: public_key_id } = key;
  const about = { kind: 'enroll', name, public_key, public_key_id, max_assurance: 'presence', role } as const;
  const event = { type: 'approver.enrolled', actor: `approver:${by.name}`, detail: {} } as const;
  const desk = installation.context(by.name);
  await recordStatement(desk, by, event, () => ({ ...about, ...signedAt(by, desk.now().toISOString()) }));
}

export const keyOf = async (installation: Installation, { id }: Key) =>
  (await readEnrolled(installation.context('noa'))).registry.keys.get(id);
export const fileOf = async (installation: Installation) =>
  unlockKey(readKey(installation.keysDir, 'noa', 'key')!, async () => '');
export const recoveriesIn = ({ keysDir }: Installation) =>
  readdirSync(keysDir).filter((name) => name.startsWith('recovery-'));

/** What a thief of noa's key file signs, written to the database past everything that would refuse to. */
export async function forged(installation: Installation, key: Key, lost: string[] = []): Promise<Signed> {
  const noa = await fileOf(installation);
  const { now } = installation.context('noa');
  const about = { public_key: key.publicKey, public_key_id: key.id, max_assurance: 'presence' } as const;
  const statement: StatementOf<'recover'> = {
    kind: 'recover',
    ...about,
    lost: [...lost],
    reason: 'mine now',
    ...signedAt(noa, now().toISOString()),
  };
  const signed = await signedWith(noa, statement);
  await written(installation, signed);
  return signed;
}

export async function written(installation: Installation, signed: Signed): Promise<void> {
  const { store } = installation.context('noa');
  const event = { type: 'approver.recovered', actor: 'approver:noa', detail: {} } as const;
  await store.recordStatement({ signed, expected: (await store.statements()).length, event });
}

/** What the executor makes of a production change that this key approves with presence. */
export async function gated(installation: Installation, { sign, id, name }: Key) {
  const ticket = await installation.openTicket();
  const { store, now, rules, policy, makers, logins } = installation.context('noa');
  const expires_at = new Date(now().getTime() + 60_000).toISOString();
  const decision = {
    kind: 'decision',
    ticket: ticket.id,
    digest: ticket.plan!.digest,
    decision: 'approve',
    assurance: 'presence',
    expires_at,
    ...signedAt({ id, name }, now().toISOString()),
  } as const;
  const text = statementText(decision satisfies Statement);
  const signed = { statement: text, signature: await sign(text) };
  const expected = { state: 'pending', decisions: 0 } as const;
  const actor = 'approver:noa' as const;
  await store.recordDecision({ ticket: ticket.id, expected, signed, to: 'approved', actor, detail: {} });
  const approved = await store.ticket(ticket.id);
  const pinned = () => readPinned(installation.keysDir);
  const context = {
    store: installation.store.forExecutor('x'),
    rules,
    policy,
    makers,
    logins,
    pinned,
  } as unknown as RecheckContext;
  return async () => (await weigh(approved, (read) => gate(read, undefined as never, context))).kind;
}
