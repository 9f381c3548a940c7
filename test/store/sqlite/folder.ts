import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { openSqliteStore } from '../../../src/store/sqlite/store.ts';

export interface Folder {
  readonly path: string;
  readonly file: string;
  /** As an attacker, or the plain shell, would open it: none of our settings. */
  raw(): Database.Database;
  remove(): void;
}

export function temporaryFolder(): Folder {
  const path = mkdtempSync(join(tmpdir(), 'holdshort-store-'));
  const file = join(path, 'holdshort.db');
  return { path, file, raw: () => new Database(file), remove: () => rmSync(path, { recursive: true, force: true }) };
}

export const open = ({ file }: Folder, clock: () => number = Date.now) =>
  openSqliteStore({ file, clock, head: `${file}.head` });
