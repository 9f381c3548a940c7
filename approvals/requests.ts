import { HoldshortError } from '../src/kernel/errors.ts';
import type { Assurance } from '../src/kernel/requirement.ts';
import {
  keyIdOf,
  mostProvenBy,
  provenBy,
  readStatement,
  type Signed,
  type Statement,
} from '../src/kernel/statement.ts';
import { type Desk, type Enrolled, readEnrolled } from './desk.ts';
import type { Signer } from './keys.ts';
import { type KeyHolder, recordSigned, recordStatement, signedNow } from './record-statement.ts';
import { checkSigner } from './revoke.ts';

/** Somebody's wish that a key of theirs be enrolled. The name is their claim; only the key is proven. */
export interface KeyRequest {
  readonly name: string;
  /** Fingerprint, `SHA256:…`: what the person must confirm on another way before anybody signs. */
  readonly id: string;
  readonly publicKey: string;
  /** The most that this key can prove. */
  readonly most: Assurance;
  /** ISO 8601 */
  readonly requestedAt: string;
}

/** More would be somebody filling the list. */
const MOST_PENDING = 50;

/**
 * The requests that wait: each signed by its own key, about a key that was never enrolled, newest last. The attacker may have written
 * any of them to the database: none proves whose key it is.
 */
export function pendingRequests({ statements, registry }: Enrolled): readonly KeyRequest[] {
  const pending = new Map<string, KeyRequest>();
  for (const signed of statements) {
    const request = requestIn(signed);
    // The first one stands: whoever holds the key could otherwise change the name after it was confirmed.
    if (request && !registry.has(request.id) && !pending.has(request.id)) pending.set(request.id, request);
  }
  return [...pending.values()];
}

function requestIn(signed: Signed): KeyRequest | undefined {
  const statement = readStatement(signed);
  if (statement?.kind !== 'request' || statement.by !== statement.name) return undefined;
  const { name, public_key: publicKey, public_key_id: id } = statement;
  const most = mostProvenBy(publicKey);
  if (!most || keyIdOf(publicKey) !== id || statement.key !== id || !provenBy(signed, publicKey)) return undefined;
  return { name, id, publicKey, most, requestedAt: statement.signed_at };
}

/** Records a request that its own key signed. Errors: `approval_invalid`, `conflict` when it is known or too many wait. */
export async function recordRequest(desk: Desk, signed: Signed): Promise<Enrolled> {
  const request = requestIn(signed);
  if (!request)
    throw new HoldshortError('approval_invalid', 'this request is not signed by its own key', 'register the key again');
  const event = {
    type: 'approver.requested',
    actor: `approver:${request.name}`,
    detail: { name: request.name, key: request.id },
  } as const;
  return recordSigned(desk, event, (enrolled) => {
    const waiting = pendingRequests(enrolled);
    if (enrolled.registry.has(request.id) || waiting.some(({ id }) => id === request.id))
      throw new HoldshortError('conflict', 'this key was asked for already', 'nothing needs doing');
    if (waiting.length >= MOST_PENDING)
      throw new HoldshortError(
        'conflict',
        `${waiting.length} requests wait already`,
        'let an approver enroll some of them first; those that nobody made can be revoked right after',
      );
    return signed;
  });
}

/** The statement that enrolls a requested key. Errors: `not_found` for one that doesn't wait. */
export function enrolmentOf(
  enrolled: Enrolled,
  key: string,
  by: KeyHolder,
  options: { readonly now: Date; readonly maxAssurance?: Assurance | undefined },
): Extract<Statement, { kind: 'enroll' }> {
  const request = pendingRequests(enrolled).find(({ id }) => id === key);
  if (!request)
    throw new HoldshortError('not_found', 'no request waits for this key', 'let the person register it on the page');
  checkSigner(enrolled.registry, by);
  return {
    kind: 'enroll',
    name: request.name,
    public_key: request.publicKey,
    public_key_id: request.id,
    max_assurance: options.maxAssurance ?? request.most,
    ...signedNow(by, options.now),
  };
}

export function enrolmentEvent({
  name,
  public_key_id: key,
  max_assurance,
  by,
}: Extract<Statement, { kind: 'enroll' }>) {
  return { type: 'approver.enrolled', actor: `approver:${by}`, detail: { name, key, max_assurance } } as const;
}

/** Enrolls a requested key, signed with the key of a file. Errors: `not_found`, `not_enrolled`. */
export async function enrollRequested(
  desk: Desk,
  key: string,
  signer: Signer,
  maxAssurance?: Assurance,
): Promise<Enrolled> {
  const make = (enrolled: Enrolled) => enrolmentOf(enrolled, key, signer, { now: desk.now(), maxAssurance });
  return recordStatement(desk, signer, enrolmentEvent(make(await readEnrolled(desk))), make);
}
