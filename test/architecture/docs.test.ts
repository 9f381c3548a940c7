import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { pages } from '../../docs/generate.ts';

test.each(Object.entries(pages))('%s is what the code says', (file, text) => {
  expect(readFileSync(file, 'utf8'), 'run `npm run docs`').toBe(text);
});

test('AGENTS.md stays a map', () => {
  expect(readFileSync('AGENTS.md', 'utf8').split('\n').length).toBeLessThanOrEqual(150);
});

test('package-lock.json carries no download addresses', () => {
  expect(readFileSync('package-lock.json', 'utf8')).not.toContain('"resolved"');
});
