import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { rolldown } from 'rolldown';

/** Inside the packages' folder, so that what isn't bundled is found; `test/require-build.ts` removes it at the end. */
const FOLDER = resolve('node_modules/.cache/holdshort-companion');

let made: Promise<string> | undefined;

/** `companion-process.ts` as one file, made once in each process of the test runner: it starts several times faster. */
export function bundledCompanion(): Promise<string> {
  made ??= bundle();
  return made;
}

async function bundle(): Promise<string> {
  const name = `companion-${process.pid}.js`;
  mkdirSync(FOLDER, { recursive: true });
  const build = await rolldown({
    input: join(import.meta.dirname, 'companion-process.ts'),
    platform: 'node',
    external: ['better-sqlite3', /^@cedar-policy\//],
    resolve: { mainFields: ['module', 'main'] },
    logLevel: 'silent',
  });
  await build.write({ dir: FOLDER, format: 'esm', entryFileNames: name, codeSplitting: false });
  await build.close();
  return join(FOLDER, name);
}
