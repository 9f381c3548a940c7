import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

/*
 * test/promises/requirements.json says what each promise of the architecture comes down to. Each requirement is cited
 * by at least one test of its promise's file, and no test of a promise stands for nothing.
 */

const FOLDER = 'test/promises';
const manifest = JSON.parse(readFileSync(join(FOLDER, 'requirements.json'), 'utf8')) as Record<string, string>;
const files = readdirSync(FOLDER)
  .filter((name) => name.endsWith('.test.ts'))
  .map((name) => ({ name, text: readFileSync(join(FOLDER, name), 'utf8') }));

/** Ids at the beginning of a text: of a title, or of a row that `test.each` takes its title from. */
const cited = files.flatMap(({ name, text }) =>
  [...text.matchAll(/['"`]\[(P\d-\d+)\] /g)].map(([, id]) => ({ name, id: id ?? '' })),
);

test('every promise has its file', () => {
  const promises = new Set(files.map(({ name }) => /^promise-(\d)-[a-z-]+\.test\.ts$/.exec(name)?.[1]));
  expect(promises).toEqual(new Set(['1', '2', '3', '4', '5', '6', '7']));
});

test('every requirement is cited by a test, and every id that a test cites is a requirement', () => {
  expect([...new Set(cited.map(({ id }) => id))].sort()).toEqual(Object.keys(manifest).sort());
});

test('an id stands in the file of its own promise', () => {
  expect(cited.filter(({ name, id }) => !name.startsWith(`promise-${id[1]}-`))).toEqual([]);
});

test('every test of a promise begins with its id', () => {
  const titles = files.flatMap(({ name, text }) =>
    [...text.matchAll(/\btest(?:\.\w+)?\(\s*(['"`])(.*?)\1,/g)].map(([, , title]) => `${name}: ${title}`),
  );
  expect(titles).not.toEqual([]);
  expect(titles.filter((title) => !/: \[P\d-\d+\] ./.test(title))).toEqual([]);
});

test('a requirement is a sentence', () => {
  const vague = Object.entries(manifest).filter(([, text]) => !/^[A-Z].{20,}\.$/.test(text));
  expect(vague).toEqual([]);
});
