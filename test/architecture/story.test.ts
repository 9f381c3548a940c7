import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const STORY = 'src/store/story';

/** What every store shares knows none of them: it takes rows and the time, and says what is to be written. */
test.each(readdirSync(STORY))('src/store/story/%s has no statement, clock or IO', (name) => {
  const text = readFileSync(join(STORY, name), 'utf8').replace(/\/\*[\s\S]*?\*\//g, '');
  const used = [...text.matchAll(/import (type )?[^;]*? from '([^']+)'/g)].filter(([, typeOnly]) => !typeOnly);
  for (const [, , from] of used) expect(from).toMatch(/^(zod$|\.\/|\.\.\/\.\.\/(kernel|audit)\/)/);
  expect(text).not.toMatch(/\b(Date\.now|performance\.|new Date\(\)|Math\.random|import\(|SELECT|UPDATE|INSERT)/);
});

const HEAD = 'src/store/head';

test.each(readdirSync(HEAD))('src/store/head/%s takes the log of any store: it knows none', (name) => {
  expect(readFileSync(join(HEAD, name), 'utf8')).not.toMatch(/from '\.\.\/sqlite\//);
});
