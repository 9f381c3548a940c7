import { HoldshortError } from '../src/kernel/errors.ts';
import type { Assurance } from '../src/kernel/requirement.ts';
import { keyIdOf, mostProvenBy, provenBy, readStatement } from '../src/kernel/statement.ts';
import type { Desk, Enrolled } from './desk.ts';
import type { Signer } from './keys.ts';
import { recordStatement, signedNow } from './record-statement.ts';

/** A key that somebody wants to be enrolled. Whoever made the request has the key; whether they are who they say, an admin must find out. */
export interface KeyRequest {
  readonly name: string;
  readonly id: string;
  readonly publicKey: string;
  /** What the signature under the request proved: the most that the key is enrolled for. */
  readonly proven: Assurance;
  /** ISO 8601, by the requester's clock. */
  readonly at: string;
}

/**
 * The requests that wait, newest last. The attacker may write to the database: what isn't signed by the very key that it asks for is
 * passed over, and so is a key that is, or was, enrolled.
 */
export function pendingRequests({ statements, registry }: Pick<Enrolled, 'statements' | 'registry'>): KeyRequest[] {
  const requests = new Map<string, KeyRequest>();
  for (const signed of statements) {
    const statement = readStatement(signed);
    if (statement?.kind !== 'request' || registry.has(statement.public_key_id)) continue;
    const { name, by, key, public_key: publicKey, public_key_id: id, signed_at: at } = statement;
    if (by !== name || key !== id || mostProvenBy(publicKey) === undefined || keyIdOf(publicKey) !== id) continue;
    const proven = provenBy(signed, publicKey);
    // The first one stands: whoever holds the key could otherwise change the name after its fingerprint was confirmed.
    if (proven && !requests.has(id)) requests.set(id, { name, id, publicKey, proven, at });
  }
  return [...requests.values()];
}

/**
 * Asks for one's own key to be enrolled, signed with it. Errors: `conflict` when the key is enrolled, or nobody is there who could
 * enroll it.
 */
export async function requestKey(desk: Desk, own: Signer): Promise<KeyRequest> {
  const { name, id, publicKey } = own;
  const event = { type: 'approver.requested', actor: `approver:${name}`, detail: { name, key: id } } as const;
  const after = await recordStatement(desk, own, event, ({ registry }) => {
    if (registry.size === 0)
      throw new HoldshortError(
        'conflict',
        'nobody is enrolled yet who could grant this',
        `be the first: holdshort approvers enroll ${name}`,
      );
    if (registry.has(id))
      throw new HoldshortError(
        'conflict',
        `this key is ${registry.get(id)?.revokedAt ? 'revoked' : 'enrolled already'}`,
        'see `holdshort approvers list`',
      );
    return { kind: 'request', name, public_key: publicKey, public_key_id: id, ...signedNow(own, desk.now()) };
  });
  const request = pendingRequests(after).find((one) => one.id === id);
  if (request) return request;
  throw new HoldshortError(
    'conflict',
    'somebody enrolled this key in the same moment',
    'see `holdshort approvers list`',
  );
}

/** The waiting request for this name whose key begins like this. Errors: `not_found`, `usage`. */
export function requestFor(enrolled: Enrolled, name: string, key: string): KeyRequest {
  const requests = pendingRequests(enrolled);
  const found = requests.filter(({ id }) => key.length >= 13 && id.startsWith(key));
  const [request, another] = found;
  if (request && !another && request.name === name) return request;
  const why = another
    ? `several requests begin with ${key}`
    : request
      ? `the request for that key is by ${request.name}, not by ${name}`
      : `there is no request with the key ${key}`;
  const waiting = requests.map((one) => `${one.name} ${one.id}`).join('; ');
  throw new HoldshortError(
    another ? 'usage' : 'not_found',
    why,
    waiting === ''
      ? `nobody waits; ${name} asks with: holdshort approvers request ${name}`
      : `give SHA256: and at least 6 characters more. Waiting: ${waiting}`,
  );
}
