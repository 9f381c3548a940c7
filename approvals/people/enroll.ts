import type { ApproverKey } from '../../src/kernel/approver-key.ts';
import { knownKey, type Registry } from '../../src/kernel/approvers.ts';
import { HoldshortError } from '../../src/kernel/errors.ts';
import type { Assurance } from '../../src/kernel/requirement.ts';
import { bareKeyOf } from '../../src/kernel/statement.ts';
import { type Desk, type Enrolled, personName, readEnrolled } from '../desk.ts';
import type { Signer } from '../keys/keys.ts';
import { pinRoot, rootPath } from '../keys/root.ts';
import { recordStatement, signedAt } from '../record/record-statement.ts';
import { keyKind } from '../render/key.ts';
import { ownKey, UNFINISHED } from './own-key.ts';
import { checkSigner } from './revoke.ts';
import { type Rights, roleOf } from './rights.ts';

/** What is made here. */
const MADE: ReadonlySet<string> = new Set(['key file', 'chat key']);

/** A public key and whose it is. */
export type Subject = Pick<Signer, 'name' | 'id' | 'publicKey'>;

export interface Enrolment {
  readonly name: string;
  readonly keys: readonly ApproverKey[];
  readonly files: readonly string[];
  /** Who signed it; the person themselves when they are the first. */
  readonly by: string;
  readonly first: boolean;
  readonly registry: Registry;
}

/** What the ones who ask for an enrolment have to bring. */
export interface Asking {
  /** Who signs, where the person isn't the first. */
  readonly by: (enrolled: Enrolled) => Promise<Signer>;
  /** Has the first key's fingerprint looked at, before everything rests on it. @throws Error to stop */
  readonly confirmFirst: (key: Subject) => Promise<void>;
}

/**
 * Makes a person's two keys and enrolls them. The first person signs for themselves and is pinned; everyone later is
 * signed for by an admin (`by`). Killed half-way, the same call again finishes the job.
 * @param passphrase undefined leaves the key file without one
 * @throws not_enrolled without a signer
 * @throws conflict when the name has a key or another first enrolment won
 * @throws key_invalid
 */
export async function enroll(
  desk: Desk,
  person: { readonly name: string; readonly passphrase: string | undefined } & Rights,
  asking: Asking,
): Promise<Enrolment> {
  const name = personName(person.name, `'${person.name}'`);
  const enrolled = await readEnrolled(desk);
  const active = [...enrolled.registry.keys.values()].filter(
    (key) => key.name === name && !key.revokedAt && MADE.has(keyKind(key)),
  );
  // A key for chat clients alone is one that hubs sign with.
  const hasKey = active.some(({ maxAssurance }) => maxAssurance !== 'client');
  if (hasKey && active.some(({ maxAssurance }) => maxAssurance === 'client'))
    throw new HoldshortError(
      'conflict',
      `${name} is enrolled already`,
      `to replace a key: holdshort approvers revoke ${name}, then enroll again`,
    );
  const first = enrolled.registry.keys.size === 0;
  const signedBy = first || hasKey ? undefined : await asking.by(enrolled);
  const { file, signer: own } = await ownKey(desk, enrolled, { name, use: 'key', passphrase: person.passphrase });
  if (first) await becomeFirst(desk, enrolled, own, asking);
  if (!hasKey) await recordEnrolment(desk, signedBy ?? own, own, 'key', person);
  const none = { name, use: 'client', passphrase: undefined } as const;
  const { file: clientFile, signer: client } = await ownKey(desk, enrolled, none);
  const { registry } = await recordEnrolment(desk, own, client, 'client', {});
  const keys = [own, client].flatMap(({ id }) => registry.keys.get(id) ?? []);
  return { name, keys, files: [file.path, clientFile.path], by: (signedBy ?? own).name, first, registry };
}

/**
 * Enrolls a key that the person has already, in a file of theirs or in a security key. The first person signs with that
 * very key.
 * @param worth the most that a decision with it may count for
 * @throws as `enroll`
 */
export async function enrollOwned(
  desk: Desk,
  subject: Subject,
  worth: Assurance,
  rights: Rights,
  asking: Asking & { readonly own: () => Promise<Signer> },
): Promise<Enrolment> {
  const enrolled = await readEnrolled(desk);
  const first = enrolled.registry.keys.size === 0;
  const signer = first ? await asking.own() : await asking.by(enrolled);
  if (first) await becomeFirst(desk, enrolled, signer, asking);
  const { registry } = await recordEnrolment(desk, signer, subject, worth, rights);
  const key = registry.keys.get(subject.id);
  return { name: subject.name, keys: key ? [key] : [], files: [], by: signer.name, first, registry };
}

/**
 * Pins the key as the first. Two people may do this at once: the file decides, and the other must be enrolled by the
 * winner.
 */
async function becomeFirst(desk: Desk, { root }: Enrolled, own: Signer, { confirmFirst }: Asking): Promise<void> {
  if (root?.key === own.id) return;
  if (!root) {
    await confirmFirst(own);
    if (await pinRoot(desk.keysDir, { name: own.name, key: own.id, pinned_at: await desk.store.now() })) return;
  }
  const winner = root ?? (await readEnrolled(desk)).root;
  throw new HoldshortError(
    'conflict',
    `${winner?.name ?? 'somebody'} is the first approver here (${rootPath(desk.keysDir)})`,
    `if that enrolment was interrupted, finish it: holdshort approvers enroll ${winner?.name ?? 'NAME'}; then enroll ${own.name} --as ${winner?.name ?? 'NAME'}. ${UNFINISHED(rootPath(desk.keysDir))}`,
  );
}

async function recordEnrolment(
  desk: Desk,
  signer: Signer,
  subject: Subject,
  worth: Assurance,
  { role: asked, groups = [] }: Rights,
): Promise<Enrolled> {
  // Only the first key signs for itself.
  const roleIn = ({ registry }: Enrolled) =>
    signer.id === subject.id ? 'admin' : roleOf(registry, subject.name, worth, asked);
  const role = roleIn(await readEnrolled(desk));
  const event = {
    type: 'approver.enrolled',
    actor: `approver:${signer.name}`,
    detail: { name: subject.name, key: subject.id, max_assurance: worth, role, groups: [...groups] },
  } as const;
  const itself = worth === 'client' && subject.name === signer.name;
  return recordStatement(desk, signer, event, (enrolled) => {
    const { registry, root } = enrolled;
    const isRoot = registry.keys.size === 0 && root?.key === signer.id && signer.id === subject.id;
    if (!isRoot) checkSigner(registry, signer, itself ? 'approver' : 'admin');
    const known = knownKey(registry, bareKeyOf(subject.publicKey));
    if (known)
      throw new HoldshortError(
        'conflict',
        known.revokedAt ? `this key of ${known.name} was revoked` : `this key of ${known.name} is enrolled already`,
        known.revokedAt ? 'a revoked key never counts again: make a new one' : 'nothing needs doing',
      );
    return {
      kind: 'enroll',
      name: subject.name,
      public_key: subject.publicKey,
      public_key_id: subject.id,
      max_assurance: worth,
      role: roleIn(enrolled),
      ...(groups.length > 0 ? { groups: [...groups] } : {}),
      ...signedAt(signer, enrolled.at),
    };
  });
}
