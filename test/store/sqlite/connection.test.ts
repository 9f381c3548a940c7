import { afterEach, beforeEach, expect, it } from 'vitest';
import { type Connection, connect } from '../../../src/store/sqlite/connection.ts';
import { type Folder, temporaryFolder } from './folder.ts';

let folder: Folder;
let connections: Connection[];
beforeEach(async () => {
  folder = temporaryFolder();
  connections = [];
  // The second one finds the database as the first one left it.
  for (let index = 0; index < 2; index += 1)
    connections.push(await connect({ file: folder.file, clock: Date.now, busyTimeoutMs: 1234, recipients: () => [] }));
});
afterEach(() => {
  for (const connection of connections) connection.close();
  folder.remove();
});

it.each([
  ['journal_mode', 'wal'],
  // FULL: what was committed survives the machine, not only the process.
  ['synchronous', 2],
  ['wal_autocheckpoint', 0],
  ['foreign_keys', 1],
  ['recursive_triggers', 1],
  ['trusted_schema', 0],
  // Short: the whole process stands still meanwhile. What takes longer is waited for outside SQLite.
  ['busy_timeout', 100],
])('sets %s on every connection', (pragma, value) => {
  for (const connection of connections)
    expect(Object.values(connection.get<object>(`PRAGMA ${pragma}`) ?? {})).toEqual([value]);
});

it('undoes all of a transaction that fails', () => {
  const [connection] = connections as [Connection];
  const residues = () => connection.all('SELECT * FROM residue');
  expect(() =>
    connection.writing(() => {
      connection.run(
        `INSERT INTO residue (ticket, residue, tool, agent, announced_at) VALUES ('t', '{}', 'x', 'a', 1)`,
      );
      throw new Error('halfway');
    }),
  ).toThrow('halfway');
  expect(residues()).toEqual([]);
});

it('reads of the moment of its own first read: what was kept of an earlier one is never more', () => {
  const [reader, writer] = connections as [Connection, Connection];
  const count = reader.reading(() => {
    // As another process does it between this one's look at the kept head and its look at the log.
    writer.writing(() =>
      writer.run(`INSERT INTO residue (ticket, residue, tool, agent, announced_at) VALUES ('t', '{}', 'x', 'a', 1)`),
    );
    return reader.all('SELECT * FROM residue').length;
  });
  expect(count).toBe(1);
});
