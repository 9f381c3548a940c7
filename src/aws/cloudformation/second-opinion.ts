import { Worker } from 'node:worker_threads';
import type { Opinion } from '../../../tools/ports/cloudformation.ts';
import { HoldshortError } from '../../kernel/errors.ts';
import { parseTemplate, record, STORED_BYTES } from '../template/document.ts';
import type { Answer, Comparison } from './second-opinion-worker.ts';

/** Loading takes about a second; a template is then read in milliseconds. A worker that takes longer is stuck. */
const PATIENCE_MS = 25_000;
/** AWS's specification fills some 170 MB: it goes again when nobody has asked for a while. */
const IDLE_MS = 30_000;
const MEMORY_MB = 1_024;

/** In the sources the worker is beside this file; the bundle has it in a folder of its own, with what it reads. */
const WORKER = import.meta.url.endsWith('.ts') ? './second-opinion-worker.ts' : '../second-opinion/lib/worker.cjs';

interface Reader {
  readonly worker: Worker;
  readonly waiting: Map<number, (answer: readonly Opinion[]) => void>;
}

let running: Reader | undefined;
let idle: NodeJS.Timeout | undefined;
let asked = 0;

/**
 * What AWS's own tool for comparing templates (`@aws-cdk/cloudformation-diff`) says of some resources. It reads what an
 * agent wrote: in a thread of its own, with a limit of time and memory, where it can neither stop the server nor change
 * what the change set says. Without an answer there is no second opinion.
 * @param before undefined where there is no stack yet
 * @param in_place by logical id, the properties that AWS's answer changes in place
 */
export async function secondOpinion(
  before: string | undefined,
  after: string,
  logicalIds: readonly string[],
  in_place: Comparison['in_place'] = {},
): Promise<readonly Opinion[]> {
  let comparison: Omit<Comparison, 'id'>;
  try {
    const [was, is] = [chosen(before, logicalIds), chosen(after, logicalIds)];
    comparison = { before: was, after: is, logical_ids: logicalIds, in_place };
  } catch (error) {
    if (error instanceof HoldshortError) return [];
    throw error;
  }
  const { worker, waiting } = start();
  clearTimeout(idle);
  asked += 1;
  const id = asked;
  const answer = new Promise<readonly Opinion[]>((resolve) => waiting.set(id, resolve));
  const late = setTimeout(() => void worker.terminate(), PATIENCE_MS);
  worker.postMessage({ id, ...comparison } satisfies Comparison);
  try {
    return await answer;
  } finally {
    clearTimeout(late);
    idle = setTimeout(() => void running?.worker.terminate(), IDLE_MS).unref();
  }
}

function start(): Reader {
  if (running) return running;
  const worker = new Worker(new URL(WORKER, import.meta.url), {
    resourceLimits: { maxOldGenerationSizeMb: MEMORY_MB },
    // Nothing that it writes may get into the protocol on stdout.
    stdout: true,
    stderr: true,
  });
  const own: Reader = { worker, waiting: new Map() };
  running = own;
  const end = () => {
    if (running === own) running = undefined;
    for (const resolve of own.waiting.values()) resolve([]);
    own.waiting.clear();
  };
  worker.on('message', ({ id, opinions }: Answer) => {
    own.waiting.get(id)?.(opinions);
    own.waiting.delete(id);
  });
  worker.on('error', end);
  worker.on('exit', end);
  // Listening makes a process wait for it again.
  worker.unref();
  return own;
}

function chosen(text: string | undefined, logicalIds: readonly string[]): Comparison['before'] {
  if (text === undefined) return {};
  const resources = record(parseTemplate(text, STORED_BYTES).Resources);
  return Object.fromEntries(logicalIds.flatMap((id) => (Object.hasOwn(resources, id) ? [[id, resources[id]]] : [])));
}
