import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';

/** Each page names only what is there: files, folders, and headings in them. */

const pages = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', '*.md'], {
  encoding: 'utf8',
})
  .split('\n')
  .filter((file) => file !== '' && existsSync(file));

/** As GitHub makes it from a heading. */
function anchorOf(heading: string): string {
  return heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, '')
    .trim()
    .replaceAll(' ', '-');
}

function anchorsIn(file: string): readonly string[] {
  const prose = readFileSync(file, 'utf8').replace(/^```[\s\S]*?^```/gm, '');
  return [...prose.matchAll(/^#{1,6} (.+)$/gm)].map(([, heading = '']) => anchorOf(heading));
}

test('there are pages to look at', () => {
  expect(pages).toContain('README.md');
  expect(pages).toContain('docs/reference.md');
});

test.each(pages)('D29: %s links to nothing that is not there', (page) => {
  const text = readFileSync(page, 'utf8').replace(/^```[\s\S]*?^```/gm, '');
  const links = [...text.matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = '']) => target);
  const dead = links
    .filter((target) => !/^[a-z]+:/.test(target))
    .filter((target) => {
      const [path = '', anchor] = target.split('#');
      const file = path === '' ? page : join(dirname(page), path);
      if (!existsSync(file)) return true;
      return anchor !== undefined && !anchorsIn(file).includes(anchor);
    });
  expect(dead).toEqual([]);
});

test.each(pages)('D29: %s names no file of ours that is not there', (page) => {
  const text = readFileSync(page, 'utf8').replace(/^```[\s\S]*?^```/gm, '');
  const named = [...text.matchAll(/`((?:docs|src|test|tools|approvals)\/[\w./-]+\.(?:ts|md|json|yaml|txt))`/g)];
  const missing = named.map(([, file = '']) => file).filter((file) => !existsSync(file));
  expect(missing).toEqual([]);
});

test('AGENTS.md names no file by its name alone that is nowhere', () => {
  const files = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], { encoding: 'utf8' })
    .split('\n')
    .filter((file) => existsSync(file));
  const named = [...readFileSync('AGENTS.md', 'utf8').matchAll(/`([\w./-]+\.ts)`/g)].map(([, name]) => name);
  expect(named.length).toBeGreaterThan(100);
  expect(named.filter((name) => !files.some((file) => file === name || file.endsWith(`/${name}`)))).toEqual([]);
});

test('each decision has a number of its own', () => {
  const decisions = pages.filter((page) => page.startsWith('docs/decisions/')).map((page) => page.slice(15, 19));
  expect(decisions.length).toBeGreaterThan(10);
  expect(new Set(decisions).size).toBe(decisions.length);
});
