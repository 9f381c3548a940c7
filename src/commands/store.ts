import { configuredStore } from '../config/store.ts';
import { HoldshortError } from '../kernel/errors.ts';
import { safeText } from '../kernel/safe-text.ts';
import { type CommandResult, EXIT } from '../present/command-result.ts';
import { connectionTo } from '../store/postgres/address.ts';
import { checkStore, migrateStore } from '../store/postgres/upkeep.ts';
import type { LookOptions } from './options.ts';
import { storeAddress } from './store-address.ts';

/**
 * For a command that opens no installation: the configuration is read only where nothing else names a store.
 * @throws config_invalid, usage
 */
export async function addressFor({ config, sandbox = false, store: given, env }: LookOptions) {
  const first = storeAddress({ given, env, configured: undefined, sandbox });
  return sandbox ? undefined : (first ?? (await configuredStore(env, config)));
}

/** @throws usage where none is named */
export async function requireAddress(given: string | undefined, start: LookOptions): Promise<string> {
  const address = given ?? (await addressFor({ ...start, sandbox: false }));
  if (address !== undefined) return address;
  throw new HoldshortError(
    'usage',
    'no database is named',
    'give its address, postgres://LOGIN@HOST/DATABASE, or set HOLDSHORT_STORE or `store` in the configuration to it',
  );
}

/** `store migrate`: by someone who may create roles and schemas there. */
export async function storeMigrate(address: string): Promise<CommandResult> {
  const { from, to } = await migrateStore(connectionTo(address));
  const done = from === to ? `The schema is ${to} already.` : `The schema is ${to} now; it was ${from || 'not there'}.`;
  return {
    data: { from, to },
    text: `${done}\nGive each login the roles that it needs, and no more: GRANT holdshort_agent TO hub (docs/store.md).`,
    exit: EXIT.done,
  };
}

/** `store check`: what a process with this login would find, and what in the database isn't as it was made. */
export async function storeCheck(address: string): Promise<CommandResult> {
  const { faults, ...standing } = await checkStore(connectionTo(address));
  const { login, roles, server, schema, size } = standing;
  return {
    data: { ...standing, faults },
    text: [
      `PostgreSQL ${safeText(server)}, schema ${schema}, ${size} entries in the log.`,
      `The login ${safeText(login)} has ${roles.length > 0 ? `the roles ${roles.join(', ')}` : 'no role of ours: it can do nothing here'}.`,
      ...(faults.length > 0 ? faults.map((fault) => `not as it was made: ${safeText(fault)}`) : ['Nothing is wrong.']),
    ].join('\n'),
    exit: faults.length > 0 ? EXIT.unverified : EXIT.done,
  };
}
