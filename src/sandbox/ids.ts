import { createHash, randomBytes, randomUUID } from 'node:crypto';

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789';

/** What made-up ids and names are taken from: `length` bytes at a time. */
export type Bytes = (length: number) => Buffer;

/** Never the same twice, and the same from the beginning each time: one cloud makes up what another one did. */
export function repeatedBytes(): Bytes {
  let asked = 0;
  return (length) => {
    asked += 1;
    return createHash('shake256', { outputLength: length }).update(String(asked)).digest();
  };
}

/** `length` capitals and digits, as CloudFormation appends to the names it generates. */
export function randomSuffix(length: number, bytes: Bytes = randomBytes): string {
  return Array.from(bytes(length), (byte) => ALPHABET.charAt(byte % ALPHABET.length)).join('');
}

/** An EC2-style id: `i-` and 17 hexadecimal digits. */
export function ec2Id(prefix: string, bytes: Bytes = randomBytes): string {
  return `${prefix}-0${bytes(8).toString('hex')}`;
}

export const uuid = randomUUID;

/** In the form of a UUID. */
export function uuidFrom(bytes: Bytes): string {
  const hex = bytes(16).toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}
