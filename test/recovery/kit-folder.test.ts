import { execFileSync } from 'node:child_process';
import {
  copyFileSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Kit } from '../../src/kernel/kit.ts';
import { TicketId } from '../../src/kernel/ticket.ts';
import { kitFolder } from '../../src/kits/folder.ts';
import { newIdentity, readerOf, unseal } from '../../src/kits/sealed.ts';

/* What is kept is on the disk, whole, for its readers alone; what is put in its place is none of it. */

const TICKET = TicketId.parse('tkt_00000000000000000000');
const kit = (text: string): Kit => ({
  ...{ format: 'holdshort/kit/v1', ticket: TICKET, tool: 'made_up', account: '123456789012', region: 'eu-west-1' },
  made_at: '2026-01-02T03:04:05.678Z',
  calls: [{ tool: 'made_up', arguments: { text } }],
  as_it_was: { text },
});

let home: string;
const places = (readers: readonly string[] = []) => ({
  ...{ folder: join(home, 'kits'), keyFile: join(home, 'keys', 'recovery.key'), readers },
});

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'holdshort-kits-'));
});
afterEach(() => rmSync(home, { recursive: true }));

test('a reader whom the configuration names opens it without the key of the installation', async () => {
  const identity = await newIdentity();
  const folder = kitFolder(places([await readerOf(identity)]));
  const kept = await folder.keep(kit('a secret'));
  const file = join(home, 'kits', `${kept.sha256}.age`);
  expect(readFileSync(file).includes('a secret')).toBe(false);
  expect(JSON.parse(await unseal(readFileSync(file), identity))).toEqual(kit('a secret'));
  expect(await folder.open(TICKET, kept)).toEqual(kit('a secret'));
  folder.drop(kept);
  expect(readdirSync(join(home, 'kits'))).toEqual([]);
});

test.each([
  ['one that was cut short', (file: string) => truncateSync(file, 100), 'tampered'],
  [
    'a pipe, which would never end',
    replaced((file) => execFileSync('/bin/sh', ['-c', 'mkfifo "$0"', file])),
    'tampered',
  ],
  ['a link to another', replaced((file) => symlinkSync('/dev/zero', file)), 'tampered'],
  ['another', (file: string) => writeFileSync(file, readFileSync(file).reverse()), 'tampered'],
  ['none', (file: string) => rmSync(file), 'not_found'],
])('in its place there is %s', async (_, put, code) => {
  const folder = kitFolder(places());
  const kept = await folder.keep(kit('x'));
  put(join(home, 'kits', `${kept.sha256}.age`));
  await expect(folder.open(TICKET, kept)).rejects.toMatchObject({ code });
});

test("another ticket's is none of this one, and without its key it stays shut", async () => {
  const folder = kitFolder(places());
  const kept = await folder.keep(kit('x'));
  await expect(folder.open('tkt_11111111111111111111', kept)).rejects.toMatchObject({ code: 'tampered' });
  rmSync(places().keyFile);
  await expect(folder.open(TICKET, kept)).rejects.toMatchObject({
    ...{ code: 'not_found', message: expect.stringContaining('recovery.key') },
  });
});

test('another that was kept for the same ticket, and is as long, is not the one that the log names', async () => {
  const folder = kitFolder(places());
  const [mine, other] = [await folder.keep(kit('x')), await folder.keep(kit('x'))];
  expect(other.bytes).toBe(mine.bytes);
  const fileOf = ({ sha256 }: { readonly sha256: string }) => join(home, 'kits', `${sha256}.age`);
  copyFileSync(fileOf(other), fileOf(mine));
  await expect(folder.open(TICKET, mine)).rejects.toMatchObject({ code: 'tampered' });
});

function replaced(put: (file: string) => void): (file: string) => void {
  return (file) => {
    rmSync(file);
    put(file);
  };
}
