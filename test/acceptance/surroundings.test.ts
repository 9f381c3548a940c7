import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { expect, test } from 'vitest';
import { CLI, makePlace } from '../scenes/front-door.ts';

/** What is around the command: folders, and the Node that it is started with. */

test('without HOLDSHORT_HOME everything is in the XDG folders, and private', async () => {
  await using elsewhere = makePlace();
  const { HOLDSHORT_HOME: _, ...env } = elsewhere.env;
  const [config, state] = [join(elsewhere.home, 'c'), join(elsewhere.home, 's')];
  mkdirSync(config);
  const xdg = { HOLDSHORT_HOME: '', XDG_CONFIG_HOME: config, XDG_STATE_HOME: state };
  const enrolled = await elsewhere.cli(['approvers', 'enroll', 'noa', '--no-passphrase'], { env: xdg });
  expect(enrolled).toMatchObject({ code: 0 });
  expect(existsSync(join(state, 'holdshort', 'holdshort.db'))).toBe(true);
  expect(existsSync(elsewhere.database)).toBe(false);
  const modeOf = (...path: string[]) => (statSync(join(state, 'holdshort', ...path)).mode & 0o777).toString(8);
  expect([modeOf(), modeOf('keys')]).toEqual(['700', '700']);
  expect(modeOf('keys', 'root.json')).toBe('600');

  // And without those, below the home folder.
  const plain = await elsewhere.cli(['approvers', 'list', '--json'], { env: { ...env, HOLDSHORT_HOME: '' } });
  expect(JSON.parse(plain.stdout)).toMatchObject({ approvers: [] });
  expect(existsSync(join(elsewhere.home, '.local', 'state', 'holdshort', 'holdshort.db'))).toBe(true);
});

test('a Node that is too old is told so in one line, with 1', async (context) => {
  await using place = makePlace();
  const old = olderNode();
  if (old === undefined) return context.skip('no Node older than 22.12 on this machine');
  const { status, stdout, stderr } = spawnSync(old, [CLI, 'serve'], { env: place.env, encoding: 'utf8', input: '' });
  expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
  expect(stderr).toMatch(/^holdshort needs Node 22\.12 or newer; this is Node \d+\.\d+\.\d+: [^\n]+\n$/);
});

function olderNode(): string | undefined {
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/bin', '/usr/local/bin'];
  return folders
    .map((folder) => join(folder, 'node'))
    .find((node) => {
      if (!existsSync(node)) return false;
      const version = execFileSync(node, ['-p', 'process.versions.node'], { encoding: 'utf8' });
      const [major = 0, minor = 0] = version.split('.').map(Number);
      return major < 22 || (major === 22 && minor < 12);
    });
}
