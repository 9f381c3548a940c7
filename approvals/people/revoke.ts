import type { ApproverKey } from '../../src/kernel/approver-key.ts';
import { activeAdmins, adminProof, type Registry } from '../../src/kernel/approvers.ts';
import { HoldshortError } from '../../src/kernel/errors.ts';
import type { Role, StatementOf } from '../../src/kernel/statement.ts';
import { type Desk, type Enrolled, readEnrolled } from '../desk.ts';
import type { KeyHolder, Signer } from '../keys/keys.ts';
import { checkProof, recordStatement, signedAt, WAY_BACK } from '../record/record-statement.ts';

export interface Revocation {
  readonly revoked: readonly ApproverKey[];
  /** Chat clients' keys that these had enrolled, and that went with them. */
  readonly withThem: readonly ApproverKey[];
  /** What these had enrolled otherwise, and goes on: the thief may have enrolled some of it. */
  readonly goOn: readonly ApproverKey[];
  readonly enrolled: Enrolled;
  /** A halt that these keys had lifted stands again. */
  readonly halted: boolean;
}

/**
 * Takes away a key (by its id, or a beginning of it that no other has), or all the keys of a person. What they decided
 * before no longer counts for tickets that haven't run.
 * @throws not_found
 * @throws not_enrolled when the signer isn't enrolled
 * @throws conflict when nobody would be left who can enroll or approve
 */
export async function revoke(desk: Desk, whom: string, reason: string, signer: Signer): Promise<Revocation> {
  const before = await readEnrolled(desk);
  const keys = keysOf(before.registry, whom);
  // One's own key goes last: revoked, it couldn't sign for the others. Chat clients' keys go first: with another they'd
  // be gone already.
  const turn = ({ id, enrolledFor }: ApproverKey) => (id === signer.id ? 2 : Number(enrolledFor !== 'client'));
  const inOrder = [...keys].sort((a, b) => turn(a) - turn(b));
  for (const key of inOrder) {
    await recordStatement(desk, signer, revocationEvent(key, reason, signer), (enrolled) =>
      revocationOf(enrolled, { key: key.id, reason, going: keys }, signer),
    );
  }
  const enrolled = await readEnrolled(desk);
  const revoked = keys.flatMap(({ id }) => enrolled.registry.keys.get(id) ?? []);
  const halted = !before.halt && enrolled.halt !== undefined;
  return { revoked, enrolled, halted, ...madeBy(enrolled.registry, revoked) };
}

/**
 * The statement that revokes one key.
 * @param about.key its whole fingerprint
 * @param about.going all that go together with it, where it isn't the only one
 * @throws not_found, not_enrolled, assurance_too_low
 * @throws conflict when nobody would be left who can enroll or approve
 */
export function revocationOf(
  enrolled: Enrolled,
  about: { readonly key: string; readonly reason: string; readonly going?: readonly ApproverKey[] },
  by: KeyHolder,
): StatementOf<'revoke'> {
  const { registry } = enrolled;
  const key = keyNamed(registry, about.key);
  checkSigner(registry, by, key.name === by.name ? 'approver' : 'admin');
  checkSomebodyIsLeft(registry, about.going ?? [key]);
  const statement = {
    kind: 'revoke' as const,
    public_key_id: key.id,
    reason: about.reason,
    ...signedAt(by, enrolled.at),
  };
  checkProof(enrolled, statement, registry.keys.get(by.id)?.maxAssurance ?? 'client');
  return statement;
}

export function revocationEvent({ name, id }: ApproverKey, reason: string, by: Pick<KeyHolder, 'name'>) {
  return { type: 'approver.revoked', actor: `approver:${by.name}`, detail: { name, key: id, reason } } as const;
}

/** The key that isn't revoked and has this fingerprint. @throws not_found */
export function keyNamed(registry: Registry, id: string): ApproverKey {
  const key = registry.keys.get(id);
  if (key && !key.revokedAt) return key;
  throw new HoldshortError(
    'not_found',
    key ? 'that key is revoked already' : 'nobody has that key',
    'see `holdshort approvers list`',
  );
}

/** What revoked keys had enrolled: what went with them, and what goes on. */
export function madeBy(registry: Registry, revoked: readonly ApproverKey[]): Pick<Revocation, 'withThem' | 'goOn'> {
  const ids = new Set(revoked.map(({ id }) => id));
  const places = new Set(revoked.map(({ revokedSeq }) => revokedSeq));
  const made = [...registry.keys.values()].filter(({ id, enrolledWith }) => ids.has(enrolledWith) && !ids.has(id));
  return {
    withThem: made.filter(({ revokedSeq }) => revokedSeq !== undefined && places.has(revokedSeq)),
    goOn: made.filter(({ revokedAt }) => !revokedAt),
  };
}

/** The active keys of a person, or the one that begins like this. @throws not_found */
export function keysOf(registry: Registry, whom: string): readonly ApproverKey[] {
  const active = [...registry.keys.values()].filter((key) => !key.revokedAt);
  const named = active.filter(({ name }) => name === whom);
  if (named.length > 0) return named;
  const byId = active.filter(({ id }) => whom.startsWith('SHA256:') && whom.length >= 13 && id.startsWith(whom));
  if (byId.length === 1) return byId;
  throw new HoldshortError(
    'not_found',
    byId.length > 1 ? 'several keys begin like that' : 'no enrolled person or key is called that',
    'look at `holdshort approvers list`; a key is named by its id or by at least SHA256: and 6 characters of it',
  );
}

/**
 * A signer whose statements count: active, and good for more than a chat client's answer; an admin where that is
 * needed.
 * @throws not_enrolled
 */
export function checkSigner(registry: Registry, signer: KeyHolder, role: Role): void {
  const key = registry.keys.get(signer.id);
  if (key && !key.revokedAt && key.maxAssurance !== 'client') {
    if (role === 'approver' || key.role === 'admin') return;
    const admins = [...new Set(activeAdmins(registry).map(({ name }) => name))].join(', ');
    throw new HoldshortError(
      'not_enrolled',
      `${signer.name}'s key is an approver's, and this takes an admin's`,
      `let an admin do it (${admins}): --as NAME`,
    );
  }
  throw new HoldshortError(
    'not_enrolled',
    `${signer.name}'s key is ${key?.revokedAt ? 'revoked' : 'not enrolled'}`,
    'let an enrolled approver sign: --as NAME; see `holdshort approvers list`',
  );
}

function checkSomebodyIsLeft(registry: Registry, going: readonly ApproverKey[]): void {
  const ids = new Set(going.map(({ id }) => id));
  const admins = activeAdmins(registry);
  if (!admins.some(({ id }) => ids.has(id))) return;
  const left = admins.filter(({ id }) => !ids.has(id));
  const most = adminProof(registry);
  const prove = (keys: readonly ApproverKey[]) => keys.some(({ weighs }) => weighs === most);
  if (left.length > 0 && prove(admins) && !prove(left))
    throw new HoldshortError(
      'conflict',
      `this is the last admin's key that proves ${most}`,
      `enroll another such key of an admin first; if this one is lost: ${WAY_BACK}`,
    );
  if (left.length > 0) return;
  throw new HoldshortError(
    'conflict',
    "this is the last admin's key",
    'enroll another admin first (--role admin): without one nobody could ever be enrolled, nor a halt be lifted',
  );
}
