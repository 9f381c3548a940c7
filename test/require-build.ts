import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * The tests go through the built binary; without one they would test nothing. @returns what is done after the last test
 */
export default function prepare(): () => void {
  if (!existsSync('dist/cli.js'))
    throw new Error('dist/cli.js is missing: run `npm run build` (or `npm test`, which does)');
  const folder = mkdtempSync(join(tmpdir(), 'holdshort-run-'));
  process.env.HOLDSHORT_BOUNDS = join(folder, 'bounds');
  return () => {
    rmSync(folder, { recursive: true, force: true });
    rmSync('node_modules/.cache/holdshort-companion', { recursive: true, force: true });
  };
}
