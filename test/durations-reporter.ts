import { readFileSync, writeFileSync } from 'node:fs';
import { relative } from 'node:path';
import type { Reporter, TestModule } from 'vitest/node';

const FILE = new URL('durations.json', import.meta.url);

/** Seconds. What takes less begins whenever there is time. */
const LEAST = 2;

/**
 * Writes down how long each file of this run took, for `longest-first.ts`; of files that didn't run, what was known.
 * Only with UPDATE_DURATIONS=1, on a quiet machine.
 */
export default class DurationsReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    if (process.env.UPDATE_DURATIONS !== '1') return;
    const known = JSON.parse(readFileSync(FILE, 'utf8')) as Record<string, number>;
    const now = modules.map((module): [string, number] => [
      relative(import.meta.dirname, module.moduleId).replaceAll('\\', '/'),
      Math.round(module.diagnostic().duration / 1000),
    ]);
    const all = Object.entries({ ...known, ...Object.fromEntries(now) });
    const long = all.filter(([, seconds]) => seconds >= LEAST).sort(([, one], [, other]) => other - one);
    writeFileSync(FILE, `${JSON.stringify(Object.fromEntries(long), null, 2)}\n`);
  }
}
