import type { ApproverKey } from '../src/kernel/approvers.ts';
import { HoldshortError } from '../src/kernel/errors.ts';
import type { Assurance } from '../src/kernel/requirement.ts';
import { type Desk, type Enrolled, personName, readEnrolled } from './desk.ts';
import { createKey, type KeyFile, type KeyUse, readKey, retireKey, type Signer, unlockKey } from './keys.ts';
import { recordStatement, signedNow } from './record-statement.ts';
import { checkSigner } from './revoke.ts';
import { pinRoot, rootPath } from './root.ts';

export interface Enrolment {
  readonly name: string;
  readonly keys: readonly ApproverKey[];
  readonly files: readonly string[];
  /** Who signed it; the person themselves when they are the first. */
  readonly by: string;
  readonly first: boolean;
}

const WORTH: Record<KeyUse, Assurance> = { key: 'key', client: 'client' };

/**
 * Makes a person's two keys and enrolls them. The first person signs for themselves and is pinned; everyone later is signed for by
 * somebody who is enrolled (`by`). Killed half-way, the same call again finishes the job.
 * @param passphrase undefined leaves the key file without one
 * Errors: `not_enrolled` without a signer, `conflict` when the name has a key or another first enrolment won, `key_invalid`.
 */
export async function enroll(
  desk: Desk,
  person: { readonly name: string; readonly passphrase: string | undefined },
  by: (enrolled: Enrolled) => Promise<Signer>,
): Promise<Enrolment> {
  const name = personName(person.name, `'${person.name}'`);
  const enrolled = await readEnrolled(desk);
  const active = [...enrolled.registry.values()].filter((key) => key.name === name && !key.revokedAt);
  if (active.some(({ maxAssurance }) => maxAssurance === 'client') && active.length > 1)
    throw new HoldshortError(
      'conflict',
      `${name} is enrolled already`,
      `to replace a key: holdshort approvers revoke ${name}, then enroll again`,
    );
  const first = enrolled.registry.size === 0;
  const signedBy = first || active.length > 0 ? undefined : await by(enrolled);
  const file = await keyFile(desk, enrolled, name, 'key', person.passphrase);
  const own = await unlockKey(file, async () => person.passphrase ?? noPassphrase(file));
  if (first) await becomeFirst(desk, enrolled, own);
  if (active.length === 0) await record(desk, signedBy ?? own, own, 'key');
  const clientFile = await keyFile(desk, enrolled, name, 'client', undefined);
  const client = await unlockKey(clientFile, async () => noPassphrase(clientFile));
  const { registry } = await record(desk, own, client, 'client');
  const keys = [own, client].flatMap(({ id }) => registry.get(id) ?? []);
  return { name, keys, files: [file.path, clientFile.path], by: (signedBy ?? own).name, first };
}

/** This person's key file: a new one, or the one that an enrolment which was interrupted left behind. A revoked one is put aside. */
async function keyFile(desk: Desk, enrolled: Enrolled, name: string, use: KeyUse, passphrase: string | undefined) {
  const found = readKey(desk.keysDir, name, use);
  if (found && !enrolled.registry.get(found.id)?.revokedAt) return found;
  if (found) await retireKey(found);
  return createKey(desk.keysDir, name, use, passphrase);
}

/** Pins the key as the first. Two people may do this at once: the file decides, and the other must be enrolled by the winner. */
async function becomeFirst(desk: Desk, { root }: Enrolled, own: Signer): Promise<void> {
  if (root?.key === own.id) return;
  if (!root && (await pinRoot(desk.keysDir, { name: own.name, key: own.id, pinned_at: desk.now().toISOString() })))
    return;
  const winner = root ?? (await readEnrolled(desk)).root;
  throw new HoldshortError(
    'conflict',
    `${winner?.name ?? 'somebody'} is the first approver here (${rootPath(desk.keysDir)})`,
    `finish that enrolment if it was interrupted: holdshort approvers enroll ${winner?.name ?? 'NAME'}; then enroll ${own.name} --as ${winner?.name ?? 'NAME'}`,
  );
}

function record(desk: Desk, signer: Signer, subject: Signer, use: KeyUse): Promise<Enrolled> {
  const event = {
    type: 'approver.enrolled',
    actor: `approver:${signer.name}`,
    detail: { name: subject.name, key: subject.id, max_assurance: WORTH[use] },
  } as const;
  return recordStatement(desk, signer, event, ({ registry, root }) => {
    const isRoot = registry.size === 0 && root?.key === signer.id && signer.id === subject.id;
    if (!isRoot) checkSigner(registry, signer);
    if (registry.has(subject.id))
      throw new HoldshortError('conflict', `this key of ${subject.name} is enrolled already`, 'nothing needs doing');
    return {
      kind: 'enroll',
      name: subject.name,
      public_key: subject.publicKey,
      public_key_id: subject.id,
      max_assurance: WORTH[use],
      ...signedNow(signer, desk.now()),
    };
  });
}

function noPassphrase(file: KeyFile): never {
  throw new HoldshortError(
    'key_invalid',
    `${file.path} was left by an enrolment that did not finish, and is locked`,
    'enroll with the same passphrase, or remove the file and begin again',
  );
}
