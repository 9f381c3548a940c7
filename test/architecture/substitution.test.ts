import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

/**
 * Files whose patterns have `${…}` in them though they read no template: the reading itself, and what hides secrets in
 * running text, where a name has a bound.
 */
const OTHERS = ['tools/ports/substitution.ts', 'tools/ports/named-values.ts'];

/** A pattern that looks for `${`, but for one of AWS's own names written out, which ends where it is wrong. */
const LOOKS_FOR_VARIABLES = /\\\$\\\{(?!AWS::\w+\\\})|\[\$&\]\\?\{|(split|indexOf|matchAll)\(['"]\$\{['"]/;

test('what `Fn::Sub` puts into a text is read in one place', () => {
  const files = ['src', 'tools', 'approvals'].flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts'))
      .map((name) => join(folder, name)),
  );
  const looking = files.filter((file) =>
    readFileSync(file, 'utf8')
      .split('\n')
      .some((line) => /[/(]/.test(line) && LOOKS_FOR_VARIABLES.test(line) && !/^\s*(\*|\/\/)/.test(line)),
  );
  expect(looking.sort()).toEqual([...OTHERS].sort());
});
