import { readFileSync } from 'node:fs';
import { HoldshortError } from '../kernel/errors.ts';
import { asciiJson } from '../kernel/plan.ts';
import { type CommandResult, EXIT } from '../present/command-result.ts';
import { parseSeed, type SandboxSeed } from '../sandbox/seed.ts';
import { startSandbox } from '../sandbox/server.ts';
import { endUnread } from './closed-streams.ts';
import { startExampleCloud } from './example-cloud.ts';

interface SandboxOptions {
  readonly seed?: string;
  readonly port?: number;
  readonly json?: boolean;
}

/** The embedded cloud in the foreground. */
export async function serveSandbox({ seed, port, json }: SandboxOptions): Promise<CommandResult> {
  const at = port === undefined ? {} : { port };
  const sandbox = seed === undefined ? await startExampleCloud(at) : await startSeeded(seed, at);
  const { endpoint } = sandbox;
  process.stdout.write(
    json
      ? `${asciiJson({ endpoint })}\n`
      : `${endpoint}\nPoint AWS_ENDPOINT_URL at it, with any credentials. Ctrl-C ends it; nothing is kept.\n`,
  );
  await new Promise<void>((resolve) => {
    process.once('SIGINT', () => resolve());
    process.once('SIGTERM', () => resolve());
  });
  await sandbox.close();
  endUnread();
  return { data: {}, text: '', exit: EXIT.done };
}

async function startSeeded(file: string, at: { readonly port?: number }) {
  try {
    return await startSandbox({ ...at, seed: readSeed(file) });
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new HoldshortError('config_invalid', why, 'correct the seed; src/sandbox/README.md describes it', cause);
  }
}

function readSeed(file: string): SandboxSeed {
  return parseSeed(readFileSync(file, 'utf8'));
}
