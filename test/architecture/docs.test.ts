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

// npm 10 compiles whatever has a binding.gyp unless the package says gypfile: false, and reads that from the lock file, where npm
// doesn't write it. better-sqlite3 brings prebuilt binaries; a machine without compiler and Python must be able to install.
test('package-lock.json keeps npm 10 from compiling better-sqlite3', () => {
  const lock = JSON.parse(readFileSync('package-lock.json', 'utf8'));
  expect(lock.packages['node_modules/better-sqlite3'].gypfile, 'add "gypfile": false to that entry by hand').toBe(
    false,
  );
});

test('package-lock.json knows every optional package, so that npm ci works on each platform', () => {
  const packages: Record<string, { optionalDependencies?: Record<string, string> }> = JSON.parse(
    readFileSync('package-lock.json', 'utf8'),
  ).packages;
  const known = Object.keys(packages);
  const missing = Object.values(packages)
    .flatMap(({ optionalDependencies = {} }) => Object.keys(optionalDependencies))
    .filter((name) => !known.some((path) => path.endsWith(`node_modules/${name}`)));
  expect(missing).toEqual([]);
});
