import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { bundled } from '../../scenes/bundled.ts';

interface Worker {
  readonly ready: Promise<unknown>;
  go(): Promise<unknown>;
}

/** @param prefix a program to start node with, such as a shell that sets a limit */
export async function worker(
  args: readonly string[],
  prefix: readonly string[] = [],
  options: SpawnOptions = {},
): Promise<Worker> {
  const file = await bundled('store/sqlite/worker-process.ts');
  const [program = '', ...first] = [...prefix, process.execPath, file, ...args];
  const child = spawn(program, first, { stdio: ['pipe', 'pipe', 'inherit'], ...options });
  const lines = linesOf(child);
  return {
    ready: lines.next(),
    async go() {
      child.stdin?.write('go\n');
      const { value, done } = await lines.next();
      if (done) throw new Error(`worker ${args.join(' ')} ended without an answer`);
      return JSON.parse(value);
    },
  };
}

/** Starts as many processes, and lets them loose at once when all are ready. */
export async function race(count: number, args: (index: number) => readonly string[]): Promise<unknown[]> {
  const workers = await Promise.all(Array.from({ length: count }, (_, index) => worker(args(index))));
  await Promise.all(workers.map(({ ready }) => ready));
  return Promise.all(workers.map(({ go }) => go()));
}

function linesOf(child: ChildProcess): AsyncIterator<string> {
  if (!child.stdout) throw new Error('a worker needs a pipe');
  return createInterface({ input: child.stdout })[Symbol.asyncIterator]();
}
