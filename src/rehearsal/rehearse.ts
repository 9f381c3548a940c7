import { Worker } from 'node:worker_threads';
import { hideCredentials } from '../../tools/ports/credentials.ts';
import type { Keepers } from '../../tools/ports/keepers.ts';
import { sha256 } from '../kernel/digest.ts';
import { HoldshortError } from '../kernel/errors.ts';
import type { Rehearsable } from '../kernel/plan.ts';
import type { Rehearsal } from '../kernel/rehearsal.ts';
import { bounded } from '../kernel/safe-text.ts';
import { boundedFindings } from './bounded.ts';
import { copied } from './copied.ts';
import type { Material, Said } from './material.ts';

/** All of it, reading the stack included: others stand in line. */
const PATIENCE_MS = 20_000;
const MEMORY_MB = 768;

/** In the sources the thread's file is beside this one; in the bundle beside the command's. */
const WORKER = import.meta.url.endsWith('.ts') ? './worker.ts' : '../rehearsal.js';

/** What can be asked of AWS: what recovery kits are made from, and nothing else. */
export interface Source {
  keepers(region: string, over: AbortSignal): Promise<Keepers>;
  now(): Promise<string>;
}

/**
 * Plays a plan, and its way back, on a copy of its stack. Whatever keeps it from that is told, and thrown never: who
 * asked for a change has a plan all the same.
 *
 * The attacker writes templates: they are read in a thread of its own, bounded in time and memory, which has no
 * environment, so that it has no credentials, and talks to the cloud alone that it started itself.
 */
export async function rehearse(plan: Rehearsable, source: Source): Promise<Rehearsal> {
  return await inLine(async () => await rehearsed(plan, source));
}

let line: Promise<unknown> = Promise.resolve();

/** One after another: however many an agent asks this process for at once, there is one thread. */
async function inLine<T>(work: () => Promise<T>): Promise<T> {
  const turn = line.then(work);
  line = turn.catch(() => undefined);
  return await turn;
}

/** The time begins with its turn: one that takes all of its own takes none of those behind it. */
async function rehearsed(plan: Rehearsable, { keepers, now }: Source): Promise<Rehearsal> {
  const over = AbortSignal.timeout(PATIENCE_MS);
  const at = await now();
  const not = (why: string): Rehearsal => ({
    carried_through: false,
    at,
    why: bounded(hideCredentials(why), 400, sha256),
  });
  try {
    const material = await copied(plan, await keepers(plan.region, over));
    const said = await played(material, over);
    return said.said === 'played' ? { carried_through: true, at, ...boundedFindings(said.played) } : not(said.why);
  } catch (error) {
    if (over.aborted) return not(`it took longer than ${PATIENCE_MS / 1000} seconds`);
    if (error instanceof HoldshortError) return not(error.message);
    return not(`it broke off: ${error instanceof Error ? error.name : 'for a reason that is not known'}`);
  }
}

async function played(material: Material, over: AbortSignal): Promise<Said> {
  over.throwIfAborted();
  const worker = new Worker(new URL(WORKER, import.meta.url), {
    workerData: material,
    // None of this process's: no credentials, no endpoint, no proxy, no files of the SDK's.
    env: {
      AWS_EC2_METADATA_DISABLED: 'true',
      AWS_CONFIG_FILE: '/dev/null',
      AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
    },
    // Nor what it was started with, as an SDK that exports traces.
    execArgv: [],
    resourceLimits: { maxOldGenerationSizeMb: MEMORY_MB },
    // Nothing that it writes may get into the protocol on stdout.
    stdout: true,
    stderr: true,
  });
  const ended = Promise.withResolvers<Said>();
  worker.once('message', (said: Said) => ended.resolve(said));
  worker.once('error', (error) => ended.reject(error));
  worker.once('exit', () => ended.reject(new Error('the thread ended')));
  const late = () => ended.reject(over.reason);
  over.addEventListener('abort', late, { once: true });
  try {
    return await ended.promise;
  } finally {
    over.removeEventListener('abort', late);
    // With it go its cloud and its port.
    await worker.terminate();
  }
}
