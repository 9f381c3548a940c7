import { randomBytes } from 'node:crypto';
import type { Tool } from '../../tools/define.ts';
import { type Aws, createAws } from '../aws/index.ts';
import type { CommandResult } from '../present/command-result.ts';
import type { ServerContext } from '../server/context.ts';
import { serveAgent } from '../server/mcp.ts';
import { requireAnchor } from './anchor-needed.ts';
import { awsOptions } from './aws-options.ts';
import { type Installation, SOFTWARE } from './installation.ts';
import { enrolledHere, warnOfOperator } from './operator.ts';
import { stdio } from './stdio.ts';

/** The executor is loaded and starts a moment later: answering the client comes first. */
const EXECUTOR_DELAY_MS = 1_000;

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
}

export async function serve(installation: Installation, options: ServeOptions): Promise<CommandResult> {
  const { config, log } = installation;
  if (options.executor) requireAnchor(installation);
  const session = `ses_${randomBytes(8).toString('hex')}`;
  const { agent, operator } = options;
  const store = installation.store.forAgent({ agent, operator, session });
  // After the store: where that can't be opened, there is nothing to play in, and an open server would keep this
  // process.
  const sandbox = options.sandbox ? await startExample() : undefined;
  const aws = createAws(sandbox ?? awsOptions(config));
  const context = await contextOf(installation, { session, store, aws }, options);
  let executing: ReturnType<typeof startExecutor> | undefined;
  const startExecutor = async () => {
    const [{ executorFor }, { notifierFor }] = await Promise.all([import('./executor.ts'), import('./notifier.ts')]);
    return { executor: await executorFor(installation, aws), notifier: notifierFor(installation) };
  };
  const afterStart = () => {
    if (options.executor) executing = startExecutor();
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
  const { executor, notifier } = (await executing) ?? {};
  await notifier?.stop();
  await executor?.stop();
  await sandbox?.close();
  return { data: {}, text: '', exit };
}

/** What a server of this installation works with in one session. */
export async function contextOf(
  installation: Installation,
  { session, store, aws }: Pick<ServerContext, 'session' | 'store'> & { readonly aws: Aws },
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
    aws,
    policy: installation.policy,
    rules: installation.rules,
    kits: installation.kits,
    // Of the executor's side nothing gets in here: it reads what a kit is made from, and plays that elsewhere.
    rehearse: async (plan) => {
      const { rehearse } = await import('../rehearsal/rehearse.ts');
      return await rehearse(plan, { keepers: aws.keepers, now: store.now });
    },
    hideSecret: installation.hideSecret,
    command: installation.command,
    reviewUrl: installation.reviewUrl,
    enrolled: enrolledHere(installation, store),
    newTicketBytes: () => randomBytes(20),
    log: installation.log,
  };
}

function isReadOnly(tool: Tool): boolean {
  return tool.kind === 'read' || (tool.kind === 'ticket' && tool.readOnly);
}

async function startExample() {
  const { startExampleCloud } = await import('./example-cloud.ts');
  return await startExampleCloud({ ownAccount: true });
}
