import type { ApproverKey } from '../../src/kernel/approver-key.ts';
import { activeAdmins, mayManage, type Registry } from '../../src/kernel/approvers.ts';
import { HoldshortError } from '../../src/kernel/errors.ts';
import { recoveryDigest } from '../../src/kernel/pinned.ts';
import { isWeaker } from '../../src/kernel/requirement.ts';
import { MOST_LOST, type StatementOf, statementText } from '../../src/kernel/statement.ts';
import { readPasskey } from '../../src/kernel/webauthn.ts';
import type { Desk, Enrolled } from '../desk.ts';
import { readEnrolled } from '../desk.ts';
import type { KeyHolder, Signer } from '../keys/keys.ts';
import { pinRecovery, recoveryPath } from '../keys/pinned.ts';
import { checkProof, recordSigned, signedAt, signedBy } from '../record/record-statement.ts';
import { keyKind } from '../render/key.ts';
import { type KeyRequest, pendingRequests } from './requests.ts';
import { checkSigner, keysOf } from './revoke.ts';

interface Asked {
  /** Fingerprint of the key that is to be enrolled; its owner asked for it. */
  readonly key: string;
  /** What was lost: fingerprints, or beginnings of them that no other key has. */
  readonly lost: readonly string[];
  readonly reason: string;
}

export interface Recovered {
  readonly enrolled: Enrolled;
  readonly statement: StatementOf<'recover'>;
  /** The file that says that it counts here. */
  readonly file: string;
}

/**
 * The way back for an admin whose only key that proves more was lost, or can't be used any more: with what is left they
 * sign for exactly one new key of theirs, and this installation says in a file beside `root.json` that exactly this
 * statement counts. The attacker holds that admin's key file, and can sign the same; they can't write the keys folder
 * of a gate. What was lost is revoked by the same statement, so that anyone who finds it can't use it. The bar for
 * everyone else stays where it was.
 * @throws conflict where no recovery is needed, or another admin can help
 * @throws not_found, not_enrolled, usage
 */
export async function recover(desk: Desk, asked: Asked, signer: Signer): Promise<Recovered> {
  const before = await readEnrolled(desk);
  const statement = recoveryOf(before, asked, signer);
  const { signed, proven } = await signedBy(signer, statementText(statement), before.makers);
  checkProof(before, statement, proven);
  const digest = recoveryDigest(signed.statement);
  const pinned = { statement: digest, name: signer.name, key: statement.public_key_id };
  // First the file: killed between the two, it names a statement that nobody has.
  const takeBack = await pinRecovery(desk.keysDir, { ...pinned, pinned_at: statement.signed_at });
  try {
    const { lost, reason, max_assurance } = statement;
    const detail = { name: signer.name, key: statement.public_key_id, max_assurance, lost: [...lost], reason };
    const event = { type: 'approver.recovered', actor: `approver:${signer.name}`, detail } as const;
    const enrolled = await recordSigned(desk, event, (now) => {
      // Meanwhile someone may have been enrolled who can help, or the signer may have been revoked.
      recoveryOf(now, asked, signer);
      return signed;
    });
    return { enrolled, statement, file: recoveryPath(desk.keysDir, digest) };
  } catch (error) {
    // Where it is in the log all the same, or nobody can tell, the file stays: without it the new key would count for
    // less.
    const known = await desk.store.statements().catch(() => undefined);
    if (known && !known.some(({ statement }) => statement === signed.statement)) await takeBack();
    throw error;
  }
}

function recoveryOf(enrolled: Enrolled, asked: Asked, by: KeyHolder): StatementOf<'recover'> {
  const { registry } = enrolled;
  checkSigner(registry, by, 'admin');
  const { name, publicKey: public_key, id: public_key_id, most: max_assurance } = ownRequest(enrolled, asked.key, by);
  const enrolment = { kind: 'enroll', name, public_key, public_key_id, max_assurance, role: 'admin' } as const;
  const canEnroll = (holder: KeyHolder) => {
    const proves = registry.keys.get(holder.id)?.maxAssurance ?? 'client';
    return mayManage(registry, { ...enrolment, ...signedAt(holder, enrolled.at) }, proves);
  };
  if (canEnroll(by))
    throw new HoldshortError(
      'conflict',
      `${name}'s key can enroll this one as it is: no recovery is needed`,
      `holdshort approvers enroll ${name} --key ${public_key_id}`,
    );
  const lost = lostKeys(registry, asked.lost, by);
  const able = activeAdmins(registry).filter((key) => !lost.includes(key) && canEnroll(key));
  if (able.length > 0)
    throw new HoldshortError(
      'conflict',
      `a key of an admin that isn't said to be lost can enroll this one: ${able.map(described).join('; ')}`,
      'let its owner enroll it, on the page where that passkey was registered (set web.origin back for as long, where that was changed); if it can not be used any more either, name it too: --lost FINGERPRINT',
    );
  const what = { public_key, public_key_id, max_assurance, lost: lost.map(({ id }) => id), reason: asked.reason };
  return { kind: 'recover', ...what, ...signedAt(by, enrolled.at) };
}

/**
 * @throws not_found for a key that nobody asks for
 * @throws conflict where it is for someone else
 */
function ownRequest(enrolled: Enrolled, key: string, by: KeyHolder): KeyRequest {
  const request = pendingRequests(enrolled).find(({ id }) => id === key);
  if (!request) throw new HoldshortError('not_found', 'no request waits for this key', 'register it on the page first');
  if (request.name === by.name) return request;
  throw new HoldshortError(
    'conflict',
    `${request.name} asked for this key, and ${by.name} signs: a recovery is for a key of one's own`,
    `first recover a key of ${by.name}; with that one enroll ${request.name}, on the page`,
  );
}

/**
 * @throws not_found
 * @throws usage for one that the signer can revoke without this
 */
function lostKeys(registry: Registry, named: readonly string[], by: KeyHolder): readonly ApproverKey[] {
  const own = registry.keys.get(by.id)?.maxAssurance ?? 'client';
  if (named.length > MOST_LOST)
    throw new HoldshortError(
      'usage',
      `these are ${named.length} keys, and one recovery names ${MOST_LOST} at most`,
      'name those of admins only: nobody else can enroll a key like the one that was lost',
    );
  return named.map((one) => {
    const [key, another] = keysOf(registry, one);
    if (key && !another && isWeaker(own, key.weighs)) return key;
    throw new HoldshortError(
      'usage',
      another ? `--lost ${one} names several keys` : `${one} proves no more than the key that signs`,
      another ? 'name each by its fingerprint' : `revoke it without this: holdshort approvers revoke ${one}`,
    );
  });
}

/** A key, whose, and where it can be used. */
function described(key: ApproverKey): string {
  const passkey = readPasskey(key.publicKey);
  return `${key.name}'s ${keyKind(key)} ${key.id}${passkey ? ` (registered at ${passkey.origin})` : ''}`;
}
