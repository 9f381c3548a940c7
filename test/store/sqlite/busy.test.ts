import { setImmediate as turn } from 'node:timers/promises';
import type Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import type { Store } from '../../../src/store/port.ts';
import { openSqliteStore } from '../../../src/store/sqlite/store.ts';
import { type Folder, temporaryFolder } from './folder.ts';

describe('a SQLite store that somebody else keeps locked', () => {
  let folder: Folder;
  let store: Store;
  let locker: Database.Database;

  beforeEach(async () => {
    folder = temporaryFolder();
    store = openSqliteStore({ file: folder.file, busyTimeoutMs: 600 });
    await append(0);
    locker = folder.raw();
    locker.exec('BEGIN IMMEDIATE');
  });
  afterEach(async () => {
    locker.close();
    await store.close();
    folder.remove();
  });
  const append = (index: number, to = store) =>
    to
      .forAgent({ agent: 'claude', operator: 'ann', session: 's1' })
      .append({ type: 'call.completed', actor: 'agent:claude', detail: { index } });

  it('lets the process go on meanwhile, and writes in the order of the calls when it is free again', async () => {
    // Longer than a busy machine makes anyone wait.
    const patient = openSqliteStore({ file: folder.file, busyTimeoutMs: 120_000 });
    onTestFinished(() => patient.close());
    const appended = Promise.all(Array.from({ length: 12 }, (_, index) => append(index, patient)));
    let turns = 0;
    // A store that stands still until the lock is gone never gets here: its own process holds the lock.
    for (; turns < 20; turns += 1) await turn();
    locker.exec('ROLLBACK');
    expect((await appended).map(({ seq }) => seq)).toEqual(Array.from({ length: 12 }, (_, index) => index + 2));
    const entries = await store.forAudit().entries(2, 20);
    expect(entries.map(({ text }) => JSON.parse(text).detail.index)).toEqual(Array.from({ length: 12 }, (_, i) => i));
  });

  it('gives up for all who wait when their time is over, not one after the other', async () => {
    const outcomes = await Promise.allSettled(Array.from({ length: 12 }, (_, index) => append(index)));
    const reasons = outcomes.map((outcome) => (outcome.status === 'rejected' ? outcome.reason : undefined));
    expect(reasons).toEqual(Array(12).fill(expect.objectContaining({ code: 'store_unavailable' })));
    // One was told by SQLite, the others by it: each asking once more would stop the process twelve times.
    expect(new Set(reasons.map(({ cause }) => cause)).size).toBe(1);
    locker.exec('ROLLBACK');
    expect(await append(12)).toEqual({ seq: 2 });
  });
});
