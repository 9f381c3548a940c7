import { spawn } from 'node:child_process';
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

export async function setStage(): Promise<Stage> {
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
    run: (args, person = false, more = {}) => run([...command, ...args], { ...env, ...more }, person),
    async close() {
      await cloud.close();
      rmSync(home, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

function run(
  args: readonly string[],
  env: Record<string, string>,
  person: boolean,
): Promise<{ code: number; output: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, { env, stdio: person ? 'inherit' : ['ignore', 'pipe', 'pipe'] });
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
