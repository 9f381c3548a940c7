import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';
import LongestFirst from './test/longest-first.ts';
import { onPostgres } from './test/on-postgres/files.ts';

export default defineConfig(({ mode }) => {
  const common = {
    // `--mode all` runs generated sets whole (test/scenes/bounded.ts).
    env: { HOLDSHORT_TESTS: mode },
    // Most tests start real processes, and wait for them: one file more than there are cores keeps those busy.
    maxWorkers: Math.min(availableParallelism() + 1, 5),
    // A worker loads what tests are of once; what a file changes for all, it puts back.
    isolate: false,
    // A bound on hanging, not on speed: machines differ by a factor of ten.
    testTimeout: 240_000,
    hookTimeout: 240_000,
  };
  return {
    test: {
      ...common,
      globalSetup: ['./test/require-build.ts'],
      sequence: { sequencer: LongestFirst },
      reporters: [
        'default',
        './test/progress-reporter.ts',
        './test/summary-reporter.ts',
        './test/durations-reporter.ts',
      ],
      projects: [
        { test: { ...common, name: 'file', include: ['test/**/*.test.ts'] } },
        // Some of the same once more, on the other store.
        {
          test: {
            ...common,
            name: 'postgres',
            include: [...onPostgres(mode === 'all')],
            globalSetup: ['./test/on-postgres/server.ts'],
            setupFiles: ['./test/on-postgres/before-each-file.ts'],
          },
        },
      ],
    },
  };
});
