import { z } from 'zod';

/** One of several accounts that an installation works in: AWS's number, and what people call it. */
export interface AccountRef {
  readonly id: string;
  readonly name: string;
}

export const AccountId = z.string().regex(/^\d{12}$/, 'must be 12 digits, in quotes');

/**
 * Begins with a letter and is in lower case: no name can pass for another account's number, and no two differ in case
 * alone.
 */
export const AccountName = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,31}$/, 'must be a letter, then letters, digits and hyphens, in lower case, at most 32');

/** The one that is meant, by its number or its name, letter by letter; undefined for anything that is near it. */
export function accountNamed<A extends AccountRef>(accounts: readonly A[], ref: string): A | undefined {
  return accounts.find(({ id, name }) => id === ref || name === ref);
}

/** `shop-production (111122223333)` */
export function accountText({ id, name }: AccountRef): string {
  return `${name} (${id})`;
}
