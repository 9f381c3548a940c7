import { knownKey } from '../../src/kernel/approvers.ts';
import { type MakeClaim, type Makers, makeClaimOf } from '../../src/kernel/attestation.ts';
import { HoldshortError } from '../../src/kernel/errors.ts';
import type { Assurance } from '../../src/kernel/requirement.ts';
import { isWeaker } from '../../src/kernel/requirement.ts';
import {
  bareKeyOf,
  keyIdOf,
  mostProvenBy,
  provenBy,
  readStatement,
  type Signed,
  type Statement,
  statementText,
} from '../../src/kernel/statement.ts';
import { readPasskey } from '../../src/kernel/webauthn.ts';
import { type Desk, type Enrolled, readEnrolled } from '../desk.ts';
import type { KeyHolder, Signer } from '../keys/keys.ts';
import { checkProof, recordSigned, recordStatement, signedAt, signedBy } from '../record/record-statement.ts';
import type { Door } from '../record/rejection.ts';
import { checkSigner } from './revoke.ts';
import { type Rights, roleOf } from './rights.ts';

/** Someone's wish that a key of theirs be enrolled. The name is their claim; only the key is proven. */
export interface KeyRequest {
  readonly name: string;
  /** Fingerprint, `SHA256:…`: what the person must confirm on another way before anyone signs. */
  readonly id: string;
  readonly publicKey: string;
  /** What the signature under the request proved, and so the most that the key is enrolled for. */
  readonly most: Assurance;
  /** What there is to its claim that a known maker made it; undefined where it claims nothing. */
  readonly make: MakeClaim | undefined;
  /** ISO 8601 */
  readonly requestedAt: string;
}

/** More would be someone filling the list. */
const MOST_PENDING = 50;

/**
 * The requests that wait: each signed by its own key, about a key that was never enrolled, newest last. The attacker
 * may have written any of them to the database: none proves whose key it is.
 */
export function pendingRequests({ statements, registry, makers, at }: Enrolled): readonly KeyRequest[] {
  const pending = new Map<string, KeyRequest>();
  for (const signed of statements) {
    const request = requestIn(signed, makers, at);
    // The first one stands: anyone who holds the key could otherwise change the name after it was confirmed.
    const known = request && knownKey(registry, bareKeyOf(request.publicKey));
    if (request && !known && !pending.has(request.id)) pending.set(request.id, request);
  }
  return [...pending.values()];
}

function requestIn(signed: Signed, makers: Makers, at: string): KeyRequest | undefined {
  const statement = readStatement(signed);
  if (statement?.kind !== 'request' || statement.by !== statement.name) return undefined;
  const { name, public_key: publicKey, public_key_id: id } = statement;
  const most = mostProvenBy(publicKey, makers, at);
  if (!most || keyIdOf(publicKey) !== id || statement.key !== id) return undefined;
  const proven = provenBy(signed, publicKey, makers);
  if (!proven) return undefined;
  const passkey = readPasskey(publicKey);
  return {
    name,
    id,
    publicKey,
    most: isWeaker(proven, most) ? proven : most,
    make: passkey && makeClaimOf(passkey, makers, at),
    requestedAt: statement.signed_at,
  };
}

/**
 * Records a request that its own key signed: nobody knows yet whose that is, so the log names where it came in.
 * @throws approval_invalid
 * @throws conflict when it is known or too many wait
 */
export async function recordRequest(desk: Desk, signed: Signed, door: Door): Promise<Enrolled> {
  const request = requestIn(signed, await desk.makers(), await desk.store.now());
  if (!request)
    throw new HoldshortError('approval_invalid', 'this request is not signed by its own key', 'register the key again');
  const event = {
    type: 'approver.requested',
    actor: door,
    detail: { claimed: request.name, key: request.id },
  } as const;
  return recordSigned(desk, event, (enrolled) => {
    const waiting = pendingRequests(enrolled);
    if (knownKey(enrolled.registry, bareKeyOf(request.publicKey)) || waiting.some(({ id }) => id === request.id))
      throw new HoldshortError('conflict', 'this key was asked for already', 'nothing needs doing');
    if (waiting.length >= MOST_PENDING)
      throw new HoldshortError(
        'conflict',
        `${waiting.length} requests wait already`,
        'let an admin enroll some of them first; those that nobody made can be revoked right after',
      );
    return signed;
  });
}

/**
 * Asks for one's own key to be enrolled, signed with it.
 * @throws conflict when the key is enrolled or waits, or nobody is there who could enroll it
 */
export async function requestKey(desk: Desk, own: Signer): Promise<KeyRequest> {
  const { name, id, publicKey } = own;
  if ((await readEnrolled(desk)).registry.keys.size === 0)
    throw new HoldshortError(
      'conflict',
      'nobody is enrolled yet who could grant this',
      `be the first: holdshort approvers enroll ${name}`,
    );
  const statement = {
    kind: 'request',
    name,
    public_key: publicKey,
    public_key_id: id,
    ...signedAt(own, await desk.store.now()),
  };
  const { signed } = await signedBy(own, statementText({ ...statement, kind: 'request' }), await desk.makers());
  const after = await recordRequest(desk, signed, 'cli');
  const request = pendingRequests(after).find((one) => one.id === id);
  if (request) return request;
  throw new HoldshortError(
    'conflict',
    'somebody enrolled this key in the same moment',
    'see `holdshort approvers list`',
  );
}

/** The waiting request for this name whose key begins like this. @throws not_found, usage */
export function requestFor(enrolled: Enrolled, name: string, key: string): KeyRequest {
  const requests = pendingRequests(enrolled);
  const [request, another] = requests.filter(({ id }) => key.length >= 13 && id.startsWith(key));
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

/** The statement that enrolls a requested key. @throws not_found for one that doesn't wait */
export function enrolmentOf(
  enrolled: Enrolled,
  key: string,
  by: KeyHolder,
  rights: Rights,
): Extract<Statement, { kind: 'enroll' }> {
  const request = pendingRequests(enrolled).find(({ id }) => id === key);
  if (!request)
    throw new HoldshortError('not_found', 'no request waits for this key', 'let the person register it on the page');
  checkSigner(enrolled.registry, by, 'admin');
  const statement = {
    kind: 'enroll' as const,
    name: request.name,
    public_key: request.publicKey,
    public_key_id: request.id,
    max_assurance: request.most,
    role: roleOf(enrolled.registry, request.name, request.most, rights.role),
    ...(rights.groups?.length ? { groups: [...rights.groups] } : {}),
    ...signedAt(by, enrolled.at),
  };
  checkProof(enrolled, statement, enrolled.registry.keys.get(by.id)?.maxAssurance ?? 'client');
  return statement;
}

export function enrolmentEvent({
  name,
  public_key_id: key,
  max_assurance,
  role,
  groups = [],
  by,
}: Extract<Statement, { kind: 'enroll' }>) {
  const detail = { name, key, max_assurance, role, groups: [...groups] };
  return { type: 'approver.enrolled', actor: `approver:${by}`, detail } as const;
}

/** Enrolls a requested key, signed with the key of a file. @throws not_found, not_enrolled */
export async function enrollRequested(desk: Desk, key: string, signer: Signer, rights: Rights = {}): Promise<Enrolled> {
  const make = (enrolled: Enrolled) => enrolmentOf(enrolled, key, signer, rights);
  return recordStatement(desk, signer, enrolmentEvent(make(await readEnrolled(desk))), make);
}
