import { writeFileSync } from 'node:fs';
import type { Database } from 'better-sqlite3';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { makePlace, type Place } from '../scenes/front-door.ts';
import { done, here } from '../scenes/here.ts';
import { withDatabase } from '../scenes/tables.ts';
import { copyInto, rewriteLog } from '../scenes/tampering.ts';
import { instanceIds, type Scene, setScene } from '../scenes/whole.ts';

/*
 * The attacker writes to the database and gets hashes and tree right, so that the log is one that could have been
 * written. What people are said to have said, they didn't sign.
 */

type Entries = Parameters<Parameters<typeof rewriteLog>[1]>[0];
type Entry = Entries[number];

let scene: Scene;
let ticket: string;
beforeAll(async () => {
  scene = await setScene({ instances: [{ count: 2 }] }, { approvers: ['mara'] });
  const [one, two] = await instanceIds(scene);
  await scene.approved('ec2_terminate_instances', { instance_ids: [one] });
  ticket = (await scene.ask('ec2_terminate_instances', { instance_ids: [two] })).id;
  await done(scene.place, 'approvers', 'groups', 'mara', '--group', 'ops', '--as', 'mara');
  await scene.agent.close();
});
afterAll(async () => await scene[Symbol.asyncDispose]());

const last = (entries: Entries, type: string) => structuredClone(entries.findLast((entry) => entry.type === type)!);
/** A step of the pending ticket, by someone. */
const step = (entries: Entries, type: string, actor: string): Entry => ({
  ...last(entries, 'ticket.approved'),
  ticket,
  type,
  actor,
  outcome: undefined,
  detail: { digest: last(entries, 'ticket.pending').detail.digest, ticket_seq: 1 },
});
const copied = async (work: (place: Place) => Promise<void>) => {
  await using place = makePlace();
  copyInto(place, scene.place);
  await work(place);
};
const setState = (db: Database, state: string) =>
  db.prepare('UPDATE ticket SET state = ? WHERE id = ?').run(state, ticket);

test.each<[string, (entries: Entries) => Entries, string | undefined, string]>([
  [
    'a denial that nobody signed',
    (entries) => [...entries, step(entries, 'ticket.denied', 'approver:mara')],
    'denied',
    'is said to be by approver:mara, who signed nothing of that kind right before it',
  ],
  [
    'an approval that nobody signed',
    (entries) => [...entries, step(entries, 'ticket.approved', 'approver:mara')],
    'approved',
    'who signed nothing',
  ],
  [
    'an approval by no approver',
    (entries) => [...entries, step(entries, 'ticket.approved', 'agent:bot')],
    'approved',
    'what is pending is approved by an approver and nobody else',
  ],
  [
    'a reading that somebody who can only approve is said to have done',
    (entries) => [...entries, { ...last(entries, 'ticket.pending'), type: 'call.completed', actor: 'approver:mara' }],
    undefined,
    'who signed nothing',
  ],
  [
    'a statement put in once more',
    (entries) => [...entries, last(entries, 'approver.groups_set')],
    undefined,
    'which was signed once',
  ],
  [
    'a decision put in once more',
    (entries) => [...entries, last(entries, 'decision.recorded')],
    undefined,
    'which was signed once',
  ],
  [
    'a statement under the name of another one',
    (entries) => entries.map((one) => (one.type === 'approver.groups_set' ? { ...one, actor: 'approver:zed' } : one)),
    undefined,
    'does not name mara, who signed it',
  ],
])('A5: audit verify finds %s, in a log that was made to match', async (_, edit, state, said) => {
  await copied(async (place) => {
    withDatabase(place, (db) => {
      rewriteLog(db, (entries) => edit(entries));
      if (state) setState(db, state);
    });
    const ran = await here(place, ['audit', 'verify']);
    expect({ code: ran.code, text: ran.stdout }).toEqual({ code: 5, text: expect.stringContaining(said) });
  });
});

test('A5: an entry that no reader can walk through hides none of the others', async () => {
  await copied(async (place) => {
    withDatabase(place, (db) => {
      db.prepare("UPDATE entry SET text = replace(text, 'mara', 'zora') WHERE seq = 1").run();
      const deep = `{"seq":2,"at":"2026-01-01T00:00:00.000Z","type":"call.completed","detail":${'['.repeat(20_000)}${']'.repeat(20_000)}}`;
      db.prepare('UPDATE entry SET text = ? WHERE seq = 2').run(deep);
    });
    const ran = await place.cli(['audit', 'verify']);
    expect(ran).toMatchObject({ code: 5, stderr: '' });
    expect(ran.stdout).toContain('entry 1 was altered');
    expect(ran.stdout).toContain('entry 2 is not a log entry');
    for (const args of [['show', '2'], ['list']]) {
      const looked = await place.cli(['audit', ...args]);
      expect(looked.stdout + looked.stderr).not.toContain('RangeError');
      expect(looked.stdout).toContain('unreadable');
    }
  });
});

test.each([
  ['nothing', ''],
  ['something else', 'not a database at all, but long enough to be taken for one'.repeat(50)],
])('A5: a database file with %s in it is no log of ours', async (_, content) => {
  await copied(async (place) => {
    for (const suffix of ['', '-wal', '-shm']) writeFileSync(`${place.database}${suffix}`, content);
    const ran = await place.cli(['audit', 'verify']);
    expect(ran).toMatchObject({ code: 5, stderr: expect.stringContaining('can not be read as a log of ours') });
    expect(ran.stderr).not.toContain('    at ');
  });
});
