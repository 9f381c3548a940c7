import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { CLI, makePlace, until } from '../scenes/front-door.ts';

/*
 * Who started the command reads its log no more, and keeps the pipe: what a container's runtime does whose own log
 * driver hangs.
 */

/** Loaded before the command: a log that nobody reads, and a file once it can be told to stop. */
function unread(ready: string): string {
  const code = `
    process.stderr.write('x'.repeat(1_000_000));
    const { once } = process;
    process.once = function (name, ...more) {
      once.call(this, name, ...more);
      if (name === 'SIGTERM') process.getBuiltinModule('node:fs').writeFileSync(${JSON.stringify(ready)}, '');
      return this;
    };`;
  return `--import=data:text/javascript,${encodeURIComponent(code)}`;
}

const told = (child: ChildProcess) => void child.kill('SIGTERM');

test.each<[string, readonly string[], (child: ChildProcess) => void]>([
  ['executor', [], told],
  ['web', ['--port', '0'], told],
  ['sandbox', [], told],
  ['serve', ['--no-executor'], told],
  ['serve', ['--no-executor'], ({ stdin }) => void stdin?.end()],
  ['companion', [], ({ stdin }) => void stdin?.end()],
])('%s ends when it is told to, whether its log is read or not', async (command, args, end) => {
  await using place = makePlace({ endpoint: 'http://127.0.0.1:9' });
  const ready = join(place.home, 'ready');
  const child = spawn(process.execPath, [unread(ready), CLI, command, ...args], {
    env: place.env,
    stdio: ['pipe', 'ignore', 'pipe'],
  });
  const over = once(child, 'exit');
  await until(() => existsSync(ready) || child.exitCode !== null, Boolean);
  end(child);
  expect(await over).toEqual([0, null]);
});
