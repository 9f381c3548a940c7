import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseSync } from 'rolldown/utils';
import { expect, test } from 'vitest';

/*
 * How comments are written: no wider than the code, in plain words, and what fails in one form: `@throws CODE when …`,
 * "as" and a name for what another function's says, or the name of a class where it is no refusal of ours.
 */

const COLUMNS = 120;
const OURS = ['src', 'tools', 'approvals'];

const files = [...OURS, 'test', 'docs'].flatMap((folder) =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => join(folder, name)),
);

interface Comment {
  readonly where: string;
  readonly text: string;
  /** Its lines whole, with the code before it. */
  readonly lines: readonly string[];
}

const comments: readonly Comment[] = files.flatMap((file) => {
  const source = readFileSync(file, 'utf8');
  return parseSync(file, source).comments.map(({ start, end, value }) => {
    const from = source.lastIndexOf('\n', start - 1) + 1;
    const to = source.indexOf('\n', end);
    const where = `${file}:${source.slice(0, start).split('\n').length}`;
    return { where, text: value, lines: source.slice(from, to < 0 ? source.length : to).split('\n') };
  });
});

const ours = comments.filter(({ where }) => OURS.some((folder) => where.startsWith(`${folder}/`)));

/** The codes of refusals, as src/kernel/errors.ts lists them. */
const CODES = new Set(
  [...(/RefusalCode =([^;]*);/.exec(readFileSync('src/kernel/errors.ts', 'utf8'))?.[1] ?? '').matchAll(/'(\w+)'/g)].map(
    ([, code]) => code ?? '',
  ),
);

test('there are comments to look at, and codes', () => {
  expect(ours.length).toBeGreaterThan(1_000);
  expect(CODES).toContain('not_found');
});

test('no comment is wider than the code, unless one word alone is', () => {
  const wide = comments.filter(({ lines }) =>
    lines.some((line) => line.length > COLUMNS && !/^\s*(\*|\/\/|\/\*\*?)? ?\S+( \*\/)?$/.test(line)),
  );
  expect(wide.map(({ where }) => where)).toEqual([]);
});

test('comments are in plain words', () => {
  const old = ours.filter(({ text }) => /\b(somebody|anybody|whoever|anew|whence|heretofore)\b/i.test(text));
  expect(old.map(({ where }) => where)).toEqual([]);
});

test('what fails is told by @throws, and by a code that there is', () => {
  expect(ours.filter(({ text }) => /\bErrors:|\bThrows\b/.test(text)).map(({ where }) => where)).toEqual([]);
  const wrong = ours.flatMap(({ where, text }) =>
    [...text.replace(/\n\s*\*/g, '\n').matchAll(/@throws\s+([\s\S]*?)(?=\n\s*@|\n\s*\n|$)/g)]
      .filter(([, said = '']) => !isTold(said.trim()))
      .map(([, said]) => `${where} ${said}`),
  );
  expect(wrong).toEqual([]);
});

function isTold(said: string): boolean {
  if (/^([A-Z]\w+|as `\w+`|as (the signer|planning) )/.test(said)) return true;
  const [codes = ''] = /^[a-z_]+(, [a-z_]+)*/.exec(said) ?? [];
  return codes !== '' && codes.split(', ').every((code) => CODES.has(code));
}
