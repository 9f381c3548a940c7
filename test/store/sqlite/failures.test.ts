import {
  chmodSync,
  copyFileSync,
  existsSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Store } from '../../../src/store/port.ts';
import { openSqliteStore } from '../../../src/store/sqlite/store.ts';
import { openingOf } from '../../scenes/openings.ts';
import { type Folder, open, temporaryFolder } from './folder.ts';
import { worker } from './processes.ts';

const unavailable = expect.objectContaining({
  code: 'store_unavailable',
  recovery: expect.stringContaining('nothing was changed'),
});
const append = (store: Store) =>
  store
    .forAgent({ agent: 'claude', operator: 'ann', session: 's1' })
    .append({ type: 'call.completed', actor: 'agent:claude', detail: {} });

describe('a SQLite store that can not be used', () => {
  let folder: Folder;
  let store: Store;
  beforeEach(() => {
    folder = temporaryFolder();
    store = open(folder);
  });
  afterEach(async () => {
    await store.close();
    folder.remove();
  });
  const reopen = async () => {
    await store.close();
    store = open(folder);
  };

  it('touches nothing until its first operation, and keeps its files to their owner', async () => {
    const blocked = join(folder.path, 'a-file');
    writeFileSync(blocked, '');
    const nowhere = openSqliteStore({ file: join(blocked, 'holdshort.db') });
    nowhere.forAgent({ agent: 'claude', operator: 'ann', session: 's1' });
    await expect(append(nowhere)).rejects.toEqual(unavailable);
    await nowhere.close();
    await append(store);
    const modes = ['', '-wal', '-shm', '.log-id'].map((end) => statSync(folder.file + end).mode & 0o777);
    expect(modes).toEqual([0o600, 0o600, 0o600, 0o600]);
  });

  it('says so when somebody keeps it locked, and works again after that', async () => {
    const impatient = openSqliteStore({ file: folder.file, busyTimeoutMs: 20 });
    await append(impatient);
    const locker = folder.raw();
    locker.exec('BEGIN IMMEDIATE');
    await expect(append(impatient)).rejects.toEqual(unavailable);
    await expect(
      impatient
        .forAgent({ agent: 'claude', operator: 'ann', session: 's1' })
        .openTicket(openingOf(Date.now(), { state: 'approved' })),
    ).rejects.toEqual(unavailable);
    expect(await impatient.forExecutor('ex1').overdue()).toEqual([]);
    locker.exec('ROLLBACK');
    locker.close();
    expect(await append(impatient)).toEqual({ seq: 2 });
    await impatient.close();
  });

  it('reads a file that may not be written, and refuses to write', { timeout: 30_000 }, async () => {
    await append(store);
    await store.close();
    // Root may write everything: someone else tries.
    const uid = process.getuid?.() === 0 ? { uid: 65534, gid: 65534 } : {};
    chmodSync(folder.path, 0o555);
    chmodSync(folder.file, 0o444);
    chmodSync(`${folder.file}.log-id`, 0o444);
    const reader = await worker([folder.file, 'append', '1'], [], uid);
    await reader.ready;
    expect(await reader.go()).toMatchObject({
      code: 'store_unavailable',
      message: expect.stringMatching(/SQLITE_(READONLY|CANTOPEN)/),
    });
    chmodSync(folder.path, 0o700);
    chmodSync(folder.file, 0o600);
    store = open(folder);
    expect(await store.forAudit().head()).toMatchObject({ size: 1 });
  });

  it('says so when the disk is full, and the log still holds', { timeout: 30_000 }, async () => {
    // A limit on the size of files stands for the disk.
    const prefix = ['/bin/bash', '-c', `trap '' XFSZ; ulimit -f 600; exec "$0" "$@"`];
    const limited = await worker([folder.file, 'fill'], prefix);
    await limited.ready;
    expect(await limited.go()).toMatchObject({
      code: 'store_unavailable',
      message: expect.stringMatching(/SQLITE_(FULL|IOERR)/),
    });
    const { size } = await store.forAudit().head();
    expect(size).toBeGreaterThan(10);
    expect(await append(store)).toEqual({ seq: size + 1 });
  });

  it('is not a database any more', async () => {
    await append(store);
    await store.close();
    writeFileSync(folder.file, 'this is something else entirely\n'.repeat(200));
    store = open(folder);
    await expect(append(store)).rejects.toEqual(unavailable);
  });

  it('lacks a table', async () => {
    await append(store);
    const raw = folder.raw();
    raw.exec('DROP TABLE residue');
    raw.close();
    await expect(store.forExecutor('ex1').residues()).rejects.toEqual(unavailable);
  });

  it('comes from a newer version', async () => {
    await append(store);
    const raw = folder.raw();
    raw.pragma('user_version = 9');
    raw.close();
    await reopen();
    await expect(append(store)).rejects.toEqual(unavailable);
  });

  it('was closed', async () => {
    await store.close();
    await expect(append(store)).rejects.toEqual(expect.objectContaining({ code: 'store_unavailable' }));
  });

  describe('because its log is lost', () => {
    const lose = () => {
      for (const end of ['', '-wal', '-shm']) rmSync(folder.file + end, { force: true });
    };

    it('never begins a new one where one was', async () => {
      await append(store);
      await store.close();
      lose();
      for (const attempt of [1, 2]) {
        store = open(folder);
        await expect(append(store), `attempt ${attempt}`).rejects.toEqual(unavailable);
        await store.close();
        expect(existsSync(folder.file)).toBe(false);
      }
      writeFileSync(folder.file, '');
      store = open(folder);
      await expect(append(store)).rejects.toEqual(unavailable);
      rmSync(`${folder.file}.log-id`);
      await reopen();
      expect(await append(store)).toEqual({ seq: 1 });
    });

    it('never goes on in another log, or in one that was replaced under it', async () => {
      await append(store);
      const other = temporaryFolder();
      const stranger = open(other);
      await append(stranger);
      await stranger.close();
      lose();
      copyFileSync(other.file, folder.file);
      await expect(append(store)).rejects.toEqual(unavailable);
      await reopen();
      await expect(append(store)).rejects.toEqual(unavailable);
      other.remove();
    });

    it('notices a database that was moved away while it was open', async () => {
      await append(store);
      renameSync(folder.file, `${folder.file}.moved`);
      await expect(append(store)).rejects.toEqual(unavailable);
      renameSync(`${folder.file}.moved`, folder.file);
      expect(await append(store)).toEqual({ seq: 2 });
    });

    it('writes the marker again when only that is lost', async () => {
      await append(store);
      const marker = `${folder.file}.log-id`;
      const id = readFileSync(marker, 'utf8');
      rmSync(marker);
      await reopen();
      await append(store);
      expect(readFileSync(marker, 'utf8')).toBe(id);
    });
  });
});
