import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FaultRule } from '../../src/sandbox/faults.ts';
import type { SandboxSeed } from '../../src/sandbox/seed.ts';
import { startSandbox } from '../../src/sandbox/server.ts';
import { CLI, stop } from './front-door.ts';

/** The embedded cloud with its control plane: what was asked of it, and faults to order. */
export interface Cloud {
  readonly endpoint: string;
  /** Every API request it received, oldest first; of one action if given. */
  requests(action?: string): Promise<readonly CloudRequest[]>;
  /** Answers once `count` requests of the action have arrived. */
  arrived(action: string, count?: number): Promise<readonly CloudRequest[]>;
  /** Orders a fault for calls to come: the next of an action, or those that the rule names. */
  fault(rule: FaultRule): Promise<void>;
  /** Lets go what a fault holds back, of one action if given. */
  release(action?: string): Promise<void>;
  /** Orders something to happen in the cloud: `drift` or `refusals`, see the sandbox's README. */
  order(path: 'drift' | 'refusals', body: object): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

export interface CloudRequest {
  readonly seq: number;
  /** ISO 8601 */
  readonly at: string;
  readonly action: string;
  readonly region: string;
  readonly parameters: Record<string, unknown>;
  /** Absent for S3. */
  readonly user_identity?: {
    readonly accessKeyId: string;
    readonly arn?: string;
    readonly sessionContext?: { readonly sourceIdentity?: string };
  };
  /** The code of an answer that was an error. */
  readonly error?: string;
}

/** In this process: for tests. */
export async function startCloud(
  seed: SandboxSeed = {},
  options: { latencyMs?: number; now?: () => number; accounts?: Readonly<Record<string, SandboxSeed>> } = {},
): Promise<Cloud> {
  const sandbox = await startSandbox({ seed: { region: 'eu-west-1', ...seed }, latencyMs: 20, ...options });
  return controlled(sandbox.endpoint, () => sandbox.close());
}

/** In a process of its own, through the command: for timings. */
export async function startSandboxProcess(seed: SandboxSeed): Promise<Cloud> {
  const folder = mkdtempSync(join(tmpdir(), 'holdshort-cloud-'));
  writeFileSync(join(folder, 'seed.json'), JSON.stringify({ region: 'eu-west-1', ...seed }));
  const child = spawn(process.execPath, [CLI, 'sandbox', '--seed', join(folder, 'seed.json')], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const endpoint = await new Promise<string>((resolve, reject) => {
    let said = '';
    child.once('exit', (code) => reject(new Error(`the sandbox ended with ${code}: ${said}`)));
    child.stdout.on('data', (chunk: Buffer) => {
      said += chunk;
      const found = /http:\/\/[\d.]+:\d+/.exec(said)?.[0];
      if (found) resolve(found);
    });
  });
  return controlled(endpoint, async () => {
    await stop(child);
    rmSync(folder, { recursive: true });
  });
}

function controlled(endpoint: string, close: () => Promise<void>): Cloud {
  const requests = async (query: string): Promise<readonly CloudRequest[]> =>
    (await (await fetch(`${endpoint}/_sandbox/requests${query}`)).json()) as CloudRequest[];
  const order = async (path: string, body?: object) => {
    const answer = await fetch(`${endpoint}/_sandbox/${path}`, { method: 'POST', body: JSON.stringify(body ?? {}) });
    if (!answer.ok) throw new Error(await answer.text());
  };
  return {
    endpoint,
    requests: (action) => requests(action ? `?action=${action}` : ''),
    arrived: (action, count = 1) => requests(`?action=${action}&count=${count}&wait=30000`),
    fault: (rule) => order('faults', rule),
    release: (action) => order(`release${action ? `?action=${action}` : ''}`),
    order,
    [Symbol.asyncDispose]: close,
  };
}
