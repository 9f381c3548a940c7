import { randomBytes } from 'node:crypto';
import { basename } from 'node:path';
import { Client, InMemoryTransport } from '@modelcontextprotocol/client';
import { Command } from 'commander';
import { registerApprovalCommands } from '../../approvals/cli/register.ts';
import { recordRequest } from '../../approvals/people/requests.ts';
import { believe } from '../../src/audit/believe.ts';
import type { Accounts } from '../../src/aws/accounts.ts';
import { accountsOf } from '../../src/commands/accounts.ts';
import { deskOf } from '../../src/commands/desk.ts';
import { executorFor } from '../../src/commands/executor.ts';
import { type Installation, openInstallation, POLICY_ACTIONS } from '../../src/commands/installation.ts';
import { enrolledHere } from '../../src/commands/operator.ts';
import { jsonOption, type RunOptions } from '../../src/commands/options.ts';
import { registerPolicy } from '../../src/commands/policy-register.ts';
import { contextOf } from '../../src/commands/serve.ts';
import { verify } from '../../src/commands/verify.ts';
import { policySource } from '../../src/config/policy-source.ts';
import { operatorFor } from '../../src/kernel/bindings.ts';
import { HoldshortError } from '../../src/kernel/errors.ts';
import type { Identity } from '../../src/kernel/identity.ts';
import { asciiJson } from '../../src/kernel/plan.ts';
import type { Signed } from '../../src/kernel/statement.ts';
import { ticketIdFrom } from '../../src/kernel/ticket.ts';
import type { Restores } from '../../src/kernel/undo.ts';
import { type CommandResult, EXIT, exitCodeOf } from '../../src/present/command-result.ts';
import { placed } from '../../src/server/account.ts';
import type { PlacedContext } from '../../src/server/context.ts';
import { serveAgent } from '../../src/server/mcp.ts';
import { type Proposal, planAndOpen } from '../../src/server/planning.ts';
import { restoring } from '../../src/server/restoring.ts';
import type { StoredTicket } from '../../src/store/port.ts';
import type { ChangeTool } from '../../tools/define.ts';
import { terminalOf } from './answers.ts';
import { type Agent, type Place, type Ran, REASON } from './front-door.ts';
import { engineOf } from './policy.ts';

/*
 * What leads to that which is tested, in this process: the same commands, servers and executors as the built command
 * wires them, on a place's own files, without a process for each.
 */

type Where = Pick<Place, 'env'>;

const withMessage = (_key: string, value: unknown) =>
  value instanceof Error ? { ...value, message: value.message } : value;

/** @param say takes each line of its log */
async function opened({ env }: Where, say: (level: number, text: string) => void = () => {}): Promise<Installation> {
  const installation = await openInstallation({ where: 'anywhere', env });
  const at =
    (level: number) =>
    (...line: readonly unknown[]) =>
      say(level, line.map((part) => (typeof part === 'string' ? part : JSON.stringify(part, withMessage))).join(' '));
  const parts = {
    log: { info: at(30), warn: at(40), error: at(50) },
    policy: async () => {
      const { source, ...text } = await policySource(await installation.rules());
      // By its name alone, so that the same text in many places is loaded once.
      return await engineOf({ ...text, source: basename(source), actions: POLICY_ACTIONS });
    },
  };
  // The store is a getter, and is opened when it is first asked for.
  return Object.create(installation, Object.getOwnPropertyDescriptors(parts));
}

function accountsIn({ env }: Where, installation: Installation): Accounts {
  const { AWS_ENDPOINT_URL: endpoint, AWS_REGION: region } = env;
  const credentials = {
    accessKeyId: env.AWS_ACCESS_KEY_ID ?? '',
    secretAccessKey: env.AWS_SECRET_ACCESS_KEY ?? '',
  };
  return accountsOf(installation, { endpoint, region, credentials });
}

/** A command of people, run to its end: `approve`, `tickets`, `approvers`, `policy`, `audit verify` and their like. */
export async function here(place: Where, args: readonly string[]): Promise<Ran> {
  const ran = { code: EXIT.done as number, stdout: '', stderr: '' };
  const print = (result: CommandResult | undefined, json = false) => {
    if (!result) return;
    const text = json ? asciiJson(result.data) : result.text;
    if (text !== '') ran.stdout += `${text}\n`;
    ran.code = result.exit;
  };
  const failed = (error: HoldshortError) => {
    ran.stderr += `holdshort: ${error.message}\n  ${error.recovery}\n`;
    ran.code = exitCodeOf(error.code);
  };
  const run = async (options: RunOptions, work: (installation: Installation) => Promise<CommandResult | undefined>) => {
    const installation = await opened(place);
    try {
      print(await work(installation), options.json);
      const problem = await installation.headProblem();
      if (problem) failed(problem);
    } finally {
      await installation.close();
    }
  };
  const program = new Command('holdshort').exitOverride();
  const show = (text: string) => {
    ran.stdout += `${text}\n`;
  };
  registerApprovalCommands(program, (options, command) =>
    run(options, async (installation) => {
      const { env, osUser } = installation;
      const terminal = { ...terminalOf(undefined), show };
      return await command({ ...deskOf(installation), osUser, env, terminal, paint: undefined });
    }),
  );
  registerPolicy(program, run);
  program
    .command('audit')
    .command('verify')
    .addOption(jsonOption())
    .action(async ({ json }: { json?: boolean }) => print(await verify({ env: place.env, sandbox: false }), json));
  try {
    await program.parseAsync(args, { from: 'user' });
  } catch (error) {
    if (!(error instanceof HoldshortError)) throw error;
    failed(error);
  }
  return ran;
}

/** Runs it, and it must succeed. */
export async function done(place: Where, ...args: readonly string[]): Promise<Ran> {
  const ran = await here(place, args);
  if (ran.code !== EXIT.done) throw new Error(`${args.join(' ')}: exit ${ran.code}: ${ran.stdout}${ran.stderr}`);
  return ran;
}

export function approve(place: Where, { id, digest }: { id: string; digest: string }, as: string): Promise<Ran> {
  return here(place, ['approve', id, '--yes', '--digest', digest, '--as', as]);
}

/** Enrols an approver without a passphrase. */
export async function enroll(place: Where, name: string, as?: string): Promise<void> {
  await done(place, 'approvers', 'enroll', name, '--no-passphrase', ...(as ? ['--as', as] : []));
}

/** What someone asks on the page to be enrolled with, made by hand. */
export async function requested(place: Where, signed: Signed): Promise<void> {
  const installation = await opened(place);
  try {
    await recordRequest(deskOf(installation), signed, 'page');
  } finally {
    await installation.close();
  }
}

/** An executor, until it is stopped. */
export interface Executing {
  /** What it logged as errors so far. */
  readonly said: () => string;
  /** It ends as on Ctrl-C: what it began is finished. */
  stop(): Promise<void>;
}

/** @param env what differs from the place's own: another endpoint */
export async function executing(place: Place, env: Readonly<Record<string, string>> = {}): Promise<Executing> {
  const where = { env: { ...place.env, ...env } };
  let said = '';
  const installation = await opened(where, (level, text) => {
    if (level >= 50) said += `${text}\n`;
  });
  const executor = await executorFor(installation, accountsIn(where, installation));
  const stop = once(async () => {
    await executor.stop();
    await installation.close();
  });
  place.atEnd(stop);
  return { said: () => said, stop };
}

interface Serving {
  readonly agent?: string;
  readonly operator?: string;
  /** As whom an issuer knows the person that it works for, as a hub has it from a token. */
  readonly identity?: Identity;
  /** What differs from the place's own. */
  readonly env?: Readonly<Record<string, string>>;
}

/** An agent: a real MCP client and the server of `serve --no-executor`, without a process between them. */
export async function agentHere(place: Place, serving: Serving = {}): Promise<Agent> {
  const { installation, context } = await serverOf(place, serving);
  const [mine, its] = InMemoryTransport.createLinkedPair();
  const close = serveAgent(context, its);
  const client = new Client({ name: 'front-door', version: '1.0.0' });
  await client.connect(mine);
  const end = once(async () => {
    await client.close();
    await close();
    await installation.close();
  });
  place.atEnd(end);
  return {
    client,
    pid: process.pid,
    call: async (name, args = {}) => (await client.callTool({ name, arguments: args })).structuredContent,
    close: end,
  };
}

async function serverOf(place: Place, { agent = 'agent', operator, identity, env }: Serving) {
  const where = { env: { ...place.env, ...env } };
  const installation = await opened(where);
  const { store: reading } = installation;
  const registry = identity && (await enrolledHere(installation, reading.forApprover())());
  const by = identity && registry ? operatorFor(registry, identity) : (operator ?? installation.osUser);
  const options = { agent, operator: by, toolsets: undefined, readOnly: false };
  const session = `ses_${randomBytes(8).toString('hex')}`;
  const store = installation.store.forAgent({ agent, operator: by, session });
  const context = await contextOf(installation, { session, store, accounts: accountsIn(where, installation) }, options);
  return { installation, context: { ...context, identity } };
}

/** Opens tickets as servers do whose clients don't wait for what comes of their calls, each for an agent of its own. */
export interface Asking {
  ask(agent: string, tool: string, args: Readonly<Record<string, unknown>>): Promise<StoredTicket>;
  /** … what brings back a part of what a ticket changed. */
  restore(agent: string, ticket: string, part: number): Promise<StoredTicket>;
}

export async function askingHere(place: Place): Promise<Asking> {
  const { installation, context } = await serverOf(place, {});
  place.atEnd(once(() => installation.close()));
  // Makes the database, so that there is one to look at.
  await context.store.news();
  const { operator, session } = context;
  const asking = (agent: string) => ({
    ...{ ...context, agent },
    store: installation.store.forAgent({ agent, operator, session }),
  });

  async function open(there: PlacedContext, tool: ChangeTool, input: Proposal['input'], restores?: Restores) {
    const { agent, store } = there;
    const given = input as { readonly region?: string };
    const [at, region] = [await store.now(), given.region ?? (await there.aws.defaultRegion())];
    const draft = {
      ...{ agent, operator, session, tool: tool.name, region, reason: REASON },
      ...{ created_at: at, expires_at: new Date(Date.parse(at) + 3_600_000).toISOString() },
    };
    const id = ticketIdFrom(context.newTicketBytes());
    return await planAndOpen(there, { id, tool, input, draft, restores, given_up: new AbortController() });
  }
  return {
    async ask(agent, name, args) {
      const tool = context.tools.find((known) => known.name === name);
      if (tool?.kind !== 'change') throw new Error(`${name} changes nothing`);
      const { account, ...given } = args;
      const input = tool.input.parse({ ...given, reason: REASON }) as Proposal['input'];
      return await open(await placed(asking(agent), { account, region: input.region }), tool, input);
    },
    async restore(agent, ticket, part) {
      const by = asking(agent);
      const source = believe(await installation.store.forApprover().ticket(ticket));
      const { there, tool, input, restores } = await restoring(source, { part, reason: REASON }, by);
      return await open(there, tool, input, restores);
    },
  };
}

function once(work: () => Promise<void>): () => Promise<void> {
  let done: Promise<void> | undefined;
  return () => {
    done ??= work();
    return done;
  };
}
