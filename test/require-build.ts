import { existsSync } from 'node:fs';

/** The tests go through the built binary; without one they would test nothing. */
export default function requireBuild(): void {
  if (!existsSync('dist/cli.js'))
    throw new Error('dist/cli.js is missing: run `npm run build` (or `npm test`, which does)');
}
