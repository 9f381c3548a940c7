import { readFileSync } from 'node:fs';
import { relative } from 'node:path';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Seconds by file, of those that take some, from a run's own figures. What isn't in it takes little. */
const SECONDS = JSON.parse(readFileSync(new URL('durations.json', import.meta.url), 'utf8')) as Record<string, number>;

/** What takes longest begins first, so that at the end no worker waits for the other one. */
export default class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const seconds = ({ moduleId }: TestSpecification) =>
      SECONDS[relative(import.meta.dirname, moduleId).replaceAll('\\', '/')] ?? 0;
    return [...files].sort((a, b) => seconds(b) - seconds(a));
  }
}
