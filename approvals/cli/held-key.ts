import type { ApproverKey } from '../../src/kernel/approver-key.ts';
import { HoldshortError } from '../../src/kernel/errors.ts';
import type { Assurance } from '../../src/kernel/requirement.ts';
import { signedBytes } from '../../src/kernel/statement.ts';
import { type Enrolled, personName, readEnrolled } from '../desk.ts';
import { readKey, type Signer } from '../keys/keys.ts';
import { administrator, enrolledKey, type Identity, personOf } from '../keys/signer.ts';
import { findSshKeyFile, readSshKeyFile, type SshKeyFile } from '../keys/ssh/key-file.ts';
import { signWithSsh } from '../keys/ssh/sign.ts';
import type { Subject } from '../people/enroll.ts';
import { keyKind } from '../render/key.ts';
import type { CommandContext } from './context.ts';
import { unlockHere } from './secrets.ts';

export interface SigningOptions {
  readonly as?: string | undefined;
  /** An SSH key file, instead of a key file of ours. */
  readonly ssh?: string | undefined;
  readonly passphraseFile?: string | undefined;
}

/** An enrolled key that a person can use here, and what it takes to sign with it. */
export interface HeldKey {
  readonly name: string;
  readonly id: string;
  /** What it was enrolled for. */
  readonly assurance: Assurance;
  /** Asks for a passphrase, where the key wants one before it is used. */
  open(): Promise<Signer>;
}

/**
 * The key with which this person signs here: the SSH key that was named, the key file of ours, or their SSH key where
 * they have no other. Whose it is, its enrolment says, and not the name that was given.
 * @throws not_enrolled, key_invalid, usage
 */
export async function heldKey(context: CommandContext, enrolled: Enrolled, options: SigningOptions): Promise<HeldKey> {
  const identity = identityOf(context, options);
  if (options.ssh !== undefined) return heldSshKey(context, enrolled, await readSshKeyFile(options.ssh), identity);
  const person = personOf(identity);
  const others = [...enrolled.registry.keys.values()].filter(
    (key) => key.name === person && !key.revokedAt && keyKind(key) !== 'chat key',
  );
  const [only, ...more] = others;
  if (only && more.length === 0 && keyKind(only).startsWith('ssh') && !readKey(context.keysDir, person, 'key'))
    return sshHeld(context, only, await findSshKeyFile(only.publicKey, context.env));
  const file = await enrolledKey(context, enrolled, person, 'key');
  return {
    name: file.name,
    id: file.id,
    assurance: enrolled.registry.keys.get(file.id)?.maxAssurance ?? 'client',
    open: once(() => unlockHere(context, file, options.passphraseFile)),
  };
}

/** Like `administrator`; where nobody is named, the key of anyone whose key is here. `notes` say so. */
export async function anyHeldKey(
  context: CommandContext,
  options: SigningOptions,
): Promise<{ readonly key: HeldKey; readonly notes: readonly string[] }> {
  const enrolled = await readEnrolled(context);
  const identity = identityOf(context, options);
  const named = options.as !== undefined || options.ssh !== undefined || Boolean(context.env.HOLDSHORT_APPROVER);
  const known = [...enrolled.registry.keys.values()].some(
    ({ name, revokedAt }) => name === context.osUser && !revokedAt,
  );
  if (named || known) return { key: await heldKey(context, enrolled, options), notes: [] };
  const { file, assumed } = await administrator(context, identity);
  const key = await heldKey(context, enrolled, { ...options, as: file.name });
  const note = `Signing as ${file.name}, the only enrolled approver whose key is here (say --as NAME to choose).`;
  return { key, notes: assumed ? [note] : [] };
}

/** Signs with an SSH key, whether it is enrolled yet or not. */
export function sshSigner(context: CommandContext, { name, id, publicKey }: Subject, file: string | undefined): Signer {
  const securityKey = publicKey.startsWith('sk-');
  const { env, terminal } = context;
  return {
    name,
    id,
    publicKey,
    async sign(statement) {
      if (securityKey && terminal.interactive) terminal.show('Touch the security key when it blinks.');
      const interactive = terminal.interactive;
      return signWithSsh(signedBytes(statement), { file, publicKey, securityKey, env, interactive });
    },
  };
}

function heldSshKey(context: CommandContext, { registry }: Enrolled, file: SshKeyFile, identity: Identity): HeldKey {
  const key = registry.keys.get(file.id);
  if (!key || key.revokedAt)
    throw new HoldshortError(
      'not_enrolled',
      `the SSH key ${file.id} (${file.path}) is ${key ? 'revoked' : 'not enrolled'}`,
      'see `holdshort approvers list`; to ask for it: holdshort approvers request NAME --ssh FILE',
    );
  const claimed = identity.as ?? identity.env.HOLDSHORT_APPROVER;
  if (claimed && personName(claimed, `'${claimed}'`) !== key.name)
    throw new HoldshortError(
      'not_enrolled',
      `the SSH key ${file.path} is ${key.name}'s, not ${claimed}'s`,
      `say --as ${key.name}, or name a key of ${claimed}`,
    );
  return sshHeld(context, key, file.path);
}

function sshHeld(context: CommandContext, key: ApproverKey, file: string | undefined): HeldKey {
  const { name, id, maxAssurance: assurance } = key;
  return { name, id, assurance, open: async () => sshSigner(context, key, file) };
}

/** Who a command is given by, before any key is looked for. */
export function identityOf({ env, osUser }: CommandContext, { as }: SigningOptions): Identity {
  return { as, env, osUser };
}

/** A passphrase is asked for once, however many tickets are decided with the key. */
function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => {
    made ??= make();
    return made;
  };
}
