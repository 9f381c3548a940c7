import { type AccountRef, accountNamed } from '../kernel/account.ts';
import { HoldshortError } from '../kernel/errors.ts';
import type { Aws } from './index.ts';

export interface Listed extends AccountRef {
  readonly regions: readonly string[];
  /** What the configuration says for it alone: code of the account that may run while a change is being planned. */
  readonly own: { readonly macros: readonly string[] };
}

/**
 * The accounts of an installation, each behind clients of its own: nothing that one of them keeps (credentials, whom
 * AWS takes them for, what was listed or hidden) is another's.
 */
export interface Accounts {
  /**
   * Those that may be asked about, as the configuration lists them now; undefined where it lists none: there is the one
   * whose credentials are here.
   * @throws config_invalid
   */
  listed(): Promise<readonly Listed[] | undefined>;
  /**
   * The clients of one, by its id. Where none are listed, those of the credentials here, whatever they are for: who
   * asks compares.
   * @throws other_account for one that isn't listed (any more)
   */
  of(id: string): Promise<Aws>;
  /** Where none are listed. */
  byConvention(): Aws;
}

/** The one whose credentials these clients have. */
export function oneAccount(aws: Aws): Accounts {
  return { listed: async () => undefined, of: async () => aws, byConvention: () => aws };
}

export function notListed(id: string): HoldshortError {
  return new HoldshortError(
    'other_account',
    `account ${id} is not listed under accounts here`,
    'list it there, with its roles, or run this where it is listed',
  );
}

/**
 * The same without the accounts that an agent may not ask about: they are as if they weren't configured.
 * @param granted ids and names; none of them is all
 */
export function onlyGranted(accounts: Accounts, granted: readonly string[]): Accounts {
  const listed = async () => {
    const all = await accounts.listed();
    return all?.filter((one) => granted.some((ref) => accountNamed([one], ref)));
  };
  return {
    ...accounts,
    listed,
    async of(id) {
      const seen = await listed();
      if (seen && !seen.some((one) => one.id === id)) throw notListed(id);
      return await accounts.of(id);
    },
  };
}
