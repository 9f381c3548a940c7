import { z } from 'zod';
import { AccountId, AccountName, type AccountRef } from '../kernel/account.ts';
import { KnownThing, RegionName } from '../kernel/environment.ts';
import { ExternalId, MacroName, RoleArn } from './aws-fields.ts';

/** One entry of `accounts:`, as written. */
const Account = z.strictObject({
  id: AccountId.describe("The account's number."),
  name: AccountName.describe('What people and agents call it.'),
  regions: z
    .array(RegionName)
    .min(1, 'must name at least one region')
    .max(50)
    .describe('The only regions in it; the first is that of a call which names none.'),
  read_role_arn: RoleArn.optional().describe(
    'Assumed for reads and for planning. Left out: the credentials of the process itself, which must be for this account.',
  ),
  execution_role_arn: RoleArn.optional().describe(
    'Assumed by the executor, for one request of one ticket at a time, with a session policy made from its plan.',
  ),
  external_id: ExternalId.optional().describe("What the roles' trust asks for (sts:ExternalId)."),
  macros: z.array(MacroName).max(100).optional().describe('As cloudformation.macros, for this account.'),
  known: z.array(KnownThing).max(1_000).optional().describe('As known, for what changes in this account reach.'),
});
type AccountEntry = z.infer<typeof Account>;

const ROLES = ['read_role_arn', 'execution_role_arn'] as const;

/** `accounts:` in the configuration. */
export const Accounts = z
  .array(Account)
  .min(1, 'must have at least one; leave the key out where there is only that of the credentials at hand')
  .max(200)
  .superRefine((accounts, context) => {
    for (const [at, account] of accounts.entries()) {
      const before = accounts.slice(0, at);
      for (const key of ['id', 'name'] as const)
        if (before.some((other) => other[key] === account[key]))
          context.addIssue({ code: 'custom', path: [at, key], message: 'is that of another entry too' });
      for (const key of ROLES)
        if (account[key] !== undefined && account[key].split(':')[4] !== account.id)
          context.addIssue({ code: 'custom', path: [at, key], message: `is no role of account ${account.id}` });
    }
  })
  .describe(
    'The accounts that this installation works in, instead of the one of `aws`. With more than one, agents say in each call which they mean.',
  );

/** An account that an installation works in, with what is configured for it alone. */
export interface ListedAccount extends AccountRef {
  readonly regions: readonly string[];
  readonly read_role_arn?: string | undefined;
  readonly execution_role_arn?: string | undefined;
  readonly external_id?: string | undefined;
  readonly own: { readonly macros: readonly string[] };
}

/** What of a file is for one account where it lists one, and has to be within an entry where it lists several. */
interface OfOneAccount {
  readonly accounts?: readonly AccountEntry[] | undefined;
  readonly aws?: unknown;
  readonly known?: readonly KnownThing[] | undefined;
  readonly cloudformation?: { readonly macros?: readonly string[] | undefined } | undefined;
  readonly hub?: { readonly agents: readonly { readonly accounts?: readonly string[] | undefined }[] } | undefined;
}

/** What is wrong with a file's keys beside its `accounts:`, each with where it is. */
export function misplaced(file: OfOneAccount): readonly { readonly path: PropertyKey[]; readonly message: string }[] {
  const { accounts, aws, known, cloudformation, hub } = file;
  const several = (accounts?.length ?? 0) > 1;
  // A name that another account uses too would count there as well.
  const within = 'is for one account: write it within the entries of accounts that it is for';
  const refs = (hub?.agents ?? []).flatMap(({ accounts: given = [] }, rule) =>
    given.map((ref, at) => ({ ref, path: ['hub', 'agents', rule, 'accounts', at] })),
  );
  const isListed = (ref: string) => accounts?.some(({ id, name }) => id === ref || name === ref) ?? false;
  return [
    ...(accounts && aws !== undefined
      ? [{ path: ['aws'], message: 'is for an installation without accounts: write its roles into the entry there' }]
      : []),
    ...(several && known !== undefined ? [{ path: ['known'], message: within }] : []),
    ...(several && cloudformation?.macros !== undefined
      ? [{ path: ['cloudformation', 'macros'], message: within }]
      : []),
    ...refs
      .filter(({ ref }) => !isListed(ref))
      .map(({ path }) => ({ path, message: 'must be the id or name of an entry of accounts' })),
  ];
}

/** The accounts with what is theirs alone; undefined where the file lists none. */
export function accountsOf({ accounts, cloudformation }: OfOneAccount): readonly ListedAccount[] | undefined {
  return accounts?.map(({ known: _, macros = [], ...account }) => ({
    ...account,
    own: { macros: [...macros, ...(cloudformation?.macros ?? [])] },
  }));
}

/** The lines of `known:`, each with the account whose changes it is for; without one: that of the credentials. */
export function knownOf({ accounts, known = [] }: OfOneAccount): readonly (KnownThing & { account?: string })[] {
  if (!accounts) return known;
  const own = accounts.flatMap(({ id, known: lines = [] }) => lines.map((line) => ({ ...line, account: id })));
  const [only] = accounts;
  return [...own, ...known.flatMap((line) => (only ? [{ ...line, account: only.id }] : []))];
}
