import { mkdirSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { rolldown } from 'rolldown';

/** Inside the packages' folder, so that what isn't bundled is found; `test/require-build.ts` removes it at the end. */
const FOLDER = resolve('node_modules/.cache/holdshort-bundled');

const made = new Map<string, Promise<string>>();

/**
 * A program that tests start, as one file, made once in each process of the test runner: it starts several times
 * faster.
 * @param program its file below `test/`
 */
export function bundled(program: string): Promise<string> {
  const known = made.get(program) ?? bundle(program);
  made.set(program, known);
  return known;
}

async function bundle(program: string): Promise<string> {
  const name = `${basename(program, '.ts')}-${process.pid}.js`;
  mkdirSync(FOLDER, { recursive: true });
  const build = await rolldown({
    input: resolve('test', program),
    platform: 'node',
    external: ['better-sqlite3', 'pg', 'pgpass', /^@cedar-policy\//],
    resolve: { mainFields: ['module', 'main'] },
    logLevel: 'silent',
  });
  await build.write({ dir: FOLDER, format: 'esm', entryFileNames: name, codeSplitting: false });
  await build.close();
  return join(FOLDER, name);
}
