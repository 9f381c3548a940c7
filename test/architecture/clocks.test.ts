import { globSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

/** Where a process's own clock is right; why, is said there. Everything that others judge too goes by the store's. */
const OWN = [
  'approvals/app/browser/card.ts',
  'approvals/web/browser/live.ts',
  'src/aws/request/roles.ts',
  'src/commands/hub.ts',
  'src/commands/judge/judge-history.ts',
  'src/commands/judge/judging.ts',
  'src/commands/policy-explain.ts',
  'src/kits/old.ts',
  'src/rehearsal/carry-out.ts',
  'src/rehearsal/play.ts',
  'tools/ec2/storage/by-age.ts',
];

/** The embedded cloud stands for AWS, which has a clock of its own. */
const OTHERS = 'src/sandbox/';

test('nothing goes by the clock of its process but what is named here', () => {
  const files = globSync('{src,approvals,tools}/**/*.ts').map((file) => file.replaceAll('\\', '/'));
  const reads = files.filter(
    (file) => !file.startsWith(OTHERS) && /\bDate\.now\b|\bnew Date\(\)|\bDate\(\)/.test(readFileSync(file, 'utf8')),
  );
  expect(reads.toSorted()).toEqual(OWN);
  for (const file of OWN) expect(readFileSync(file, 'utf8'), file).toMatch(/\/[/*][^;]*clock/);
});
