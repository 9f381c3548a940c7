import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { expect, test } from 'vitest';
import { TOOLS } from '../../tools/index.ts';

const filesOf = (folder: string) =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => join(folder, name));

const sources = ['src', 'tools', 'approvals'].flatMap(filesOf);

test('no file is longer than 300 lines, half are at most 120', () => {
  for (const files of [sources, filesOf('test')]) {
    const lengths = files.map((file) => ({ file, lines: readFileSync(file, 'utf8').split('\n').length }));
    expect(lengths.filter(({ lines }) => lines > 300)).toEqual([]);
    const sorted = lengths.map(({ lines }) => lines).sort((a, b) => a - b);
    expect(sorted[Math.floor(sorted.length / 2)]).toBeLessThanOrEqual(120);
  }
});

test('no file is a drawer for everything', () => {
  expect(
    [...sources, ...filesOf('test')].filter((file) => /^(utils?|helpers?|common|misc)\b/.test(basename(file))),
  ).toEqual([]);
});

test('one tool, one file, file name = tool name, and each stands in the registry', () => {
  const files = ['cloudformation', 'ec2', 'tickets'].flatMap((toolset) =>
    readdirSync(join('tools', toolset), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts'))
      .map((name) => `${toolset}/${name}`),
  );
  const toolFiles = files.filter((file) =>
    /default define(Read|Change|Ticket)Tool|export default/.test(readFileSync(join('tools', file), 'utf8')),
  );
  expect(toolFiles.map((file) => basename(file, '.ts')).sort()).toEqual(TOOLS.map((tool) => tool.name).sort());
  for (const tool of TOOLS) expect(toolFiles).toContain(`${tool.toolset}/${tool.name}.ts`);
});

// A tool is found by its name at once; what several share is under their noun (tools/ec2/storage/target.ts).
test("tool files are in their service's folder itself: under a noun there is none", () => {
  const under = sources.filter((file) => /^tools\/[^/]+\/.+\//.test(file));
  expect(under).not.toEqual([]);
  const named = new Set(TOOLS.map((tool) => tool.name));
  expect(
    under.filter((file) => named.has(basename(file, '.ts')) || /^export default/m.test(readFileSync(file, 'utf8'))),
  ).toEqual([]);
});

test('tools only default-export; nothing else does', () => {
  const withDefault = sources.filter((file) => /^export default/m.test(readFileSync(file, 'utf8')));
  expect(withDefault.filter((file) => !/^tools\/(cloudformation|ec2|tickets)\//.test(file))).toEqual([]);
});

test('what takes long is a test that there is', () => {
  const seconds = JSON.parse(readFileSync('test/durations.json', 'utf8')) as Record<string, number>;
  expect(Object.keys(seconds).filter((file) => !existsSync(join('test', file)))).toEqual([]);
});
