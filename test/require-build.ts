import { existsSync, rmSync } from 'node:fs';

/**
 * The tests go through the built binary; without one they would test nothing. @returns what is done after the last test
 */
export default function requireBuild(): () => void {
  if (!existsSync('dist/cli.js'))
    throw new Error('dist/cli.js is missing: run `npm run build` (or `npm test`, which does)');
  return () => rmSync('node_modules/.cache/holdshort-companion', { recursive: true, force: true });
}
