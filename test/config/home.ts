import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { HoldshortError } from '../../src/kernel/errors.ts';

/** A new folder that goes away with the block it was made in. */
export async function temporaryFolder() {
  const path = await mkdtemp(join(tmpdir(), 'holdshort-'));
  return {
    path,
    /** Writes a file into it and gives back its path. */
    async write(name: string, text: string): Promise<string> {
      await writeFile(join(path, name), text);
      return join(path, name);
    },
    [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }),
  };
}

export async function failureOf(run: () => unknown): Promise<HoldshortError> {
  try {
    await run();
  } catch (error) {
    if (error instanceof HoldshortError) return error;
    throw error;
  }
  throw new Error('it did not fail');
}
