import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Client, type ClientOptions } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { policyText } from '../../src/policy/default.ts';
import { dropDatabase, newDatabase, OF_STORE } from './postgres.ts';

/** The built command, as a user runs it. */
export const CLI = resolve('dist/cli.js');

/** One installation: its own folder, its own AWS endpoint, nothing inherited from the machine. */
export interface Place {
  readonly home: string;
  /** The file of its store, or the address of its database. */
  readonly database: string;
  readonly env: Record<string, string>;
  /** Runs a command to its end. */
  cli(
    args: readonly string[],
    options?: { readonly env?: Record<string, string>; readonly input?: string },
  ): Promise<Ran>;
  /** The same with `--json`, parsed. */
  json(args: readonly string[]): Promise<any>;
  /** Starts a command that runs until it is stopped; ended with the place. */
  start(args: readonly string[], env?: Record<string, string>): ChildProcess;
  /** An agent: a real MCP client on a real `serve` process. */
  agent(args?: readonly string[], options?: AgentOptions): Promise<Agent>;
  /** What else ends with the place: what a test opened in it in its own process. */
  atEnd(close: () => Promise<void>): void;
  [Symbol.asyncDispose](): Promise<void>;
}

export interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

interface AgentOptions {
  readonly client?: ClientOptions;
  readonly env?: Record<string, string>;
  readonly command?: string;
  readonly prepare?: (client: Client) => void;
}

export interface Agent {
  readonly client: Client;
  readonly pid: number;
  /** Calls a tool and returns its structured content. */
  call(name: string, args?: Record<string, unknown>): Promise<any>;
  close(): Promise<void>;
}

export const REASON = 'A test of Holdshort needs this change to happen.';

/**
 * The default policy, except that production takes a key file: for tests that are not about how a person proves to be
 * there, and in which nobody has a browser.
 */
export const KEY_IN_PRODUCTION = policyText('key');

/** The line of a configuration that names it. */
export const TAKES_KEY = 'policy: ./policy.cedar\n';

/** Where processes of this run keep what V8 compiled (`test/require-build.ts`). */
const { NODE_COMPILE_CACHE } = process.env;
const COMPILED = NODE_COMPILE_CACHE === undefined ? {} : { NODE_COMPILE_CACHE };

interface PlaceOptions {
  readonly endpoint?: string;
  readonly config?: string;
  readonly env?: Record<string, string>;
  /** Policy is `KEY_IN_PRODUCTION`, by a file that the configuration names. */
  readonly production?: 'key';
}

export function makePlace(options: PlaceOptions = {}): Place {
  const home = mkdtempSync(join(tmpdir(), 'holdshort-test-'));
  const takesKey = options.production === 'key';
  const database = newDatabase();
  const config = `${options.config ?? ''}${takesKey ? TAKES_KEY : ''}${OF_STORE}`;
  if (takesKey) writeFileSync(join(home, 'policy.cedar'), KEY_IN_PRODUCTION);
  if (config !== '') writeFileSync(join(home, 'config.yaml'), config);
  mkdirSync(join(home, 'aws'));
  if (database !== undefined) mkdirSync(join(home, 'anchor'), { mode: 0o700 });
  const env: Record<string, string> = {
    PATH: process.env.PATH ?? '',
    HOME: home,
    HOLDSHORT_HOME: home,
    ...(database !== undefined && { HOLDSHORT_STORE: database }),
    AWS_REGION: 'eu-west-1',
    AWS_ACCESS_KEY_ID: 'testing',
    AWS_SECRET_ACCESS_KEY: 'testing',
    AWS_CONFIG_FILE: join(home, 'aws', 'config'),
    AWS_SHARED_CREDENTIALS_FILE: join(home, 'aws', 'credentials'),
    AWS_EC2_METADATA_DISABLED: 'true',
    ...(options.endpoint ? { AWS_ENDPOINT_URL: options.endpoint } : {}),
    ...options.env,
    ...COMPILED,
  };
  const running = new Set<ChildProcess>();
  const agents = new Set<Agent>();
  const ends = new Set<() => Promise<void>>();

  const place: Place = {
    home,
    database: database ?? join(home, 'holdshort.db'),
    env,
    cli: (args, more) => run([CLI, ...args], { ...env, ...more?.env }, more?.input),
    async json(args) {
      const ran = await run([CLI, ...args, '--json'], env);
      if (ran.stdout === '') throw new Error(`${args.join(' ')}: exit ${ran.code}: ${ran.stderr}`);
      return JSON.parse(ran.stdout);
    },
    start(args, more) {
      const child = spawn(process.execPath, [CLI, ...args], {
        env: { ...env, ...more },
        stdio: ['pipe', 'pipe', 'pipe'],
      });
      running.add(child);
      child.once('exit', () => running.delete(child));
      return child;
    },
    async agent(args = [], { client: clientOptions = {}, env: more = {}, command = 'serve', prepare } = {}) {
      const transport = new StdioClientTransport({
        command: process.execPath,
        args: [CLI, command, ...args],
        env: { ...env, ...more },
        stderr: 'ignore',
      });
      const client = new Client({ name: 'front-door', version: '1.0.0' }, clientOptions);
      prepare?.(client);
      await client.connect(transport);
      const agent: Agent = {
        client,
        pid: transport.pid ?? 0,
        call: async (name, args = {}) => (await client.callTool({ name, arguments: args })).structuredContent,
        async close() {
          agents.delete(agent);
          await client.close();
        },
      };
      agents.add(agent);
      return agent;
    },
    atEnd: (close) => void ends.add(close),
    async [Symbol.asyncDispose]() {
      await Promise.all([...ends].map((close) => close()));
      await Promise.all([...agents].map((agent) => agent.close()));
      await Promise.all([...running].map((child) => stop(child)));
      if (database !== undefined) dropDatabase(database);
      rmSync(home, { recursive: true, force: true, maxRetries: 5 });
    },
  };
  return place;
}

export function run(args: readonly string[], env: Record<string, string>, input?: string): Promise<Ran> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, { env, stdio: ['pipe', 'pipe', 'pipe'] });
    let stdout = '';
    let stderr = '';
    child.stdout.on('data', (chunk) => (stdout += chunk));
    child.stderr.on('data', (chunk) => (stderr += chunk));
    child.once('error', reject);
    child.once('close', (code) => resolve({ code: code ?? -1, stdout, stderr }));
    child.stdin.end(input ?? '');
  });
}

/** What it says is kept by nobody: a pipe that is full would keep it from ending. */
export function unheard(child: ChildProcess): ChildProcess {
  child.stdout?.resume();
  child.stderr?.resume();
  return child;
}

export function stop(child: ChildProcess, signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
  return new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) return resolve();
    child.once('exit', () => resolve());
    child.kill(signal);
  });
}

/**
 * Asks again until the answer is as wanted; for what another process does. Gives up with the last answer.
 * @param pause ms between two questions: more where asking costs something
 */
export async function until<T>(
  ask: () => Promise<T> | T,
  wanted: (answer: T) => boolean,
  ms = 120_000,
  pause = 40,
): Promise<T> {
  const deadline = Date.now() + ms;
  for (;;) {
    const answer = await ask();
    if (wanted(answer)) return answer;
    if (Date.now() > deadline) throw new Error(`still not as wanted after ${ms} ms: ${JSON.stringify(answer)}`);
    await new Promise((resolve) => setTimeout(resolve, pause));
  }
}

/** The command; where approving is only what came before, that of `here.ts` is faster. */
export function approve(place: Place, ticket: { id: string; digest: string }, as: string): Promise<Ran> {
  return place.cli(['approve', ticket.id, '--yes', '--digest', ticket.digest, '--as', as]);
}
