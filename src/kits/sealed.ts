import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';

/*
 * Kits hold secrets: they are sealed with age, so that only named readers open them, also without this program
 * (`age -d -i KEY FILE | gunzip`). https://age-encryption.org/v1
 */

/** The most that a kit may be, in bytes before it is compressed: 500 resources and their templates take far less. */
export const MOST_BYTES = 32 * 1024 * 1024;

/** @param readers age recipients (`age1…`) */
export async function seal(text: string, readers: readonly string[]): Promise<Uint8Array> {
  const { Encrypter } = await import('age-encryption');
  const encrypter = new Encrypter();
  for (const reader of readers) encrypter.addRecipient(reader);
  const bytes = await promisify(gzip)(text);
  // As a stream: for plain bytes it makes a `Response`, with which Node loads all of `fetch`, forty milliseconds.
  const open = new ReadableStream<Uint8Array>({
    start(controller) {
      controller.enqueue(bytes);
      controller.close();
    },
  });
  const sealed: Uint8Array[] = [];
  for await (const part of await encrypter.encrypt(open)) sealed.push(part);
  return Buffer.concat(sealed);
}

/** @param identity an age identity (`AGE-SECRET-KEY-…`) @throws Error where it isn't for this identity, or altered */
export async function unseal(sealed: Uint8Array, identity: string): Promise<string> {
  const { Decrypter } = await import('age-encryption');
  const decrypter = new Decrypter();
  decrypter.addIdentity(identity);
  const opened = await decrypter.decrypt(sealed);
  return (await promisify(gunzip)(opened, { maxOutputLength: MOST_BYTES })).toString('utf8');
}

export async function newIdentity(): Promise<string> {
  const { generateX25519Identity } = await import('age-encryption');
  return await generateX25519Identity();
}

/** Who opens what this identity opens. Each kit asks it of the installation's own key, which stays the same. */
export async function readerOf(identity: string): Promise<string> {
  if (latest?.identity === identity) return latest.reader;
  const { identityToRecipient } = await import('age-encryption');
  latest = { identity, reader: await identityToRecipient(identity) };
  return latest.reader;
}

let latest: { readonly identity: string; readonly reader: string } | undefined;
