import { existsSync, readFileSync } from 'node:fs';
import type { Reporter, TestModule } from 'vitest/node';

/**
 * Names every skipped test with its reason, and each set of which some were tried. Its last line is for scripts: a file
 * or set that could not even begin counts as failed, too.
 */
export default class SummaryReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const count = { passed: 0, failed: 0, skipped: 0 };
    const skipped: string[] = [];
    for (const module of modules) {
      for (const test of module.children.allTests()) {
        const result = test.result();
        if (result.state === 'passed' || result.state === 'failed') count[result.state] += 1;
        if (result.state !== 'skipped') continue;
        count.skipped += 1;
        skipped.push(`  ${test.fullName}: ${result.note ?? 'no reason given'}`);
      }
      count.failed += module.errors().length;
      for (const suite of module.children.allSuites()) count.failed += suite.errors().length;
    }
    if (skipped.length > 0) console.log(`\nSkipped:\n${skipped.join('\n')}`);
    const bounds = boundsOfRun();
    if (bounds.length > 0) console.log(`\nBounded (npm run test:all tries them all):\n${bounds.join('\n')}`);
    console.log(`\n${count.passed} passed, ${count.failed} failed, ${count.skipped} skipped`);
  }
}

/** What test/scenes/bounded.ts wrote down, without the sets that ran whole. */
function boundsOfRun(): readonly string[] {
  const file = process.env.HOLDSHORT_BOUNDS;
  if (!file || !existsSync(file)) return [];
  const times = new Map<string, number>();
  for (const line of readFileSync(file, 'utf8').split('\n'))
    if (line !== '' && !/^(\S+) of \1 /.test(line)) times.set(line, (times.get(line) ?? 0) + 1);
  return [...times].map(([line, count]) => `  ${line}${count > 1 ? `, ${count} times` : ''}`).sort();
}
