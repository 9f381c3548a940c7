import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire, stripTypeScriptTypes } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { runFolder } from './shared.ts';

/** A clock that runs faster than ours, for built processes that wait for leases, rounds and limits. */
export interface Clock {
  /** ms since 1970 */
  now(): number;
  /** Of each process that goes by it. */
  readonly env: Record<string, string>;
}

/** From now on so many times as fast as ours, in whatever is given it: the command's processes, the embedded cloud. */
export function fasterClock(speed: number): Clock {
  const from = Date.now();
  return {
    now: () => Math.floor(from + (Date.now() - from) * speed),
    env: {
      HOLDSHORT_TEST_CLOCK: `${from} ${from} ${speed}`,
      HOLDSHORT_TEST_SQLITE: createRequire(import.meta.url).resolve('better-sqlite3'),
      NODE_OPTIONS: `--import=${preload()}`,
    },
  };
}

/** For the command's processes when so many minutes have passed: their own clocks and the store's. */
export function laterClock(minutes: number): Record<string, string> {
  const from = Date.now();
  return {
    HOLDSHORT_TEST_CLOCK: `${from} ${from + minutes * 60_000} 1`,
    HOLDSHORT_TEST_SQLITE: createRequire(import.meta.url).resolve('better-sqlite3'),
    NODE_OPTIONS: `--import=${preload()}`,
  };
}

/** For a process whose JavaScript is so many hours off; the database engine in it asks the system, as any does. */
export function wrongClock(hours: number): Record<string, string> {
  const from = Date.now();
  return {
    HOLDSHORT_TEST_CLOCK: `${from} ${from + hours * 3_600_000} 1`,
    NODE_OPTIONS: `--import=${preload()}`,
  };
}

let written: string | undefined;

/** `clock-process.ts` as JavaScript: each process that strips types itself takes a tenth of a second for it. */
function preload(): string {
  if (written === undefined) {
    const file = join(runFolder() ?? tmpdir(), `clock-${process.pid}.mjs`);
    writeFileSync(file, stripTypeScriptTypes(readFileSync(join(import.meta.dirname, 'clock-process.ts'), 'utf8')));
    written = pathToFileURL(file).href;
  }
  return written;
}
