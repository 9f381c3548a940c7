import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { readPinned } from '../../approvals/keys/pinned.ts';
import { Region } from '../../tools/fields.ts';
import { schemaDigestOf } from '../../tools/schema.ts';
import type { Accounts } from '../aws/accounts.ts';
import { type Executor, startExecutor } from '../executor/executor.ts';
import { HoldshortError } from '../kernel/errors.ts';
import { type CommandResult, EXIT } from '../present/command-result.ts';
import { accountsOf, tellOfAccounts, UNTOLD } from './accounts.ts';
import { requireAnchor } from './anchor-needed.ts';
import { endUnread } from './closed-streams.ts';
import { executedTickets } from './executed.ts';
import type { Installation } from './installation.ts';
import { laneFiles } from './lane-files.ts';
import { notifierFor } from './notifier.ts';

/**
 * An executor on this installation's store. Change tools are looked up by the name and schema that a plan was made
 * with.
 */
export async function executorFor(
  installation: Installation,
  accounts: Accounts,
  regions: readonly string[] = [],
): Promise<Executor> {
  requireAnchor(installation);
  const tools = await installation.tools();
  const id = `exe_${randomBytes(8).toString('hex')}`;
  return startExecutor({
    id,
    regions,
    store: installation.store.forExecutor(id),
    awsOf: accounts.of,
    toolOf: (name) => {
      const tool = tools.find((known) => known.name === name);
      return tool?.kind === 'change' ? { tool, schema: schemaDigestOf(tool) } : undefined;
    },
    policy: installation.policy,
    rules: installation.rules,
    executed: executedTickets(installation.config.keysDir, installation.anchor?.begun),
    kits: installation.kits,
    pinned: () => readPinned(installation.config.keysDir),
    makers: installation.makers,
    logins: installation.logins.logins,
    log: installation.log,
    lanes: laneFiles(join(installation.config.stateDir, 'lanes')),
    telemetry: installation.telemetry,
  });
}

/** Until then it has looked for what waited. */
const IDLE_MS = 1_000;

/** The first kit would wait for parts of Node's own that are loaded when they are first used. */
async function sealedNothing(): Promise<void> {
  const { newIdentity, readerOf, seal } = await import('../kits/sealed.ts');
  await seal('', [await readerOf(await newIdentity())]);
}

/**
 * What carrying out a ticket takes is loaded while there is none: a person who approves the first one doesn't wait for
 * that. (A server with an executor has planned by then, and has most of it.)
 */
async function loadAhead({ policy, log }: Installation): Promise<void> {
  const parts = [policy(), import('../aws/services.ts'), import('../aws/request/clients.ts'), sealedNothing()];
  // A policy that can't be read is told of by each ticket that waits for it.
  for (const part of await Promise.allSettled(parts))
    if (part.status === 'rejected') log.warn({ err: part.reason }, 'could not be loaded ahead');
}

/**
 * @param given the only regions whose tickets it takes; absent: those of all
 * @throws usage
 */
export async function runExecutor(installation: Installation, given?: readonly string[]): Promise<CommandResult> {
  const regions = regionsIn(given);
  const accounts = accountsOf(installation);
  const executor = await executorFor(installation, accounts, regions);
  tellOfAccounts(installation, accounts).catch((error) => installation.log.warn({ err: error }, UNTOLD));
  const ahead = setTimeout(() => void loadAhead(installation), IDLE_MS);
  const notifier = notifierFor(installation);
  const database = installation.storeAddress ?? installation.config.database;
  installation.log.info({ database }, 'executing approved tickets; Ctrl-C stops');
  await new Promise<void>((resolve) => {
    process.once('SIGINT', () => resolve());
    process.once('SIGTERM', () => resolve());
  });
  clearTimeout(ahead);
  await notifier?.stop();
  await executor.stop();
  endUnread();
  return { data: {}, text: '', exit: EXIT.done };
}

/** One that there isn't would leave every ticket to others, in silence. @throws usage */
function regionsIn(given: readonly string[] = []): readonly string[] {
  const wrong = given.find((name) => !Region.safeParse(name).success);
  if (wrong === undefined) return given;
  throw new HoldshortError('usage', `${wrong} is not a region`, 'name it as AWS does: eu-west-1');
}
