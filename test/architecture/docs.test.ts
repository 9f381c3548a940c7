import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
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

// npm 10 compiles whatever has a binding.gyp unless the package says gypfile: false, and reads that from the lock file,
// where npm doesn't write it. better-sqlite3 brings prebuilt binaries; a machine without compiler and Python must be
// able to install.
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

// Those who set up a gate must hear which doors have none. "Not covered" begins the paragraph, so that it is found.
const uncovered = {
  Terraform: /Terraform/,
  kubectl: /kubectl/,
  SQL: /\bSQL\b/,
  'RDS and S3 outside CloudFormation': /\bRDS\b.*\bS3\b.*outside CloudFormation/,
  'credentials that the agent finds elsewhere': /credentials that the agent finds elsewhere/,
};

describe.each(['README.md', 'SECURITY.md'])('D30: %s says plainly that it is not covered:', (page) => {
  const said = readFileSync(page, 'utf8')
    .split(/\n\s*\n/)
    .filter((paragraph) => paragraph.startsWith('**Not covered'))
    .join(' ')
    .replaceAll('\n', ' ');

  test.each(Object.entries(uncovered))('D30: %s', (_, words) => {
    expect(said).toMatch(words);
  });
});

const joined = (page: string) => readFileSync(page, 'utf8').replaceAll('\n', ' ');

// Macros run with the rights of the one who makes the change set: a role that can't invoke functions is the second
// wall.
test.each(['docs/tools.md', 'docs/configuration.md'])(
  '31: %s says that the planning role has no lambda:InvokeFunction',
  (page) => {
    expect(joined(page)).toMatch(/no `lambda:InvokeFunction`|(without|never|not) [^.]*`lambda:InvokeFunction`/i);
  },
);

test.each(['SECURITY.md', 'docs/separate-account.md'])(
  'D23: %s says what else is on the machine: a browser of the agent, and whoever listens on the port first',
  (page) => {
    expect(joined(page)).toMatch(
      /browser on (that|the agent's) account\W+(is the agent's too|belongs to the agent too)/i,
    );
    expect(joined(page)).toMatch(
      /another local process (can listen on it, and \*is\* the page's origin|could show a page)/,
    );
  },
);

test('A2: README and SECURITY say whose passkey counts for what, and what a key file may enroll from then on', () => {
  expect(joined('README.md')).toMatch(
    /The passkey of an admin is an admin's: from then on only it, and no key file, enrolls/,
  );
  expect(joined('SECURITY.md')).toMatch(/an admin's key file \|[^|]*can't enroll/);
});
