import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { CLI, type Place } from '../scenes/front-door.ts';

/** How one process of the built executor ended. */
export interface Life {
  /** The moment at which it was killed; undefined where it ended by itself. */
  readonly point: string | undefined;
  /** How often it reached each moment. */
  readonly passed: Readonly<Record<string, number>>;
  /** As whom it claimed; undefined where it didn't. */
  readonly owner: string | undefined;
}

export interface Ending {
  /** The moment at which it is killed. Absent: once nothing more is reached. */
  readonly point?: string | undefined;
  /** The how-manieth time that it reaches it. */
  readonly nth: number;
  /** Moments at each of which it is killed too: others aimed at them in vain. */
  readonly rare?: readonly string[];
  /** What counts as nothing more, in milliseconds. */
  readonly restMs: number;
}

/** So long a process may take to reach anything at all. */
const HUNG_MS = 300_000;
/** What V8 otherwise collects while the program is still being loaded. */
const FLAGS = ['--max-semi-space-size=32', '--disable-warning=ExperimentalWarning'];

let preload: string | undefined;
let born = 0;

/** As JavaScript, once: each process that strips types itself takes a tenth of a second for it. */
function killPoints(place: Place): string {
  if (preload === undefined) {
    const source = readFileSync(join(import.meta.dirname, 'kill-points-process.ts'), 'utf8');
    preload = stripTypeScriptTypes(source);
  }
  const file = join(place.home, 'kill-points.mjs');
  writeFileSync(file, preload);
  return pathToFileURL(file).href;
}

function started(place: Place, order: Ending & { readonly passed: string }) {
  const log = openSync(logOf(place), 'a');
  try {
    return spawn(process.execPath, [...FLAGS, `--import=${killPoints(place)}`, CLI, 'executor'], {
      env: { ...place.env, HOLDSHORT_TORTURE: JSON.stringify(order) },
      stdio: ['ignore', 'ignore', log],
    });
  } finally {
    closeSync(log);
  }
}

/** What the executors of a place wrote to stderr. */
export function logOf(place: Place): string {
  return join(place.home, 'executors.log');
}

/** One process of the built executor, from its start to the moment at which it is killed. */
export async function live(place: Place, ending: Ending): Promise<Life> {
  const passed = join(place.home, `passed-${born++}.json`);
  const child = started(place, { ...ending, passed });
  const hung = setTimeout(() => child.kill('SIGKILL'), HUNG_MS);
  const [code, signal] = (await once(child, 'exit')) as [number | null, NodeJS.Signals | null];
  clearTimeout(hung);
  const told = JSON.parse(readFileSync(passed, 'utf8')) as Life;
  rmSync(passed);
  if (told.point === undefined || signal !== 'SIGKILL')
    throw new Error(`an executor ended by itself with ${code ?? signal}: ${readFileSync(logOf(place), 'utf8')}`);
  return told;
}

/** One that nobody kills, until what it is to bring about is so. */
export async function livesUntil(place: Place, isSo: () => Promise<unknown>): Promise<void> {
  const passed = join(place.home, `passed-${born++}.json`);
  const child = started(place, { nth: 1, restMs: 1e9, passed });
  const over = once(child, 'exit');
  const ended = over.then(() => {
    throw new Error(`an executor ended by itself: ${readFileSync(logOf(place), 'utf8')}`);
  });
  try {
    await Promise.race([isSo(), ended]);
  } finally {
    ended.catch(() => undefined);
    child.kill('SIGTERM');
    await over;
  }
}
