import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { rename } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { HoldshortError } from '../../src/kernel/errors.ts';
import { keyIdOf, PersonName, signText } from '../../src/kernel/statement.ts';
import { createPrivateFile, keysFolder, readPrivateFile } from './key-files.ts';
import { lock, Sealed, unlock } from './passphrase.ts';

/**
 * A person has two keys. `key` signs what they decide at a terminal and may have a passphrase. `client` signs what they
 * answer in a chat client's form; it has none, so anyone who reads the file can use it, and therefore it is enrolled
 * for `client` and never more.
 */
export type KeyUse = 'key' | 'client';

const KeyFileContent = z.strictObject({
  format: z.literal('holdshort/key/v1'),
  name: PersonName,
  /** SPKI, base64. */
  public_key: z.string(),
  /** PKCS #8, base64, in clear or locked with a passphrase. */
  private_key: z.union([z.strictObject({ pkcs8: z.string() }), Sealed]),
});

/** A key as it lies in its file. Nothing in it says what the key is good for: that is what was enrolled. */
export interface KeyFile {
  readonly path: string;
  readonly name: string;
  /** Fingerprint, `SHA256:…`. */
  readonly id: string;
  /** SPKI, base64. */
  readonly publicKey: string;
  readonly locked: boolean;
  readonly content: z.infer<typeof KeyFileContent>;
}

/** A key that can sign now, wherever its private half is. */
export interface Signer {
  readonly name: string;
  readonly id: string;
  readonly publicKey: string;
  /**
   * The proof for a statement's text, as `provenBy` takes it. May ask the person for a passphrase, a PIN or a touch.
   */
  sign(statement: string): Promise<string>;
}

/** Whose key signs a statement: its fingerprint, and the person. */
export type KeyHolder = Pick<Signer, 'id' | 'name'>;

export function keyPath(keysDir: string, name: string, use: KeyUse): string {
  return join(keysDir, use === 'key' ? `${name}.key.json` : `${name}.client.json`);
}

/**
 * Makes an Ed25519 key in a file of its own, mode 0600.
 * @throws conflict when there is one already
 * @throws key_invalid when the folder is open to others
 */
export async function createKey(keysDir: string, name: string, use: KeyUse, passphrase?: string): Promise<KeyFile> {
  const pair = generateKeyPairSync('ed25519');
  const publicKey = pair.publicKey.export({ format: 'der', type: 'spki' }).toString('base64');
  const pkcs8 = pair.privateKey.export({ format: 'der', type: 'pkcs8' });
  const content = KeyFileContent.parse({
    format: 'holdshort/key/v1',
    name,
    public_key: publicKey,
    private_key:
      passphrase === undefined
        ? { pkcs8: pkcs8.toString('base64') }
        : await lock(pkcs8, passphrase, bound(name, publicKey)),
  });
  const path = keyPath(keysDir, name, use);
  await keysFolder(keysDir);
  if (!(await createPrivateFile(path, `${JSON.stringify(content, null, 2)}\n`)))
    throw new HoldshortError('conflict', `the key file ${path} exists already`, 'look at `holdshort approvers list`');
  return asKeyFile(path, content);
}

/** The key file, or undefined where there is none. @throws key_invalid for one that is damaged or open to others */
export function readKey(keysDir: string, name: string, use: KeyUse): KeyFile | undefined {
  const path = keyPath(keysDir, name, use);
  const text = readPrivateFile(path);
  if (text === undefined) return undefined;
  let content: z.infer<typeof KeyFileContent>;
  try {
    content = KeyFileContent.parse(JSON.parse(text));
  } catch (cause) {
    throw new HoldshortError(
      'key_invalid',
      `${path} is not a key file`,
      'restore it, or revoke and enroll again',
      cause,
    );
  }
  if (content.name !== name)
    throw new HoldshortError(
      'key_invalid',
      `${path} holds the key of ${content.name}`,
      'give the file its own name back; a key speaks for one person',
    );
  return asKeyFile(path, content);
}

/**
 * Takes the private key out of its file. `passphrase` is asked for only if the file is locked.
 * @throws key_invalid for a wrong passphrase, or a private key that isn't the one of the public key beside it
 */
export async function unlockKey(file: KeyFile, passphrase: () => Promise<string>): Promise<Signer> {
  const { private_key: stored } = file.content;
  const pkcs8 =
    'pkcs8' in stored
      ? Buffer.from(stored.pkcs8, 'base64')
      : await unlock(stored, await passphrase(), bound(file.name, file.publicKey), file.path);
  let privateKey: KeyObject;
  try {
    privateKey = createPrivateKey({ key: pkcs8, format: 'der', type: 'pkcs8' });
  } catch (cause) {
    throw new HoldshortError('key_invalid', `${file.path} holds no private key`, 'restore it, or enroll again', cause);
  }
  const derived = createPublicKey(privateKey).export({ format: 'der', type: 'spki' }).toString('base64');
  if (privateKey.asymmetricKeyType !== 'ed25519' || derived !== file.publicKey)
    throw new HoldshortError(
      'key_invalid',
      `the two halves in ${file.path} do not belong together`,
      'restore the file',
    );
  const { name, id, publicKey } = file;
  return { name, id, publicKey, sign: async (statement) => signText(statement, privateKey) };
}

/** Puts the file of a key aside that is good for nothing, so that its owner can have a new one. */
export async function retireKey(file: KeyFile, why: 'revoked' | 'unused'): Promise<string> {
  const retired = `${file.path}.${why}-${Buffer.from(file.id.slice(7), 'base64').toString('hex').slice(0, 12)}`;
  await rename(file.path, retired);
  return retired;
}

/**
 * What the passphrase's cipher authenticates besides the key: someone's locked key can't be passed off under another
 * name.
 */
function bound(name: string, publicKey: string): string {
  return `holdshort/key/v1\0${name}\0${publicKey}`;
}

function asKeyFile(path: string, content: z.infer<typeof KeyFileContent>): KeyFile {
  const { name, public_key: publicKey, private_key } = content;
  return { path, name, id: keyIdOf(publicKey), publicKey, locked: !('pkcs8' in private_key), content };
}
