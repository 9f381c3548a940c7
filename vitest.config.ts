import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // Most tests start real processes: one file at a time per core.
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 60_000,
    reporters: ['default', './test/skipped-reporter.ts'],
    globalSetup: ['./test/require-build.ts'],
  },
});
