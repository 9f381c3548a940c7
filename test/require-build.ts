import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * The tests go through the built binary; without one they would test nothing. @returns what is done after the last test
 */
export default function prepare(): () => void {
  if (!existsSync('dist/cli.js'))
    throw new Error('dist/cli.js is missing: run `npm run build` (or `npm test`, which does)');
  const folder = mkdtempSync(join(tmpdir(), 'holdshort-run-'));
  process.env.HOLDSHORT_RUN = folder;
  process.env.HOLDSHORT_BOUNDS = join(folder, 'bounds');
  return () => {
    endShared(folder);
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
    rmSync('node_modules/.cache/holdshort-bundled', { recursive: true, force: true });
  };
}

/** Ends what test/scenes/shared.ts started for all files of the run. */
function endShared(folder: string): void {
  for (const { name } of readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory())) {
    const file = join(folder, name, 'pid');
    if (!existsSync(file)) continue;
    try {
      process.kill(Number(readFileSync(file, 'utf8')), 'SIGKILL');
    } catch {
      // It ended by itself.
    }
  }
}
