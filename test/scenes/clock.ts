import { readFileSync, writeFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
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
      HOLDSHORT_TEST_CLOCK: `${from} ${speed}`,
      NODE_OPTIONS: `--import=${preload()}`,
    },
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
