import { readFileSync } from 'node:fs';
import type Database from 'better-sqlite3';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Store } from '../../../src/store/port.ts';
import { newId } from '../../scenes/openings.ts';
import { code } from '../suite/subject.ts';
import { type Folder, open, temporaryFolder } from './folder.ts';

/* Writes of one process that wait for the same lock share a transaction; what each comes to is its own. */

let folder: Folder;
let store: Store;
let others: Database.Database;

beforeEach(async () => {
  folder = temporaryFolder();
  store = open(folder);
  await append(0);
  others = folder.raw();
});
afterEach(async () => {
  others.close();
  await store.close();
  folder.remove();
});

const append = (index: number) =>
  store
    .forAgent({ agent: 'claude', operator: 'ann', session: 's1' })
    .append({ type: 'call.completed', actor: 'agent:claude', detail: { index } });
const indexes = async () =>
  (await store.forAudit().entries(1, 50)).map(({ text }) => JSON.parse(text).detail.index as number);

/** What was written by the time that somebody else let go of the lock. */
async function whileLocked<T>(write: () => readonly Promise<T>[]): Promise<readonly PromiseSettledResult<T>[]> {
  others.exec('BEGIN IMMEDIATE');
  const written = Promise.allSettled(write());
  others.exec('ROLLBACK');
  return await written;
}

/** Frames that end a transaction have a number in them: https://sqlite.org/fileformat2.html#walformat */
function commits(): number {
  const wal = readFileSync(`${folder.file}-wal`);
  const frame = 24 + wal.readUInt32BE(8);
  let count = 0;
  for (let at = 32; at + frame <= wal.length; at += frame) if (wal.readUInt32BE(at + 4) > 0) count += 1;
  return count;
}

it('those that wait share one commit, in the order in which they came', async () => {
  const before = commits();
  await whileLocked(() => [1, 2, 3, 4, 5].map(append));
  expect(commits() - before).toBe(1);
  expect(await indexes()).toEqual([0, 1, 2, 3, 4, 5]);
});

it('one that is refused is undone by itself', async () => {
  const outcomes = await whileLocked<unknown>(() => [append(1), store.forExecutor('ex1').expire(newId()), append(2)]);
  expect(outcomes).toEqual([
    { status: 'fulfilled', value: { seq: 2 } },
    { status: 'rejected', reason: code('not_found') },
    { status: 'fulfilled', value: { seq: 3 } },
  ]);
  expect(await indexes()).toEqual([0, 1, 2]);
});

it('one that the database fails takes no other with it', async () => {
  others.exec('DROP TABLE residue');
  const residue = { ticket: 'tkt_x', tool: 'cloudformation_deploy_stack', residue: {} };
  const event = { type: 'aws.requested', actor: 'agent:claude', detail: {} } as const;
  const outcomes = await whileLocked<unknown>(() => [
    append(1),
    store.forAgent({ agent: 'claude', operator: 'ann', session: 's1' }).announceResidue(residue, event),
    append(2),
  ]);
  expect(outcomes).toEqual([
    { status: 'fulfilled', value: { seq: 2 } },
    { status: 'rejected', reason: code('store_unavailable') },
    { status: 'fulfilled', value: { seq: 3 } },
  ]);
  expect(await indexes()).toEqual([0, 1, 2]);
});
