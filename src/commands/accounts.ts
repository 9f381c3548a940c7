import { type Accounts, notListed } from '../aws/accounts.ts';
import { type Aws, type AwsOptions, createAws } from '../aws/index.ts';
import type { ListedAccount } from '../config/accounts.ts';
import type { Config } from '../config.ts';
import { accountNamed } from '../kernel/account.ts';
import { HoldshortError } from '../kernel/errors.ts';
import { awsOptions } from './aws-options.ts';
import type { Log } from './log.ts';

/** What is needed of an installation. */
interface Configured {
  readonly config: Config;
  readonly rules: () => Promise<Config>;
}

export interface ConfiguredAccounts extends Accounts {
  listed(): Promise<readonly ListedAccount[] | undefined>;
}

/**
 * The accounts that the configuration lists, by what it says now: one that is added is there at once, and one that is
 * taken out is gone, with the clients that were made for it.
 * @param more what all of their clients are made with
 */
export function accountsOf({ config, rules }: Configured, more: AwsOptions = {}): ConfiguredAccounts {
  const made = new Map<string, Aws>();
  let convention: Aws | undefined;
  const listed = async () => {
    if (config.accounts) return listedIn(await rules());
    // What is wrong with it then stops what rests on it, and nothing else.
    const now = await rules().catch(() => config);
    if (now.accounts) throw restart('lists accounts now, and did not when this was started');
    return undefined;
  };
  const clientsOf = (account: ListedAccount, all: readonly ListedAccount[]) => {
    const keys = new Set(all.map(keyOf));
    for (const key of made.keys()) if (!keys.has(key)) made.delete(key);
    const aws = made.get(keyOf(account)) ?? createAws({ ...more, ...optionsOf(account) });
    made.set(keyOf(account), aws);
    return aws;
  };
  const byConvention = () => {
    convention ??= createAws({ ...awsOptions(config), ...more });
    return convention;
  };
  return {
    listed,
    byConvention,
    async of(id) {
      const all = await listed();
      if (!all) return byConvention();
      const account = all.find((one) => one.id === id);
      if (!account) throw notListed(id);
      return clientsOf(account, all);
    },
  };
}

/**
 * The clients of the account that a person names for a command; of the only one, where they name none.
 * @throws usage
 */
export async function chosenOf(
  { listed, of, byConvention }: ConfiguredAccounts,
  ref: string | undefined,
): Promise<Aws> {
  const all = await listed();
  if (!all && ref === undefined) return byConvention();
  const [only, ...others] = all ?? [];
  const found = ref === undefined && others.length === 0 ? only : accountNamed(all ?? [], ref ?? '');
  if (found) return await of(found.id);
  throw new HoldshortError(
    'usage',
    ref === undefined ? 'several accounts are configured' : `there is no account ${ref}`,
    all ? `say which: ${all.map(({ name }) => `--account ${name}`).join(', ')}` : 'the configuration lists none',
  );
}

export const UNTOLD = 'it can not be told which accounts there are';

/**
 * Each account at the start: as whom it is read, as AWS says it, and whether something could be executed there from
 * here. One that can't be read now may be later: it is told, and nothing else.
 */
export async function tellOfAccounts(
  { log }: { readonly log: Log },
  { listed, of }: ConfiguredAccounts,
): Promise<void> {
  await Promise.all(
    ((await listed()) ?? []).map(async ({ id, name, regions, execution_role_arn: executes_as }) => {
      const about = { account: id, name, regions, executes_as: executes_as ?? null };
      try {
        const { arn } = await (await of(id)).caller();
        log.info({ ...about, reads_as: arn }, 'an account');
      } catch (error) {
        log.warn({ ...about, err: error }, 'an account that can not be read');
      }
    }),
  );
}

/** Taken out whole, the list would leave the credentials of this process, which nobody was given. */
function listedIn({ accounts }: Config): readonly ListedAccount[] {
  if (accounts) return accounts;
  throw restart('lists no accounts any more, and did when this was started');
}

function restart(what: string): HoldshortError {
  return new HoldshortError(
    'config_invalid',
    `the configuration ${what}`,
    'start it again, if that is meant; until then nothing runs here',
  );
}

/** Other roles or regions are other clients. */
function keyOf(account: ListedAccount): string {
  return JSON.stringify([account.id, account.name, optionsOf(account)]);
}

function optionsOf({ id, name, regions, ...roles }: ListedAccount): AwsOptions {
  return {
    only: { id, name, regions },
    readRoleArn: roles.read_role_arn,
    executionRoleArn: roles.execution_role_arn,
    externalId: roles.external_id,
  };
}
