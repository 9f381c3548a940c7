import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { openSqliteStore } from '../../src/store/sqlite/store.ts';
import { newOpening } from './opening.ts';

const OPENER = fileURLToPath(new URL('./opener.ts', import.meta.url));

/**
 * Tickets opened per second, all processes together, from the moment that all are ready until the last one is done.
 * @param before tickets that are there already
 * @param warmUp how many each process opens before it is ready
 * @param turns one after the other, while the others have the file open and watch it
 */
export async function ticketsPerSecond(
  processes: number,
  each: number,
  before: number,
  warmUp: number,
  turns = false,
): Promise<number> {
  const home = mkdtempSync(join(tmpdir(), 'holdshort-bench-'));
  const file = join(home, 'holdshort.db');
  const store = openSqliteStore({ file });
  for (let count = 0; count < before; count += 1)
    await store.forAgent({ agent: 'before', operator: 'ops', session: 'ses_bench' }).openTicket(newOpening('before'));
  await store.close();
  const openers = Array.from({ length: processes }, () => openerOf(OPENER, [file, String(each), String(warmUp)]));
  await Promise.all(openers.map(({ said }) => said('ready')));
  const startedAt = performance.now();
  for (const { child, said } of openers) {
    child.stdin?.write('go\n');
    if (turns) await said('done');
  }
  if (!turns) await Promise.all(openers.map(({ said }) => said('done')));
  const seconds = (performance.now() - startedAt) / 1000;
  await Promise.all(openers.map(({ exited }) => exited));
  rmSync(home, { recursive: true });
  return (processes * each) / seconds;
}

export interface Opener {
  readonly child: ChildProcess;
  readonly exited: Promise<unknown>;
  said(word: string): Promise<void>;
}

/** A program that says `ready`, waits for a line, opens tickets, and says `done`. */
export function openerOf(program: string, args: readonly string[]): Opener {
  const child = spawn(process.execPath, [program, ...args], { stdio: ['pipe', 'pipe', 'inherit'] });
  if (!child.stdout) throw new Error('an opener needs a pipe');
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    child,
    exited: once(child, 'exit'),
    async said(word) {
      const { value } = await lines.next();
      if (value !== word) throw new Error(`an opener said ${value ?? 'nothing more'}, not ${word}`);
    },
  };
}
