import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Tool } from '../../tools/define.ts';
import { oneAccount, onlyGranted } from '../aws/accounts.ts';
import { createAws } from '../aws/index.ts';
import type { Executor } from '../executor/executor.ts';
import { accountNamed } from '../kernel/account.ts';
import { HoldshortError } from '../kernel/errors.ts';
import type { Notifier } from '../notify/notifier.ts';
import type { CommandResult } from '../present/command-result.ts';
import type { ServerContext } from '../server/context.ts';
import { serveAgent } from '../server/mcp.ts';
import { accountsOf } from './accounts.ts';
import { requireAnchor } from './anchor-needed.ts';
import { endUnread } from './closed-streams.ts';
import { type Installation, SOFTWARE } from './installation.ts';
import { enrolledHere, warnOfOperator } from './operator.ts';
import { stdio } from './stdio.ts';

/** The executor is loaded and starts a moment later: answering the client comes first. */
const EXECUTOR_DELAY_MS = 1_000;

/** A program that was put in the place of this one, while it started, has other files; that doesn't pass by itself. */
const NO_EXECUTOR =
  'the executor could not be started, and this server runs nothing that is approved; it tries again. Where that goes on, start it again, or run `holdshort executor`';
const TRIED_AGAIN_MS = 30_000;

/** @returns undefined where `signal` ended it before */
async function untilStarted<T>(
  start: () => Promise<T>,
  signal: AbortSignal,
  failed: (error: unknown) => void,
): Promise<T | undefined> {
  while (!signal.aborted) {
    try {
      return await start();
    } catch (error) {
      failed(error);
    }
    await sleep(TRIED_AGAIN_MS, undefined, { signal }).catch(() => undefined);
  }
  return undefined;
}

interface AgentOptions {
  /** Only these are offered; undefined: all. */
  readonly toolsets: ReadonlySet<string> | undefined;
  readonly readOnly: boolean;
  readonly agent: string;
  readonly operator: string;
}

interface ServeOptions extends AgentOptions {
  readonly executor: boolean;
  readonly sandbox: boolean;
  /** The accounts that its agent may ask about, by id or name; none: the only one that is listed. */
  readonly accounts: readonly string[];
}

export async function serve(installation: Installation, options: ServeOptions): Promise<CommandResult> {
  const { log } = installation;
  if (options.executor) requireAnchor(installation);
  const session = `ses_${randomBytes(8).toString('hex')}`;
  const { agent, operator } = options;
  const store = installation.store.forAgent({ agent, operator, session });
  // After the store: where that can't be opened, there is nothing to play in, and an open server would keep this
  // process.
  const sandbox = options.sandbox ? await startExample() : undefined;
  const all = sandbox ? oneAccount(createAws(sandbox)) : accountsOf(installation);
  const accounts = onlyGranted(all, grantedIn(installation, options.accounts));
  const context = await contextOf(installation, { session, store, accounts }, options);
  const closing = new AbortController();
  let executing: Promise<Executor | undefined> | undefined;
  let notifying: Promise<Notifier | undefined> | undefined;
  const afterStart = () => {
    // The agent's server goes on: what is approved waits, for another executor too.
    if (options.executor) {
      const { signal } = closing;
      executing = untilStarted(
        async () => (await import('./executor.ts')).executorFor(installation, all),
        signal,
        (err) => log.error({ err }, NO_EXECUTOR),
      );
      notifying = untilStarted(
        async () => (await import('./notifier.ts')).notifierFor(installation),
        signal,
        (err) =>
          log.error({ err }, 'nobody is notified: what is needed for it could not be started; it is tried again'),
      );
    }
    warnOfOperator(installation, context).catch((error) =>
      log.warn({ err: error }, 'it can not be told who is enrolled'),
    );
  };
  const timer = setTimeout(afterStart, EXECUTOR_DELAY_MS);

  const { transport, ended } = stdio();
  const close = serveAgent(context, transport);
  const exit = await ended;
  clearTimeout(timer);
  await close();
  closing.abort();
  await (await notifying)?.stop();
  await (await executing)?.stop();
  await sandbox?.close();
  endUnread();
  return { data: {}, text: '', exit };
}

/**
 * An agent on this machine may ask about the accounts that it was started with. Where one is listed there is nothing
 * to choose; where several are, and none is named, someone forgot to say which: it isn't all of them.
 * @throws usage
 */
function grantedIn({ config }: Installation, given: readonly string[]): readonly string[] {
  const listed = config.accounts ?? [];
  const wrong = given.find((ref) => !accountNamed(listed, ref));
  if (wrong === undefined && (given.length > 0 || listed.length < 2))
    return given.length > 0 ? given : listed.map(idOf);
  throw new HoldshortError(
    'usage',
    wrong === undefined
      ? 'several accounts are configured, and none is given to this agent'
      : `there is no account ${wrong}`,
    listed.length === 0
      ? 'leave --account out: the configuration lists none'
      : `name each that the agent may ask about: ${listed.map(({ name }) => `--account ${name}`).join(' ')}`,
  );
}

const idOf = ({ id }: { readonly id: string }) => id;

/** What a server of this installation works with in one session. */
export async function contextOf(
  installation: Installation,
  { session, store, accounts }: Pick<ServerContext, 'session' | 'store' | 'accounts'>,
  options: AgentOptions,
): Promise<ServerContext> {
  const { toolsets, readOnly } = options;
  const tools = (await installation.tools()).filter(
    (tool) =>
      (!toolsets || tool.toolset === 'tickets' || toolsets.has(tool.toolset)) && (!readOnly || isReadOnly(tool)),
  );
  return {
    agent: options.agent,
    operator: options.operator,
    session,
    software: SOFTWARE,
    tools,
    store,
    accounts,
    policy: installation.policy,
    rules: installation.rules,
    kits: installation.kits,
    // Of the executor's side nothing gets in here: it reads what a kit is made from, and plays that elsewhere.
    rehearse: async (plan) => {
      const { rehearse } = await import('../rehearsal/rehearse.ts');
      const { keepers } = await accounts.of(plan.account);
      return await rehearse(plan, { keepers, now: store.now });
    },
    hideSecret: installation.hideSecret,
    command: installation.command,
    reviewUrl: installation.reviewUrl,
    enrolled: enrolledHere(installation, store),
    newTicketBytes: () => randomBytes(20),
    log: installation.log,
    telemetry: installation.telemetry,
  };
}

function isReadOnly(tool: Tool): boolean {
  return tool.kind === 'read' || (tool.kind === 'ticket' && tool.readOnly);
}

async function startExample() {
  const { startExampleCloud } = await import('./example-cloud.ts');
  return await startExampleCloud({ ownAccount: true });
}
