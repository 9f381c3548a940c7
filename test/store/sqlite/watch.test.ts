import { appendFileSync } from 'node:fs';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { Connection } from '../../../src/store/sqlite/connection.ts';
import { type Watcher, watcherOf } from '../../../src/store/sqlite/watch.ts';
import { type Folder, temporaryFolder } from './folder.ts';

/* What the safety poll would find, in time, is found without it: it stands still here. */

let folder: Folder;
let watcher: Watcher | undefined;

beforeEach(() => {
  folder = temporaryFolder();
  vi.useFakeTimers({ toFake: ['setInterval'] });
});
afterEach(() => {
  watcher?.close();
  vi.useRealTimers();
  folder.remove();
});

/** A disk on which what was written counts only by the given look. */
function slowDisk(look: number) {
  const { file } = folder;
  let looks = Number.NEGATIVE_INFINITY;
  const get = () => {
    looks += 1;
    return { news: looks >= look ? 1 : 0 };
  };
  const connection = { get } as unknown as Connection;
  watcher = watcherOf(file, async (perform) => perform(connection));
  return {
    watcher,
    write() {
      looks = 0;
      appendFileSync(`${file}-wal`, 'x');
    },
  };
}

it.each([1, 3, 5])(
  'a commit that counts by look %s after it was written is seen, though nothing is written then',
  async (look) => {
    const disk = slowDisk(look);
    let told = () => {};
    const news = () => {
      const { promise, resolve } = Promise.withResolvers<void>();
      told = resolve;
      return promise;
    };
    const first = news();
    disk.watcher.watch(() => told());
    await first;
    const second = news();
    disk.write();
    await expect(second).resolves.toBeUndefined();
  },
);
