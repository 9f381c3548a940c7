import type { Reporter, TestModule } from 'vitest/node';

/** Names every skipped test with its reason at the end, and closes with one plain line that scripts can read. */
export default class SkippedReporter implements Reporter {
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
      if (module.state() === 'failed' && module.children.size === 0) count.failed += 1;
    }
    if (skipped.length > 0) console.log(`\nSkipped:\n${skipped.join('\n')}`);
    console.log(`\n${count.passed} passed, ${count.failed} failed, ${count.skipped} skipped`);
  }
}
