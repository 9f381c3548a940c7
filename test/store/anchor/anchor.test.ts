import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { executedTickets } from '../../../src/commands/executed.ts';
import { anchorIn } from '../../../src/store/anchor/anchor.ts';
import type { Store } from '../../../src/store/port.ts';
import { openSqliteStore } from '../../../src/store/sqlite/store.ts';

/* Two hosts, each with files of its own, and one anchor; the log is one file, so that each sees the same of it. */

let folder: string;
let anchor: string;
const stores: Store[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'holdshort-anchor-'));
  anchor = join(folder, 'anchor');
  mkdirSync(anchor, { mode: 0o700 });
});
afterEach(async () => {
  for (const store of stores.splice(0)) await store.close();
  rmSync(folder, { recursive: true, force: true });
});

function host(name: string, where = anchor): Store {
  const file = join(folder, 'holdshort.db');
  const store = openSqliteStore({ file, head: join(folder, `${name}.db`), anchor: anchorIn(where) });
  stores.push(store);
  return store;
}

const said = (store: Store) =>
  store.forExecutor('ex1').append({ type: 'execution.waiting', actor: 'executor:ex1', outcome: 'waiting', detail: {} });
const keepsUp = (store: Store) =>
  store
    .forHead()
    .keepUp()
    .then(
      () => 'continued',
      ({ code, message }) => `${code}: ${message}`,
    );
/** As an older copy of it would be, or another folder. */
function emptied(): void {
  for (const name of readdirSync(join(anchor, 'head'))) rmSync(join(anchor, 'head', name));
}

const INTENT = { token: 'holdshort-x', intended_at: '2026-01-02T03:04:05.678Z' };

test('what one host began no other one begins, and what was said of it counts on both', () => {
  const [one, other] = ['one', 'other'].map((name) => {
    mkdirSync(join(folder, name));
    return executedTickets(join(folder, name), anchorIn(anchor).begun);
  });
  expect(one?.add('tkt_a', INTENT)).toBe(true);
  expect(other?.add('tkt_a', { ...INTENT, token: 'another' })).toBe(false);
  expect(other?.has('tkt_a')).toBe(true);
  expect(other?.hasAs('tkt_a', INTENT)).toBe(true);
  expect(other?.hasAs('tkt_a', { ...INTENT, token: 'another' })).toBe(false);
  expect(other?.has('tkt_a step 2')).toBe(false);
  one?.accept('tkt_a');
  expect(other?.wasAccepted('tkt_a')).toBe(true);
  other?.doubt('tkt_a');
  expect(one?.wasAccepted('tkt_a')).toBe(false);
  other?.end('tkt_a');
  expect(one?.hasEnded('tkt_a')).toBe(true);
  // The host's own list is there where the anchor lost its files.
  rmSync(join(anchor, 'begun'), { recursive: true });
  expect(one?.has('tkt_a')).toBe(true);
});

test('of two hosts that write a head at once, one is told to compare first, also long after', () => {
  const [one, other] = [anchorIn(anchor), anchorIn(anchor)];
  const head = { size: 0, peaks: [], at: '', accepted: 0 };
  expect(one.read()).toBeUndefined();
  expect(one.replace(undefined, head)).toBe(true);
  expect(other.replace(undefined, { ...head, accepted: 1 })).toBe(false);
  const late = other.read();
  for (let times = 0; times < 300; times += 1) expect(one.replace(one.read(), { ...head, accepted: times })).toBe(true);
  expect(other.replace(late, { ...head, accepted: 7 })).toBe(false);
  expect(other.read()).toMatchObject({ accepted: 299 });
  expect(readdirSync(join(anchor, 'head')).length).toBeLessThan(150);
  expect(one.id()).toBe(other.id());
});

test('a host that comes later reads on to what others saw; one that saw more than the anchor stops', async () => {
  const [first, second] = [host('first'), host('second')];
  await said(first);
  expect(await keepsUp(first)).toBe('continued');
  await said(first);
  expect(await keepsUp(second)).toBe('continued');
  expect(anchorIn(anchor).read()).toMatchObject({ size: 2 });
  expect(existsSync(join(folder, 'second.db'))).toBe(true);
  emptied();
  expect(await keepsUp(first)).toMatch(/^log_not_continued: .*the anchor.* holds none/);
  expect(await keepsUp(host('third'))).toMatch(/^log_not_continued/);
  anchorIn(anchor).replace(undefined, { size: 0, peaks: [], at: '', accepted: 0 });
  expect(await keepsUp(second)).toMatch(/^log_not_continued: the anchor says/);
});

test('an anchor that is not there is not made', async () => {
  const store = host('first', join(folder, 'not-mounted'));
  await said(store);
  expect(await keepsUp(store)).toMatch(/^(store_unavailable: the anchor|log_not_continued)/);
  expect(existsSync(join(folder, 'not-mounted'))).toBe(false);
});

test('a log that went on in another way than any host saw it runs nowhere', async () => {
  const first = host('first');
  await said(first);
  expect(await keepsUp(first)).toBe('continued');
  const before = anchorIn(anchor).read();
  anchorIn(anchor).replace(before, { size: 2, peaks: [Buffer.alloc(32)], at: '', accepted: 0 });
  await said(first);
  expect(await keepsUp(first)).toMatch(/another way than other hosts/);
});

test('what an admin accepted on one host, every host goes on from', async () => {
  const [first, second] = [host('first'), host('second')];
  await said(first);
  for (const store of [first, second]) expect(await keepsUp(store)).toBe('continued');
  emptied();
  const { now } = await first.forHead().compare();
  await first.forHead().accept(now);
  expect(await keepsUp(second)).toBe('continued');
  expect(anchorIn(anchor).read()).toMatchObject({ size: 1, accepted: 1 });
});

test('a file that could not be written whole leaves nothing behind, and is not there', () => {
  const program = `import { onceIn } from '${resolve('src/store/anchor/folder.ts')}';
    try { onceIn(process.argv[1], 'head').make('1', 'x'.repeat(4096)); } catch (error) { console.log(error.code); }`;
  // No file may grow beyond 1,024 bytes: as on a disk that is full, a part of it is taken.
  const limited = `trap '' XFSZ; ulimit -f 2; exec "$0" --input-type=module -e "$1" "$2"`;
  const { stdout, stderr } = spawnSync('sh', ['-c', limited, process.execPath, program, anchor], { encoding: 'utf8' });
  expect(stdout, stderr).toBe('store_unavailable\n');
  expect(readdirSync(join(anchor, 'head'))).toEqual([]);
});
