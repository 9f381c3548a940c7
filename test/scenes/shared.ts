import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, openSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** The folder of this run: what one worker started for all of them is written down here, and ended with the run. */
export const runFolder = (): string | undefined => process.env.HOLDSHORT_RUN;

interface Program {
  readonly path: string;
  readonly args: readonly string[];
  readonly env: NodeJS.ProcessEnv;
}

/**
 * Starts a program once in a run, whoever asks first, and tells everyone where it listens.
 * @param program makes what is started, for which the folder is its own
 * @param endpointIn where it listens, by what it wrote so far, to its output or into that folder
 * @returns undefined where it can't be started
 */
export async function shared(
  name: string,
  program: (folder: string) => Promise<Program>,
  endpointIn: (said: string, folder: string) => string | undefined,
): Promise<string | undefined> {
  const folder = join(runFolder() ?? '', name);
  const known = join(folder, 'endpoint');
  if (isFirst(folder)) {
    const endpoint = await start(folder, program, endpointIn).catch((error) => {
      writeFileSync(join(folder, 'failed'), String(error));
      return '';
    });
    writeFileSync(`${known}.new`, endpoint);
    renameSync(`${known}.new`, known);
  }
  while (!existsSync(known)) await new Promise((resolve) => setTimeout(resolve, 25));
  return readFileSync(known, 'utf8') || undefined;
}

/** What kept it from being started. */
export function whyNot(name: string): string {
  const file = join(runFolder() ?? '', name, 'failed');
  return existsSync(file) ? readFileSync(file, 'utf8') : '';
}

function isFirst(folder: string): boolean {
  try {
    mkdirSync(folder);
    return true;
  } catch {
    return false;
  }
}

async function start(
  folder: string,
  program: (folder: string) => Promise<Program>,
  endpointIn: (said: string, folder: string) => string | undefined,
): Promise<string> {
  const { path, args, env } = await program(folder);
  const output = join(folder, 'output');
  const to = openSync(output, 'w');
  // It outlives the worker that starts it.
  const child = spawn(path, args, { env, stdio: ['ignore', to, to], detached: true });
  child.unref();
  const ended = new Promise<never>((_, failed) => {
    child.once('error', failed);
    child.once('exit', (code) =>
      failed(new Error(`${name(path)} ended with ${code}: ${readFileSync(output, 'utf8')}`)),
    );
  });
  ended.catch(() => undefined);
  if (child.pid) writeFileSync(join(folder, 'pid'), String(child.pid));
  for (;;) {
    const endpoint = endpointIn(readFileSync(output, 'utf8'), folder);
    if (endpoint) return endpoint;
    await Promise.race([ended, new Promise((resolve) => setTimeout(resolve, 25))]);
  }
}

const name = (path: string) => path.split(/[\\/]/).at(-1);
