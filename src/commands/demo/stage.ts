import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { policyText } from '../../policy/default.ts';
import { EXAMPLE_CREDENTIALS, startExampleCloud } from '../example-cloud.ts';

/** Where the story plays: an embedded cloud and an installation of its own, both gone afterwards. */
export interface Stage {
  readonly home: string;
  readonly env: Record<string, string>;
  readonly command: readonly string[];
  /** Ends the commands that run here; none begins after that. */
  readonly signal: AbortSignal;
  /** Runs one of our commands to its end; its output is returned, or goes to the person when `person` is there. */
  run(
    args: readonly string[],
    person?: boolean,
    more?: Record<string, string>,
  ): Promise<{ readonly code: number; readonly output: string }>;
  close(): Promise<void>;
}

const CONFIG = `environments:
  - name: development
    match: { stack_names: ["dev-*"] }
policy: ./policy.cedar
`;

export async function setStage(signal: AbortSignal): Promise<Stage> {
  const cloud = await startExampleCloud();
  const home = mkdtempSync(join(tmpdir(), 'holdshort-demo-'));
  writeFileSync(join(home, 'config.yaml'), CONFIG);
  // A passkey needs a browser and a person; the story must run in a pipe as well.
  writeFileSync(join(home, 'policy.cedar'), policyText('key'));
  const env: Record<string, string> = {
    ...Object.fromEntries(
      Object.entries(process.env).filter((pair): pair is [string, string] => pair[1] !== undefined),
    ),
    HOLDSHORT_HOME: home,
    AWS_ENDPOINT_URL: cloud.endpoint,
    AWS_REGION: cloud.region,
    AWS_ACCESS_KEY_ID: EXAMPLE_CREDENTIALS.accessKeyId,
    AWS_SECRET_ACCESS_KEY: EXAMPLE_CREDENTIALS.secretAccessKey,
  };
  // A profile of the user's would win over the credentials above, and the story must never reach a real account.
  for (const name of [
    'AWS_PROFILE',
    'AWS_DEFAULT_PROFILE',
    'AWS_SESSION_TOKEN',
    'AWS_ENDPOINT_URL_EC2',
    'AWS_ENDPOINT_URL_CLOUDFORMATION',
    'AWS_ENDPOINT_URL_STS',
    'AWS_IGNORE_CONFIGURED_ENDPOINT_URLS',
    'HOLDSHORT_APPROVER',
  ])
    delete env[name];
  const command = [process.argv[1] ?? 'dist/cli.js'];
  return {
    home,
    env,
    command,
    signal,
    run: (args, person = false, more = {}) => run([...command, ...args], { ...env, ...more }, person, signal),
    async close() {
      await cloud.close();
      rmSync(home, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

async function run(
  args: readonly string[],
  env: Record<string, string>,
  person: boolean,
  signal: AbortSignal,
): Promise<{ code: number; output: string }> {
  signal.throwIfAborted();
  const child = spawn(process.execPath, args, { env, stdio: person ? 'inherit' : ['ignore', 'pipe', 'pipe'] });
  const end = () => child.kill();
  signal.addEventListener('abort', end);
  try {
    const ended = await endOf(child);
    signal.throwIfAborted();
    return ended;
  } finally {
    signal.removeEventListener('abort', end);
  }
}

function endOf(child: ChildProcess): Promise<{ code: number; output: string }> {
  return new Promise((resolve, reject) => {
    let output = '';
    child.stdout?.on('data', (chunk) => {
      output += chunk;
    });
    child.stderr?.on('data', (chunk) => {
      output += chunk;
    });
    child.once('error', reject);
    child.once('close', (code) => resolve({ code: code ?? 1, output }));
  });
}
