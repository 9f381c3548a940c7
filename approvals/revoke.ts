import type { ApproverKey, Registry } from '../src/kernel/approvers.ts';
import { HoldshortError } from '../src/kernel/errors.ts';
import { type Desk, readEnrolled } from './desk.ts';
import type { Signer } from './keys.ts';
import { type KeyHolder, recordStatement, signedNow } from './record-statement.ts';

/**
 * Takes away a key (by its id, or a beginning of it that no other has), or all the keys of a person. What they decided before no
 * longer counts for tickets that haven't run.
 * Errors: `not_found`, `not_enrolled` when the signer isn't enrolled, `conflict` when nobody would be left who can enroll or approve.
 */
export async function revoke(
  desk: Desk,
  whom: string,
  reason: string,
  signer: Signer,
): Promise<readonly ApproverKey[]> {
  const { registry } = await readEnrolled(desk);
  const keys = keysOf(registry, whom);
  // One's own key goes last: revoked, it couldn't sign for the others.
  const inOrder = [...keys].sort((a, b) => Number(a.id === signer.id) - Number(b.id === signer.id));
  for (const key of inOrder) {
    const event = {
      type: 'approver.revoked',
      actor: `approver:${signer.name}`,
      detail: { name: key.name, key: key.id, reason },
    } as const;
    await recordStatement(desk, signer, event, (enrolled) => {
      checkSigner(enrolled.registry, signer);
      checkSomebodyIsLeft(enrolled.registry, keys);
      return { kind: 'revoke', public_key_id: key.id, reason, ...signedNow(signer, desk.now()) };
    });
  }
  const after = (await readEnrolled(desk)).registry;
  return keys.flatMap(({ id }) => after.get(id) ?? []);
}

function keysOf(registry: Registry, whom: string): readonly ApproverKey[] {
  const active = [...registry.values()].filter((key) => !key.revokedAt);
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

/** A signer that may change who is enrolled: active, and good for more than a chat client's answer. */
export function checkSigner(registry: Registry, signer: KeyHolder): void {
  const key = registry.get(signer.id);
  if (key && !key.revokedAt && key.maxAssurance !== 'client') return;
  throw new HoldshortError(
    'not_enrolled',
    `${signer.name}'s key is ${key?.revokedAt ? 'revoked' : 'not enrolled'}`,
    'let an enrolled approver sign: --as NAME; see `holdshort approvers list`',
  );
}

function checkSomebodyIsLeft(registry: Registry, going: readonly ApproverKey[]): void {
  if (going.every(({ maxAssurance }) => maxAssurance === 'client')) return;
  const ids = new Set(going.map(({ id }) => id));
  const left = [...registry.values()].some(
    (key) => !key.revokedAt && key.maxAssurance !== 'client' && !ids.has(key.id),
  );
  if (left) return;
  throw new HoldshortError(
    'conflict',
    'this is the last key that can approve or enroll',
    'enroll somebody else first: without any key nothing could ever be approved again',
  );
}
