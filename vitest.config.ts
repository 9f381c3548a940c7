import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // Most tests start real processes: one file at a time per core.
    maxWorkers: 2,
    // A bound on hanging, not on speed: machines differ by a factor of ten.
    testTimeout: 240_000,
    hookTimeout: 240_000,
    reporters: ['default', './test/skipped-reporter.ts'],
    globalSetup: ['./test/require-build.ts'],
  },
});
