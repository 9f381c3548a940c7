import { spawn, spawnSync } from 'node:child_process';
import { chmodSync, chownSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { expect, onTestFinished, test } from 'vitest';
import { CLI, makePlace, type Place } from '../scenes/front-door.ts';
import { enroll } from '../scenes/here.ts';

/**
 * Output that nobody reads, users without a name, folders that are someone else's: a line that says so, and neither
 * traces nor hangs.
 */

/** No passwd of this machine has it. */
const NAMELESS = 54_321;
const NOT_ROOT = 'only root may start a process as another user';
const HANGS_MS = 30_000;

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

function as(uid: number, args: readonly string[], env: Record<string, string>): Ended {
  const { status, stdout, stderr } = spawnSync(process.execPath, [CLI, ...args], {
    env: { PATH: process.env.PATH ?? '', ...env },
    ...{ uid, gid: uid, encoding: 'utf8', input: '', timeout: HANGS_MS, cwd: '/' },
  });
  return { code: status, stdout, stderr };
}

function folderOf(uid: number): string {
  const folder = mkdtempSync(join(tmpdir(), 'holdshort-strange-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  chownSync(folder, uid, uid);
  return folder;
}

/** What happened, and on a line of its own what to do. */
const ONE_LINE_AND_A_MEND = /^holdshort: [^\n]+\n {2}[^\n]+\n$/;

/** Starts a command whose reader has gone before it writes anything. */
function unread(place: Place, args: readonly string[]): Promise<{ code: number | null; stderr: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [CLI, ...args], { env: place.env, stdio: ['ignore', 'pipe', 'pipe'] });
    child.stdout.destroy();
    let stderr = '';
    child.stderr.on('data', (chunk) => (stderr += chunk));
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, stderr }));
  });
}

test('C22: a reader that has gone is no failure, whatever the command', async () => {
  await using place = makePlace();
  await enroll(place, 'noa');
  for (const args of [
    ['audit', 'list', '--json'],
    ['audit', 'verify'],
    ['tickets', 'list'],
    ['approvers', 'list'],
    ['policy', 'check'],
    ['policy', 'explain', 'ec2_terminate_instances'],
    ['--help'],
    ['approve', '--help'],
    ['--version'],
    ['demo'],
  ])
    expect(await unread(place, args), args.join(' ')).toEqual({ code: 0, stderr: '' });
});

test('C22: output that can not be written for another reason is a failure, in a line', (context) => {
  if (!existsSync('/dev/full')) return context.skip('this machine has no /dev/full');
  const { status, stderr } = spawnSync('/bin/sh', ['-c', '"$0" "$1" policy check > /dev/full', process.execPath, CLI], {
    env: { PATH: process.env.PATH ?? '', HOME: tmpdir(), HOLDSHORT_HOME: join(tmpdir(), 'holdshort-nobody') },
    encoding: 'utf8',
  });
  expect({ status, stderr }).toMatchObject({ status: 1, stderr: expect.stringMatching(ONE_LINE_AND_A_MEND) });
  expect(stderr).toContain('the output could not be written (ENOSPC)');
});

test('C22: a folder that can not be made is said, and nothing hangs', (context) => {
  if (!existsSync('/proc/self')) return context.skip('this machine has no /proc');
  const uid = process.getuid?.() ?? 0;
  for (const args of [
    ['tickets', 'list'],
    ['audit', 'list'],
    ['approvers', 'enroll', 'noa', '--no-passphrase'],
    ['init'],
    ['audit', 'verify'],
    ['halt', '--reason', 'a drill'],
    ['web', '--port', '0'],
    ['executor'],
    ['serve', '--sandbox'],
    ['companion'],
  ])
    for (const place of ['/proc/nope', '/dev/null/nope']) {
      const ended = as(uid, args, { HOME: tmpdir(), HOLDSHORT_HOME: place });
      expect(ended, `${args.join(' ')} in ${place}`).toMatchObject({
        code: 1,
        stderr: expect.stringMatching(ONE_LINE_AND_A_MEND),
      });
    }
});

test('C22: what is there under our names and is not ours is said', async () => {
  for (const [name, make] of [
    ['holdshort.db', (path: string) => new Database(path).exec('CREATE TABLE other (one)').close()],
    ['holdshort.db', (path: string) => writeFileSync(path, 'no database', { mode: 0o600 })],
    ['keys', (path: string) => writeFileSync(path, '')],
    ['config.yaml', (path: string) => mkdirSync(path)],
  ] as const) {
    await using place = makePlace();
    make(join(place.home, name));
    if (name === 'holdshort.db') chmodSync(join(place.home, name), 0o600);
    for (const args of [
      ['audit', 'verify'],
      ['approvers', 'list'],
      ['halt', '--reason', 'a drill'],
      ['serve', '--sandbox'],
    ]) {
      const { code, stderr } = await place.cli(args);
      if (name === 'holdshort.db' && args[0] === 'audit') expect(code).toBe(5);
      if (code !== 0)
        expect(stderr, `${args.join(' ')} with another ${name}`).toMatch(/^(\{.*\n)*holdshort: [^\n]+\n {2}[^\n]+\n$/);
    }
  }
});

test('C22: a user without a name works, under its number', (context) => {
  if (process.getuid?.() !== 0) return context.skip(NOT_ROOT);
  const home = folderOf(NAMELESS);
  const env = { HOME: home, HOLDSHORT_HOME: home };
  const me = `uid-${NAMELESS}`;
  expect(as(NAMELESS, ['tickets', 'list'], env)).toMatchObject({ code: 0, stderr: '' });
  expect(as(NAMELESS, ['approvers', 'enroll', me, '--no-passphrase'], env)).toMatchObject({ code: 0, stderr: '' });
  expect(as(NAMELESS, ['halt', '--reason', 'a drill'], env)).toMatchObject({ code: 0, stderr: '' });
  expect(as(NAMELESS, ['audit', 'verify'], env)).toMatchObject({ code: 0, stderr: '' });
});

test('C22: a user without a home folder is told how to name a place', (context) => {
  if (process.getuid?.() !== 0) return context.skip(NOT_ROOT);
  const ended = as(NAMELESS, ['tickets', 'list'], {});
  expect(ended).toMatchObject({ code: 2, stdout: '', stderr: expect.stringMatching(ONE_LINE_AND_A_MEND) });
  expect(ended.stderr).toContain('HOLDSHORT_HOME');
});

test('C22: a user without a home folder asks AWS all the same', (context) => {
  if (process.getuid?.() !== 0) return context.skip(NOT_ROOT);
  const home = folderOf(NAMELESS);
  const call = join(home, 'call.json');
  writeFileSync(call, '{"instance_ids":["i-0123456789abcdef0"],"reason":"A test of Holdshort needs this."}');
  const nowhere = {
    AWS_REGION: 'eu-west-1',
    AWS_ENDPOINT_URL: 'http://127.0.0.1:1',
    AWS_EC2_METADATA_DISABLED: 'true',
  };
  for (const key of [{}, { AWS_ACCESS_KEY_ID: 'testing', AWS_SECRET_ACCESS_KEY: 'testing' }]) {
    const env = { HOLDSHORT_HOME: home, ...nowhere, ...key };
    const ended = as(NAMELESS, ['policy', 'explain', 'ec2_stop_instances', '--args', call], env);
    expect(ended).toMatchObject({ code: 1, stderr: expect.stringMatching(ONE_LINE_AND_A_MEND) });
    expect(ended.stderr).not.toContain('homedir');
  }
});

test("C22: folders that are somebody else's are named, with whose they are", (context) => {
  if (process.getuid?.() !== 0) return context.skip(NOT_ROOT);
  const home = folderOf(NAMELESS);
  mkdirSync(join(home, 'keys'), { mode: 0o700 });
  const env = { HOME: home, HOLDSHORT_HOME: home };
  for (const args of [
    ['tickets', 'list'],
    ['approvers', 'enroll', 'noa', '--no-passphrase'],
  ]) {
    const ended = as(NAMELESS, args, env);
    expect(ended).toMatchObject({ code: 1, stdout: '', stderr: expect.stringMatching(ONE_LINE_AND_A_MEND) });
    expect(ended.stderr).toContain(`${join(home, 'keys')} belongs to another user (uid 0)`);
  }

  const closed = mkdtempSync(join(tmpdir(), 'holdshort-closed-'));
  onTestFinished(() => rmSync(closed, { recursive: true, force: true }));
  writeFileSync(join(closed, 'config.yaml'), '');
  chmodSync(closed, 0o700);
  for (const args of [['tickets', 'list'], ['init'], ['policy', 'check'], ['audit', 'verify']]) {
    const ended = as(NAMELESS, args, { HOME: home, HOLDSHORT_HOME: closed });
    expect(ended, args.join(' ')).toMatchObject({ stdout: '', stderr: expect.stringMatching(ONE_LINE_AND_A_MEND) });
  }
});
