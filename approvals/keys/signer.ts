import { HoldshortError } from '../../src/kernel/errors.ts';
import { type Desk, type Enrolled, personName, readEnrolled } from '../desk.ts';
import { type KeyFile, type KeyUse, readKey } from './keys.ts';

/** Where a person's name may come from, in this order. */
export interface Identity {
  /** `--as NAME` */
  readonly as?: string | undefined;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly osUser: string;
}

/**
 * Who decides: `--as`, then HOLDSHORT_APPROVER, then the OS user. The name only picks the key; the key is the proof.
 * @throws usage
 */
export function personOf({ as, env, osUser }: Identity): string {
  if (as !== undefined) return personName(as, `--as '${as}'`);
  if (env.HOLDSHORT_APPROVER)
    return personName(env.HOLDSHORT_APPROVER, `HOLDSHORT_APPROVER='${env.HOLDSHORT_APPROVER}'`);
  return personName(osUser, `the OS user '${osUser}'`);
}

/** This person's enrolled key here, still locked. @throws not_enrolled, key_invalid */
export async function enrolledKey(
  { keysDir }: Pick<Desk, 'keysDir'>,
  { registry }: Enrolled,
  person: string,
  use: KeyUse,
): Promise<KeyFile> {
  const file = readKey(keysDir, person, use);
  const key = file && registry.keys.get(file.id);
  if (file && key && !key.revokedAt && key.name === person) return file;
  const known = [...new Set([...registry.keys.values()].filter((k) => !k.revokedAt).map(({ name }) => name))];
  const wrong = !file
    ? use === 'key'
      ? 'has no key on this machine'
      : 'has no key for chat clients on this machine'
    : key?.revokedAt
      ? 'has a revoked key'
      : 'is not enrolled';
  throw new HoldshortError(
    'not_enrolled',
    `${person} ${wrong}`,
    known.length === 0
      ? `nobody is enrolled yet: holdshort approvers enroll ${person}`
      : key?.revokedAt && key.name === person
        ? `make a new one, which an admin's or ${person}'s other key signs for: holdshort approvers enroll ${person}`
        : known.includes(person)
          ? 'decide on the machine where the key is, or revoke it and enroll again'
          : `enrolled: ${known.slice(0, 8).join(', ')}${known.length > 8 ? ` and ${known.length - 8} more` : ''}; say --as NAME, or let one of them enroll ${person}`,
  );
}

/**
 * Who signs what isn't a decision about a ticket (enrolments, revocations, a halt). Where nobody is named and the OS
 * user isn't enrolled, and exactly one enrolled person's key is here, it is theirs.
 */
export async function administrator(desk: Desk, identity: Identity): Promise<{ file: KeyFile; assumed: boolean }> {
  const enrolled = await readEnrolled(desk);
  const named = identity.as !== undefined || Boolean(identity.env.HOLDSHORT_APPROVER);
  if (!named) {
    const active = [...enrolled.registry.keys.values()].filter(
      (key) => !key.revokedAt && key.maxAssurance !== 'client',
    );
    if (!active.some(({ name }) => name === identity.osUser)) {
      // A person with a passkey too is still one person.
      const here = [...new Set(active.map(({ name }) => name))]
        .map((name) => readKey(desk.keysDir, name, 'key'))
        .filter((file) => file && active.some(({ id }) => id === file.id));
      if (here.length === 1 && here[0]) return { file: here[0], assumed: true };
    }
  }
  return { file: await enrolledKey(desk, enrolled, personOf(identity), 'key'), assumed: false };
}
