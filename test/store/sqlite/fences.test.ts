import type Database from 'better-sqlite3';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { mayFollow, TICKET_STATES } from '../../../src/kernel/ticket.ts';
import { BREAKS_GLASS } from '../../../src/store/sqlite/migrations/0003.ts';
import { NAMED_KITS } from '../../../src/store/sqlite/operations/named-kits.ts';
import { dueQuery } from '../../../src/store/sqlite/operations/read-tickets.ts';
import { bounded } from '../../scenes/bounded.ts';
import { openingOf } from '../../scenes/openings.ts';
import { type Folder, open, temporaryFolder } from './folder.ts';

describe("the database's own rules", () => {
  let folder: Folder;
  let db: Database.Database;

  beforeEach(async () => {
    folder = temporaryFolder();
    const store = open(folder);
    await store.forAgent({ agent: 'claude', operator: 'ann', session: 's1' }).openTicket(openingOf(Date.now()));
    await store
      .forAgent({ agent: 'claude', operator: 'ann', session: 's1' })
      .append({ type: 'call.completed', actor: 'agent:claude', detail: {} });
    await store.close();
    db = folder.raw();
    // As the plain shell has it.
    db.pragma('recursive_triggers = OFF');
  });
  afterEach(() => {
    db.close();
    folder.remove();
  });

  it.each([
    ['changes an entry', `UPDATE entry SET text = replace(text, 'claude', 'nobody') WHERE seq = 1`],
    ['deletes an entry', 'DELETE FROM entry WHERE seq = 2'],
    [
      'replaces an entry',
      `INSERT OR REPLACE INTO entry (seq, text, leaf) SELECT 1, text, leaf FROM entry WHERE seq = 2`,
    ],
    ['replaces the newest', `REPLACE INTO entry (seq, text, leaf) SELECT seq, text, leaf FROM entry WHERE seq = 2`],
    ['leaves a gap', `INSERT INTO entry (seq, text, leaf) SELECT 4, text, leaf FROM entry WHERE seq = 2`],
    ['lets SQLite choose the place', `INSERT INTO entry (text, leaf) SELECT text, leaf FROM entry WHERE seq = 2`],
    [
      'changes entries by upsert',
      `INSERT INTO entry (seq, text, leaf) SELECT seq, text, leaf FROM entry WHERE TRUE ON CONFLICT DO UPDATE SET text = '{}'`,
    ],
    ['shrinks the tree', 'UPDATE tree SET size = 1'],
    ['gives the log another id', `UPDATE tree SET log_id = 'other', size = 3`],
    ['changes the tree without an entry', `UPDATE tree SET frontier = x'', news = 9`],
    ['forgets statements', 'UPDATE tree SET statements = -1, news = 9'],
    ['takes back news', 'UPDATE tree SET news = -1'],
    ['deletes the tree', 'DELETE FROM tree'],
    ['replaces the tree', `INSERT OR REPLACE INTO tree SELECT one, log_id, 0, x'', 0, news FROM tree`],
    ['deletes a ticket', 'DELETE FROM ticket'],
    [
      'replaces a ticket',
      `INSERT OR REPLACE INTO ticket (id, state, draft, entries) SELECT id, 'planning', draft, 1 FROM ticket`,
    ],
    [
      'replaces a ticket by its call',
      `INSERT OR REPLACE INTO ticket (id, state, draft, plan, digest, call, entries) SELECT 'tkt_x', state, draft, plan, digest, call, 1 FROM ticket`,
    ],
    ['changes a plan', `UPDATE ticket SET plan = replace(plan, 'stop', 'kill')`],
    ['changes a digest', `UPDATE ticket SET digest = 'other'`],
    ['changes a draft', `UPDATE ticket SET draft = replace(draft, 'ann', 'bob')`],
    ['changes an id', `UPDATE ticket SET id = 'tkt_other'`],
    ['jumps a state', `UPDATE ticket SET state = 'succeeded'`],
    ['invents a state', `UPDATE ticket SET state = 'fine'`],
    [
      'begins a ticket at its end',
      `INSERT INTO ticket (id, state, draft, entries) SELECT 'tkt_x', 'executing', draft, 1 FROM ticket`,
    ],
    ['takes back entries', 'UPDATE ticket SET entries = 0'],
  ])('refuse a write that %s', (_, sql) => {
    const before = db.prepare('SELECT * FROM entry, tree, ticket').all();
    expect(() => db.exec(sql)).toThrow(expect.objectContaining({ code: expect.stringMatching(/^SQLITE_CONSTRAINT/) }));
    expect(db.prepare('SELECT * FROM entry, tree, ticket').all()).toEqual(before);
  });

  it.each([
    ['another call', `draft = json_set(draft, '$.reason', 'other'), plan = 'p', digest = 'd', call = 'c'`],
    ['no plan yet', `draft = json_set(draft, '$.expires_at', 'later')`],
  ])('keep the draft of a ticket that is being planned: %s', (_, set) => {
    db.exec(`INSERT INTO ticket (id, state, draft, entries) SELECT 'tkt_planned', 'planning', draft, 1 FROM ticket`);
    const change = (what: string) => db.exec(`UPDATE ticket SET state = 'pending', ${what} WHERE id = 'tkt_planned'`);
    expect(() => change(set)).toThrow(expect.objectContaining({ code: expect.stringMatching(/^SQLITE_CONSTRAINT/) }));
    change(`draft = json_set(draft, '$.expires_at', 'later'), plan = 'p', digest = 'd', call = 'c'`);
  });

  it('let a ticket go exactly where the table of transitions lets it', () => {
    db.exec('DROP TRIGGER ticket_insert');
    const states = fc.constantFrom(...TICKET_STATES);
    let n = 100;
    fc.assert(
      fc.property(states, states, (from, to) => {
        n += 1;
        db.prepare(
          `INSERT INTO ticket (n, id, state, draft, plan, digest, call, entries) VALUES (?, ?, ?, '{}', 'p', 'd', ?, 1)`,
        ).run(n, `tkt_${n}`, from, `call ${n}`);
        const move = () => db.prepare('UPDATE ticket SET state = ? WHERE n = ?').run(to, n);
        if (mayFollow(from, to)) expect(move().changes).toBe(1);
        else if (from !== to) expect(move).toThrow(expect.objectContaining({ code: 'SQLITE_CONSTRAINT_TRIGGER' }));
      }),
      { numRuns: bounded('generated moves of a row', 400, 100) },
    );
  });

  it('find broken glass by an index of its own, and take a statement that is none', () => {
    const query = `SELECT ticket FROM entry WHERE ${BREAKS_GLASS} GROUP BY ticket ORDER BY max(seq) DESC LIMIT 5`;
    const steps = db.prepare<[], { detail: string }>(`EXPLAIN QUERY PLAN ${query}`).all();
    expect(steps.map(({ detail }) => detail).join('\n')).toContain('USING INDEX entry_glass');
    const text = JSON.stringify({ ticket: 't', detail: { ticket_seq: 1, statement: '{"break_glass":' } });
    db.prepare('INSERT INTO entry (seq, text, leaf) SELECT 3, ?, leaf FROM entry WHERE seq = 2').run(text);
    expect(db.prepare(query).all()).toEqual([]);
  });

  it.each([false, true])(
    'find what is approved by an index of its own, and sort nothing (regions: %s)',
    (inRegions) => {
      const query = dueQuery('approved', inRegions);
      const values = Array.from({ length: query.split('?').length - 1 }, () => '[]');
      const steps = db.prepare<string[], { detail: string }>(`EXPLAIN QUERY PLAN ${query}`).all(...values);
      const plan = steps.map(({ detail }) => detail).join('\n');
      expect(plan).toContain('USING INDEX ticket_due');
      expect(plan).not.toContain('TEMP B-TREE');
    },
  );

  it('find what kits are named by an index of its own', () => {
    const steps = db.prepare<[string], { detail: string }>(`EXPLAIN QUERY PLAN ${NAMED_KITS}`).all('[]');
    expect(steps.map(({ detail }) => detail).join('\n')).toMatch(/SEARCH entry .*INDEX entry_kit \(<expr>=\?\)/);
    const named = JSON.stringify({ ticket: 't', detail: { intent: { kit: { sha256: 'named' } } } });
    const broken = '{"detail":{"intent":{"kit":{"sha256":"other"';
    const insert = db.prepare(
      'INSERT INTO entry (seq, text, leaf) SELECT (SELECT max(seq) + 1 FROM entry), ?, leaf FROM entry WHERE seq = 2',
    );
    for (const text of [named, broken]) insert.run(text);
    expect(db.prepare(NAMED_KITS).all('["other","named","none"]')).toEqual([{ value: 'named' }]);
  });
});
