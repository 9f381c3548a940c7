import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { PRINTABLE } from './expectations.ts';
import { HOSTILE } from './strings.ts';

test('what a server writes to stderr, which may be a terminal, is a line of printable ASCII for each thing that it says', () => {
  const module = JSON.stringify(resolve('src/commands/log.ts'));
  const program = `import { lazyLog } from ${module}; const log = lazyLog();
    for (const text of JSON.parse(process.env.TEXTS)) log.error({ err: new Error(text), [text]: text }, text);`;
  const { stderr, status } = spawnSync(process.execPath, ['--input-type=module', '-e', program], {
    env: { PATH: process.env.PATH ?? '', TEXTS: JSON.stringify(HOSTILE) },
    encoding: 'latin1',
  });
  expect(status, stderr.slice(0, 500)).toBe(0);
  expect(stderr).toMatch(PRINTABLE);
  expect(
    stderr
      .trimEnd()
      .split('\n')
      .map((line) => (JSON.parse(line) as { msg: string }).msg),
  ).toEqual([...HOSTILE]);
});

test('a process whose stderr nobody reads goes on: it would lose its claims', async () => {
  const module = JSON.stringify(resolve('src/commands/log.ts'));
  const program = `import { lazyLog } from ${module}; const log = lazyLog();
    for (let line = 0; line < 2000; line += 1) log.warn('x'.repeat(2000));
    setTimeout(() => { process.stdout.write('went on'); process.exit(0); }, 500);`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', program], {
    env: { PATH: process.env.PATH ?? '' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const [said] = await once(child.stdout, 'data');
  expect(String(said)).toBe('went on');
});
