import { chmodSync, copyFileSync, existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Database } from 'better-sqlite3';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { verify } from '../../src/commands/verify.ts';
import { makePlace, type Place, until } from '../scenes/front-door.ts';
import { agentHere, approve, done, enroll, executing } from '../scenes/here.ts';
import { events, stateOf } from '../scenes/state.ts';
import { withDatabase } from '../scenes/tables.ts';
import { copyInto, rewriteLog } from '../scenes/tampering.ts';
import { instanceIds, instanceState, type Scene, setScene } from '../scenes/whole.ts';

/*
 * The attacker writes the database in any way, holds no key, and can't write keys/. People had stopped a change; it
 * must stay stopped. Each attack is made on a copy of the whole installation, with the built executor.
 */
let scene: Scene;
let instances: readonly string[];
/** An older copy of the database, from before anything was stopped. */
let older: string;
const tickets: { halted: string; withdrawn: string; denied: string; recalled: string; revoked: string } = {
  halted: '',
  withdrawn: '',
  denied: '',
  recalled: '',
  revoked: '',
};
const NAMES = ['halted', 'withdrawn', 'denied', 'recalled', 'revoked'] as const;
type Stopped = (typeof NAMES)[number];

beforeAll(async () => {
  scene = await setScene({ instances: [{ count: NAMES.length }] }, { approvers: ['mara', 'nina'] });
  const { place, agent } = scene;
  instances = await instanceIds(scene);
  await enroll(place, 'olga', 'mara');
  for (const [index, name] of NAMES.entries()) {
    const asked = await scene.ask('ec2_terminate_instances', { instance_ids: [instances[index]!] });
    const ran = await approve(place, asked, name === 'revoked' ? 'olga' : 'mara');
    expect(ran.code, ran.stderr).toBe(0);
    tickets[name] = asked.id;
  }
  older = join(place.home, 'aws', 'older.db');
  await agent.close();
  // Whatever is still in the -wal file belongs into the copy.
  withDatabase(place, (db) => db.exec(`VACUUM INTO '${older}'`), 'keep the fences');
  const again = await agentHere(place, { operator: 'otto' });
  await again.call('ticket_withdraw', {
    ticket_id: tickets.withdrawn,
    reason: 'Not needed any more, says the operator.',
  });
  await again.close();
  const run = (...args: string[]) => done(place, ...args);
  const digest = (id: string) => scene.rows('SELECT digest FROM ticket WHERE id = ?', id)[0]!.digest!;
  const sure = (id: string) => ['--yes', '--digest', digest(id), '--as', 'mara'];
  await run('deny', tickets.denied, '--reason', 'not today', ...sure(tickets.denied));
  await run('approve', tickets.recalled, '--withdraw', ...sure(tickets.recalled));
  await run('approvers', 'revoke', 'olga', '--as', 'mara');
  await run('halt', '--reason', 'stop everything', '--as', 'nina');
});
afterAll(async () => await scene[Symbol.asyncDispose]());

/** Lets an executor loose on a copy to which this was done, until it has dealt with the ticket. */
async function after(which: Stopped, attack: (db: Database, place: Place) => void) {
  const id = tickets[which];
  const place = makePlace({ endpoint: scene.cloud.endpoint });
  copyInto(place, scene.place);
  withDatabase(place, (db) => attack(db, place));
  const said = () => events(place).filter(({ type, ticket }) => type === 'execution.waiting' && ticket === id);
  const before = said().length;
  const executor = await executing(place);
  await until(
    () => ({ state: stateOf(place, id), said: said().length, errors: executor.said() }),
    (now) => now.state !== 'approved' || now.said > before || now.errors !== '',
    60_000,
  );
  await executor.stop();
  const errors = executor.said();
  const state = stateOf(place, id);
  const why = said().at(-1)?.detail;
  return { place, state, why, errors, runs: await instanceState(scene, instances[NAMES.indexOf(which)]!) };
}

/** Takes entries out of a partial index, and puts its definition back as it was. */
function hide(db: Database, index: string, condition: string): void {
  const sql = db.prepare<[string], string>('SELECT sql FROM sqlite_schema WHERE name = ?').pluck().get(index) ?? '';
  const write = (text: string) => db.prepare('UPDATE sqlite_schema SET sql = ? WHERE name = ?').run(text, index);
  db.unsafeMode(true);
  db.pragma('writable_schema = ON');
  write(`${sql} AND ${condition}`);
  db.pragma('writable_schema = RESET');
  db.exec(`REINDEX ${index}`);
  db.pragma('writable_schema = ON');
  write(sql);
  db.pragma('writable_schema = RESET');
}

function putBackOlder(place: Place): void {
  for (const suffix of ['-wal', '-shm']) rmSync(`${place.database}${suffix}`, { force: true });
  copyFileSync(join(place.home, 'aws', 'older.db'), place.database);
  chmodSync(place.database, 0o600);
}

const seqOf = (place: Place, type: string) => events(place, type).at(-1)!.seq;
const approvedAgain = (db: Database, id: string) =>
  db.prepare("UPDATE ticket SET state = 'approved' WHERE id = ?").run(id);
const noHalt = (db: Database, place: Place) => {
  hide(db, 'entry_statement', `seq <> ${seqOf(place, 'halt.set')}`);
  db.exec('UPDATE tree SET statements = statements - 1');
};

const ATTACKS: readonly [Stopped, string, (db: Database, place: Place) => void][] = [
  ['halted', 'the halt taken out of the index, and the count lowered', noHalt],
  [
    'halted',
    'the halt moved below the first entry',
    (db, place) => {
      db.prepare('UPDATE entry SET seq = -seq WHERE seq = ?').run(seqOf(place, 'halt.set'));
      db.exec('UPDATE tree SET statements = statements - 1');
    },
  ],
  [
    'halted',
    'the log rewritten without the halt, tree and all',
    (db) => rewriteLog(db, (entries) => entries.filter(({ type }) => type !== 'halt.set')),
  ],
  [
    'halted',
    'the halt replaced by something else, tree and all',
    (db) =>
      rewriteLog(db, (entries) =>
        entries.map((entry) => (entry.type === 'halt.set' ? { ...entry, type: 'call.failed', detail: {} } : entry)),
      ),
  ],
  [
    'halted',
    'an older copy put back',
    (db, place) => {
      db.close();
      putBackOlder(place);
    },
  ],
  [
    'halted',
    'the column that finds statements defined anew',
    (db, place) => {
      db.unsafeMode(true);
      db.pragma('writable_schema = ON');
      db.prepare(
        "UPDATE sqlite_schema SET sql = replace(sql, '$.detail.statement_seq', '$.detail.statement_seo') WHERE name = 'entry'",
      ).run();
      db.pragma('writable_schema = RESET');
      db.exec('REINDEX; UPDATE tree SET statements = 0');
      expect(place.home).not.toBe('');
    },
  ],
  [
    'withdrawn',
    "the agent's withdrawal taken out of the index, and the row set back",
    (db, place) => {
      noHalt(db, place);
      hide(db, 'entry_ticket', `seq <> ${seqOf(place, 'ticket.withdrawn')}`);
      approvedAgain(db, tickets.withdrawn);
      db.prepare('UPDATE ticket SET entries = entries - 1 WHERE id = ?').run(tickets.withdrawn);
    },
  ],
  [
    'denied',
    'the denial taken out of the index, and the row set back',
    (db, place) => {
      noHalt(db, place);
      hide(db, 'entry_ticket', `NOT (ticket = '${tickets.denied}' AND ticket_seq > 3)`);
      approvedAgain(db, tickets.denied);
      db.prepare('UPDATE ticket SET entries = 3 WHERE id = ?').run(tickets.denied);
    },
  ],
  [
    'denied',
    'the story begun anew behind its end',
    (db, place) => {
      noHalt(db, place);
      const { denied } = tickets;
      rewriteLog(db, (entries) => [
        ...entries,
        ...entries
          .filter(({ ticket, type, detail }) => ticket === denied && detail.ticket_seq <= 3 && type !== 'ticket.denied')
          .map((entry) => ({ ...entry, at: entries.at(-1)!.at, detail: { ...entry.detail } })),
      ]);
      approvedAgain(db, denied);
    },
  ],
  [
    'recalled',
    'the withdrawn approval taken out of the index',
    (db, place) => {
      noHalt(db, place);
      hide(db, 'entry_ticket', `NOT (ticket = '${tickets.recalled}' AND ticket_seq > 3)`);
      db.prepare('UPDATE ticket SET entries = 3 WHERE id = ?').run(tickets.recalled);
    },
  ],
  [
    'revoked',
    'the revocation of whoever approved taken out of the index',
    (db, place) => {
      hide(db, 'entry_statement', `seq < ${seqOf(place, 'approver.revoked')}`);
      db.exec('UPDATE tree SET statements = statements - 2');
    },
  ],
];

test.each(ATTACKS)('A5: what was %s does not run after %s', async (which, what, attack) => {
  const { place, ...end } = await after(which, attack);
  await using _ = place;
  expect(end.runs, `${what}: ${JSON.stringify(end)}`).toBe('running');
  expect(['approved', 'denied', 'withdrawn']).toContain(end.state);
  expect(events(place, 'ticket.executing')).toEqual([]);
  const { exit, text } = await verify({ env: place.env, sandbox: false });
  expect(exit, text).toBe(5);
  expect(text).toContain('the log does not verify');
});

test('A6: -wal and -shm removed after a kill: nothing runs, everything says so, and an admin goes on by a signed word', async () => {
  const place = makePlace({ endpoint: scene.cloud.endpoint });
  await using _ = place;
  copyInto(place, scene.place);
  // The database as it was at some checkpoint, without what was committed since.
  putBackOlder(place);
  const listed = await place.cli(['tickets', 'list']);
  expect(listed.stderr).toMatch(/the log ends with entry \d+, but \d+ were seen here .*audit accept/s);
  const executor = await executing(place);
  await until(
    () => events(place, 'execution.waiting').filter(({ ticket }) => ticket === tickets.halted),
    (said) => said.length > 0,
    60_000,
  );
  const why = events(place, 'execution.waiting').find(({ ticket }) => ticket === tickets.halted);
  expect(why).toMatchObject({
    outcome: 'log_not_continued',
    detail: { refusal: { recovery: expect.stringContaining('audit accept') } },
  });
  expect(stateOf(place, tickets.halted)).toBe('approved');
  expect(await instanceState(scene, instances[0]!)).toBe('running');
  await executor.stop();

  const shown = await place.cli(['audit', 'accept']);
  expect(shown.code).toBe(5);
  for (const word of ['halt.set', 'approver.revoked', 'seen here', 'now']) expect(shown.stdout).toContain(word);
  const [, head = ''] = /--head (\S+)/.exec(shown.stdout) ?? [];
  const by = (name: string) => place.cli(['audit', 'accept', '--head', head, '--reason', 'disk lost', '--as', name]);
  expect((await by('nina')).stderr).toContain('admin');
  expect((await place.cli(['audit', 'accept'])).code).toBe(5);
  const accepted = await by('mara');
  expect(accepted.stderr).toBe('');
  expect(accepted.code).toBe(0);
  expect(events(place, 'log.accepted')[0]?.detail).toMatchObject({
    reason: 'disk lost',
    accepted: { size: Number(head.split(':')[0]) },
    lost: expect.arrayContaining([{ seq: expect.any(Number), type: 'halt.set' }]),
  });
  expect((await place.cli(['tickets', 'list'])).stderr).toBe('');
  expect((await place.cli(['audit', 'accept'])).code).toBe(0);

  // It is how someone would take an installation over: said wherever people look.
  const said = /LOG ACCEPTED by mara .* with \d+ entries, where \d+ had been seen\. Reason: "disk lost"/;
  for (const command of ['audit verify', 'approvers list'])
    expect((await place.cli(command.split(' '))).stdout, command).toMatch(said);
  const one = { by: 'mara', reason: 'disk lost', size: Number(head.split(':')[0]) };
  for (const command of ['audit verify', 'approvers list'])
    expect(await place.json(command.split(' ')), command).toMatchObject({ accepted: [one] });
});

test('A6: keys without a head, beside a log that has a past: nothing runs until an admin accepts it', async () => {
  const place = makePlace({ endpoint: scene.cloud.endpoint });
  await using _ = place;
  copyInto(place, scene.place);
  rmSync(join(place.home, 'keys', 'head.db'));
  const listed = await place.cli(['tickets', 'list']);
  expect(listed.stderr).toContain('keys/head.db, which says how far it was seen here, is missing');
  const shown = await place.cli(['audit', 'accept']);
  const [, head = ''] = /--head (\S+)/.exec(shown.stdout) ?? [];
  const accepted = await place.cli(['audit', 'accept', '--head', head, '--reason', 'a new machine', '--as', 'mara']);
  expect(accepted).toMatchObject({ code: 0, stderr: '' });
  expect((await place.cli(['tickets', 'list'])).stderr).toBe('');
  expect((await place.cli(['approvers', 'list'])).stdout).toContain('where nothing was known of it');
});

test('A6: a new installation begins without any ceremony', async () => {
  const place = makePlace();
  await using _ = place;
  const first = await place.cli(['tickets', 'list']);
  expect(first).toMatchObject({ code: 0, stderr: '' });
  expect(existsSync(join(place.home, 'keys', 'head.db'))).toBe(true);
});
