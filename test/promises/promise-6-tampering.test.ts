import { randomInt } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { leafHash } from '../../src/audit/merkle.ts';
import { makePlace, REASON } from '../scenes/front-door.ts';
import { done, here } from '../scenes/here.ts';
import { type Tables, withTables } from '../scenes/tables.ts';
import { copyInto } from '../scenes/tampering.ts';
import { instanceIds, type Scene, setScene } from '../scenes/whole.ts';

let scene: Scene;
const newest = () => Number(scene.rows('SELECT max(seq) AS seq FROM audit_events')[0]?.seq ?? 0);

beforeAll(async () => {
  scene = await setScene({ instances: [{ count: 2 }] }, { approvers: ['mara'] });
  for (const instance of await instanceIds(scene)) {
    const { id, digest } = await scene.approved('ec2_terminate_instances', { instance_ids: [instance] });
    const sure = ['--yes', '--digest', digest, '--as', 'mara'];
    await done(scene.place, 'deny', id, '--reason', 'not today', ...sure);
    await scene.agent.call('ticket_get', { ticket_id: id });
    await scene.agent.call('ec2_describe_instances');
    await scene.agent.call('ec2_start_instances', { instance_ids: [instance], reason: REASON });
  }
  await scene.agent.close();
});
afterAll(async () => await scene[Symbol.asyncDispose]());

interface Row {
  seq: number;
  text: string;
  leaf: Uint8Array;
}
const entry = (db: Tables, seq: number) =>
  db.prepare<number, Row>('SELECT seq, text, leaf FROM entry WHERE seq = ?').get(seq) as Row;
const write = (db: Tables, { seq, text, leaf }: Row) => {
  db.prepare('DELETE FROM entry WHERE seq = ?').run(seq);
  db.prepare('INSERT INTO entry (seq, text, leaf) VALUES (?, ?, ?)').run(seq, text, leaf);
};
const shift = (db: Tables, from: number, by: 1 | -1) => {
  db.prepare('UPDATE entry SET seq = -seq WHERE seq >= ?').run(from);
  db.prepare('UPDATE entry SET seq = -seq + ? WHERE seq < 0').run(by);
};
const edited = (text: string) => {
  const at = randomInt(text.length);
  return text.slice(0, at) + (text[at] === 'x' ? 'y' : 'x') + text.slice(at + 1);
};

/** Verifies a copy of the installation to which this was done. */
async function verifyAfter(tamper: (db: Tables, size: number) => void) {
  await using copy = makePlace();
  copyInto(copy, scene.place);
  const size = newest();
  withTables(copy, (db) => tamper(db, size));
  const ran = await here(copy, ['audit', 'verify', '--json']);
  const told = await here(copy, ['audit', 'verify']);
  expect(told.code).toBe(ran.code);
  return { code: ran.code, size, text: told.stdout, problems: JSON.parse(ran.stdout).problems ?? [] };
}

test('[P6-6] nothing: it verifies', async () => {
  expect(await verifyAfter(() => {})).toMatchObject({ code: 0, problems: [] });
});

test('[P6-6] one byte of any entry', async () => {
  const { code, problems, size } = await verifyAfter((db, size) => {
    for (let seq = 1; seq <= size; seq++)
      db.prepare('UPDATE entry SET text = ? WHERE seq = ?').run(edited(entry(db, seq).text), seq);
  });
  expect(code).toBe(5);
  const found = problems.filter((one: { code: string }) => one.code === 'entry_altered');
  for (let seq = 1; seq <= Math.min(size, 25); seq++) expect(found).toContainEqual(expect.objectContaining({ seq }));
});

test('[P6-6] an entry and a ticket that are no longer JSON: they are named, and the views go on telling the rest', async () => {
  const seen: unknown[] = [];
  const { code, problems, size } = await verifyAfter((db, size) => {
    write(db, { ...entry(db, size - 1), text: '{"at":' });
    db.prepare(`UPDATE ticket SET plan = '{', draft = '{' WHERE n = (SELECT max(n) FROM ticket)`).run();
    seen.push(
      db.prepare('SELECT count(*) AS entries, count(actor) AS told FROM audit_events').get(),
      db
        .prepare(
          'SELECT count(*) AS tickets, count(tool) AS tool, count(environment) AS environment, count(effects) AS effects FROM ticket_overview',
        )
        .get(),
    );
  });
  expect(code).toBe(5);
  expect(problems).toContainEqual(expect.objectContaining({ seq: size - 1, code: 'entry_altered' }));
  const tickets = scene.rows('SELECT id FROM ticket_overview').length;
  expect(seen).toEqual([
    { entries: size, told: size - 1 },
    { tickets, tool: tickets - 1, environment: tickets - 1, effects: tickets - 1 },
  ]);
});

const at = (size: number) => Math.floor(size / 2);
test.each<[string, (db: Tables, size: number) => void, (size: number) => number, string]>([
  [
    'one byte, and another hash with it',
    (db, size) => {
      const text = edited(entry(db, size).text);
      write(db, { seq: size, text, leaf: leafHash(`${text} `) });
    },
    (size) => size,
    'entry_altered',
  ],
  [
    'an entry deleted',
    (db, size) => void db.prepare('DELETE FROM entry WHERE seq = ?').run(at(size)),
    at,
    'entry_missing',
  ],
  [
    'an entry deleted and the rest renumbered',
    (db, size) => {
      db.prepare('DELETE FROM entry WHERE seq = ?').run(at(size));
      shift(db, at(size) + 1, -1);
    },
    at,
    'entry_moved',
  ],
  [
    'the newest entries cut off',
    (db, size) => void db.prepare('DELETE FROM entry WHERE seq > ?').run(size - 3),
    (size) => size - 2,
    'entry_missing',
  ],
  [
    'two entries exchanged',
    (db, size) => {
      const [one, two] = [entry(db, at(size)), entry(db, at(size) + 1)];
      write(db, { ...one, seq: two.seq });
      write(db, { ...two, seq: one.seq });
    },
    at,
    'entry_moved',
  ],
  [
    'an entry put in',
    (db, size) => {
      shift(db, at(size), 1);
      write(db, { ...entry(db, at(size) - 1), seq: at(size) });
    },
    at,
    'entry_moved',
  ],
  [
    'an entry put at the end',
    (db, size) => {
      const text = entry(db, size).text.replace(`"seq":${size}`, `"seq":${size + 1}`);
      write(db, { seq: size + 1, text, leaf: leafHash(text) });
    },
    (size) => size + 1,
    'entry_beyond',
  ],
])('[P6-6] %s', async (_, tamper, where, code) => {
  const { code: exit, problems, size, text } = await verifyAfter(tamper);
  expect(exit).toBe(5);
  expect(problems).toContainEqual(expect.objectContaining({ seq: where(size), code }));
  expect(text).toContain(`${where(size)}`);
});

test('[P6-6] text and hash rewritten to match: the tree still tells, and where', async () => {
  const { code, problems, size } = await verifyAfter((db, size) => {
    const text = entry(db, at(size)).text.replace('"actor":"', '"actor":"x');
    write(db, { seq: at(size), text, leaf: leafHash(text) });
  });
  expect(code).toBe(5);
  const [problem] = problems.filter((one: { code: string }) => one.code === 'tree_altered');
  expect(problem.seq).toBeLessThanOrEqual(at(size));
  expect(problem.message).toMatch(/from \d+ to \d+/);
});

test("[P6-7] a ticket's row that says something else than the log", async () => {
  const [ticket] = scene.rows(`SELECT id FROM ticket_overview WHERE state = 'denied'`);
  const { code, problems } = await verifyAfter((db) => {
    db.prepare(`UPDATE ticket SET state = 'approved' WHERE id = ?`).run(ticket?.id);
  });
  expect(code).toBe(5);
  expect(problems).toContainEqual(expect.objectContaining({ code: 'ticket_state', ticket: ticket?.id }));
});
