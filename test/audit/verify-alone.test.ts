import { spawn } from 'node:child_process';
import { chmodSync, chownSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { leafHash } from '../../src/audit/merkle.ts';
import { CLI, makePlace, type Place } from '../scenes/front-door.ts';
import { here } from '../scenes/here.ts';
import { events } from '../scenes/state.ts';
import { withDatabase } from '../scenes/tables.ts';
import { copyInto, foreignKey, rewriteLog } from '../scenes/tampering.ts';
import { instanceIds, type Scene, setScene } from '../scenes/whole.ts';

let scene: Scene;
beforeAll(async () => {
  scene = await setScene({ instances: [{ count: 1 }] }, { approvers: ['mara'] });
  await scene.approved('ec2_terminate_instances', { instance_ids: await instanceIds(scene) });
  await scene.agent.close();
});
afterAll(async () => await scene[Symbol.asyncDispose]());

async function copied(work: (place: Place) => Promise<void>): Promise<void> {
  await using place = makePlace();
  copyInto(place, scene.place);
  await work(place);
}

test('C22: audit verify writes nothing, and no configuration breaks it', async () => {
  await copied(async (place) => {
    writeFileSync(join(place.home, 'config.yaml'), 'environments: [');
    const before = readdirSync(place.home).sort();
    const ran = await place.cli(['audit', 'verify']);
    expect(ran).toMatchObject({ code: 0, stderr: '' });
    expect(readdirSync(place.home).sort()).toEqual(before);
  });
});

test.skipIf(process.getuid?.() !== 0)(
  'C22: audit verify needs no write access (tried as another user, by root)',
  async () => {
    await copied(async (place) => {
      const nobody = 65_534;
      for (const name of readdirSync(place.home, { recursive: true, encoding: 'utf8' })) {
        const path = join(place.home, name);
        chownSync(path, nobody, nobody);
        chmodSync(path, statSync(path).isDirectory() ? 0o500 : 0o400);
      }
      for (const suffix of ['-wal', '-shm']) rmSync(`${place.database}${suffix}`, { force: true });
      chownSync(place.home, nobody, nobody);
      chmodSync(place.home, 0o500);
      const child = spawn(process.execPath, [CLI, 'audit', 'verify'], { env: place.env, uid: nobody, gid: nobody });
      let said = '';
      for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (said += chunk));
      const code = await new Promise((resolve) => child.once('close', resolve));
      expect({ code, said }).toEqual({ code: 0, said: expect.stringContaining('nothing wrong found') });
    });
  },
);

test('A5: what audit verify can not know stands in the line that says that nothing is wrong', async () => {
  const ran = await scene.place.cli(['audit', 'verify']);
  expect(ran.stdout.split('\n')[0]).toMatch(
    /^\d+ entries, nothing wrong found; not known: .*rewritten whole.*older copy/,
  );
  expect(ran.stdout).not.toContain('as it was written');
});

const signatures = (key: ReturnType<typeof foreignKey>) => ({
  kind: 'halt' as const,
  reason: 'x',
  nonce: '0'.repeat(32),
  signed_at: '2026-01-01T00:00:00.000Z',
  key: key.id,
  by: 'mara',
});

test.each<[string, (place: Place) => void, string]>([
  [
    'a trigger taken down',
    (place) => withDatabase(place, (db) => db.exec('DROP TRIGGER entry_delete'), 'keep the fences'),
    'trigger entry_delete is missing',
  ],
  [
    'a view replaced',
    (place) =>
      withDatabase(place, (db) => db.exec('DROP VIEW audit_events; CREATE VIEW audit_events AS SELECT 1 AS seq')),
    'view audit_events is not as it was made',
  ],
  [
    'an object put in',
    (place) => withDatabase(place, (db) => db.exec('CREATE TABLE extra (x)')),
    'table extra was put in',
  ],
  [
    "the tree's count lowered",
    (place) => withDatabase(place, (db) => db.exec('UPDATE tree SET statements = 0')),
    'the tree counts 0 signed statements',
  ],
  [
    "a ticket's count lowered",
    (place) => withDatabase(place, (db) => db.exec('UPDATE ticket SET entries = 1')),
    'counts 1 entries',
  ],
  [
    'an entry moved below the first',
    (place) =>
      withDatabase(place, (db) =>
        db.exec('INSERT INTO entry (seq, text, leaf) SELECT -1, text, leaf FROM entry WHERE seq = 1'),
      ),
    'numbers below 1',
  ],
  [
    'a member written twice',
    (place) =>
      withDatabase(place, (db) => {
        const [last] = events(place, 'decision.recorded');
        const text = db.prepare<[number], string>('SELECT text FROM entry WHERE seq = ?').pluck().get(last!.seq)!;
        const twice = text.replace('{', '{"type":"call.failed",');
        db.prepare('UPDATE entry SET text = ?, leaf = ? WHERE seq = ?').run(twice, leafHash(twice), last!.seq);
      }),
    'it can be read in two ways',
  ],
  [
    'a halt by a key that nobody enrolled, in a log rewritten to match',
    (place) =>
      withDatabase(place, (db) => {
        const key = foreignKey();
        rewriteLog(db, (entries) => [
          ...entries,
          {
            ...entries.at(-1)!,
            type: 'halt.set',
            actor: 'approver:mara',
            ticket: undefined as never,
            outcome: undefined,
            detail: { reason: 'x', ...key.sign(signatures(key)), statement_seq: 1 },
          },
        ]);
      }),
    'a key that nobody enrolled',
  ],
  [
    'the newest entries cut off, tree and all',
    (place) => withDatabase(place, (db) => rewriteLog(db, (entries) => entries.slice(0, -2))),
    'were seen here',
  ],
  [
    'an early entry rewritten, tree and all',
    (place) =>
      withDatabase(place, (db) => rewriteLog(db, ([first, ...rest]) => [{ ...first!, outcome: 'other' }, ...rest])),
    'not those that were seen here',
  ],
])('A5: audit verify finds %s', async (_, tamper, said) => {
  await copied(async (place) => {
    tamper(place);
    const ran = await here(place, ['audit', 'verify']);
    expect({ code: ran.code, text: ran.stdout + ran.stderr }).toEqual({ code: 5, text: expect.stringContaining(said) });
  });
});

test.each([
  ['a table put in', 'CREATE TABLE extra (x)', 'table extra was put in'],
  ['an index taken away', 'DROP INDEX entry_statement', 'index entry_statement is missing'],
  ['a trigger of somebody else', 'CREATE TRIGGER t AFTER INSERT ON entry BEGIN SELECT 1; END', 'trigger t was put in'],
])('A5: no command works on a database with %s; audit verify still reads it', async (_, sql, said) => {
  await copied(async (place) => {
    withDatabase(place, (db) => db.exec(sql), 'keep the fences');
    const listed = await place.cli(['tickets', 'list']);
    expect({ code: listed.code, stderr: listed.stderr }).toEqual({ code: 5, stderr: expect.stringContaining(said) });
    expect((await place.cli(['audit', 'verify'])).stdout).toContain(said);
  });
});
