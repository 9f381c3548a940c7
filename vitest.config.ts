import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';
import LongestFirst from './test/longest-first.ts';

export default defineConfig(({ mode }) => ({
  test: {
    include: ['test/**/*.test.ts'],
    // `--mode all` runs generated sets whole (test/scenes/bounded.ts).
    env: { HOLDSHORT_TESTS: mode },
    // Most tests start real processes, and wait for them: one file more than there are cores keeps those busy.
    maxWorkers: Math.min(availableParallelism() + 1, 5),
    // A worker loads what tests are of once; what a file changes for all, it puts back.
    isolate: false,
    sequence: { sequencer: LongestFirst },
    // A bound on hanging, not on speed: machines differ by a factor of ten.
    testTimeout: 240_000,
    hookTimeout: 240_000,
    reporters: ['default', './test/progress-reporter.ts', './test/summary-reporter.ts', './test/durations-reporter.ts'],
    globalSetup: ['./test/require-build.ts'],
  },
}));
