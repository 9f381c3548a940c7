import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { AuditStore } from '../../src/audit/log.ts';
import { rootOfLeaves } from '../../src/audit/merkle.ts';
import { verifyLog } from '../../src/audit/verify.ts';
import { planDigest } from '../../src/kernel/plan.ts';
import { openSnapshot } from '../../src/store/sqlite/snapshot.ts';
import { bounded } from '../scenes/bounded.ts';
import { makeLog, type TamperedLog } from './tampered-log.ts';
import { NOTHING_OUTSIDE, verifyFile } from './verify-file.ts';

describe('verification', () => {
  let log: TamperedLog;
  beforeEach(async () => {
    log = await makeLog();
  });
  afterEach(() => log.remove());

  const problems = async () => {
    const verification = await verifyFile(log.file);
    return verification.ok ? [] : verification.problems.map(({ code, seq, ticket }) => ({ code, seq, ticket }));
  };
  const update = (sql: string, ...values: unknown[]) => log.tamper((db) => db.prepare(sql).run(...values));

  it('passes a log as it was written, with the root of its leaves', async () => {
    const entries = await log.store.forAudit().entries(1, 100);
    const root = Buffer.from(rootOfLeaves(entries.map(({ leaf }) => leaf))).toString('hex');
    expect(await verifyFile(log.file)).toEqual({
      ok: true,
      size: 12,
      recoveries: [],
      accepted: [],
      root,
      unknown: [
        expect.stringContaining('older copy'),
        expect.stringContaining('nobody signs that'),
        expect.stringContaining('keys/root.json'),
      ],
    });
  });

  it('passes an empty log', async () => {
    const { openSqliteStore } = await import('../../src/store/sqlite/store.ts');
    const empty = openSqliteStore({ file: `${log.file}.empty` });
    expect(
      await empty
        .forAudit()
        .head()
        .then(() => verifyFile(`${log.file}.empty`)),
    ).toMatchObject({ ok: true, size: 0 });
    await empty.close();
  });

  it('names the entry in which any one byte was changed', async () => {
    const entries = await log.store.forAudit().entries(1, 100);
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 0, max: 11 }),
        fc.nat(),
        fc.integer({ min: 0x20, max: 0x7e }),
        async (which, where, code) => {
          const { seq, text } = entries[which]!;
          const at = where % text.length;
          const changed = text.slice(0, at) + String.fromCharCode(code) + text.slice(at + 1);
          fc.pre(changed !== text);
          const audit = await openSnapshot(log.file);
          const altered: AuditStore = {
            ...audit,
            entries: async (from, limit) =>
              (await audit.entries(from, limit)).map((entry) =>
                entry.seq === seq ? { ...entry, text: changed } : entry,
              ),
          };
          const verification = await verifyLog(altered, NOTHING_OUTSIDE);
          audit.close();
          expect(verification).toMatchObject({
            ok: false,
            problems: expect.arrayContaining([expect.objectContaining({ code: 'entry_altered', seq })]),
          });
        },
      ),
      { numRuns: bounded('generated alterations of a log', 60, 15) },
    );
  });

  it('names an entry that was changed in the file', async () => {
    update(`UPDATE entry SET text = replace(text, 'a read', 'a look') WHERE seq = 4`);
    expect(await problems()).toEqual([{ code: 'entry_altered', seq: 4 }]);
  });

  it('names an entry whose leaf hash was changed', async () => {
    update('UPDATE entry SET leaf = (SELECT leaf FROM entry WHERE seq = 10) WHERE seq = 4');
    expect(await problems()).toEqual([{ code: 'entry_altered', seq: 4 }]);
  });

  it('says where an entry was rewritten together with its hash', async () => {
    log.rewrite(10, '"index":0', '"index":7');
    // Twelve entries are a peak of eight and one of four.
    expect(await problems()).toEqual([{ code: 'tree_altered', seq: 9 }]);
  });

  it.each([
    ['the first', 1],
    ['one in the middle', 4],
    ['the last', 12],
  ])('finds %s deleted', async (_, seq) => {
    update('DELETE FROM entry WHERE seq = ?', seq);
    expect(await problems()).toContainEqual(expect.objectContaining({ code: 'entry_missing', seq }));
  });

  it('finds one deleted and the others moved up', async () => {
    log.tamper((db) => {
      db.exec('DELETE FROM entry WHERE seq = 4');
      for (let seq = 5; seq <= 12; seq += 1) db.prepare('UPDATE entry SET seq = ? WHERE seq = ?').run(seq - 1, seq);
      db.exec('UPDATE tree SET size = 11');
    });
    const found = await problems();
    expect(found).toContainEqual(expect.objectContaining({ code: 'entry_moved', seq: 4 }));
    expect(found).toContainEqual(expect.objectContaining({ code: 'tree_altered' }));
  });

  it('finds the newest entries cut off together with the size', async () => {
    log.tamper((db) => db.exec('DELETE FROM entry WHERE seq > 10; UPDATE tree SET size = 10'));
    expect(await problems()).toContainEqual(expect.objectContaining({ code: 'tree_altered' }));
  });

  it('still says what was rewritten before a gap', async () => {
    log.rewrite(4, 'a read', 'a look');
    update('DELETE FROM entry WHERE seq = 11');
    expect(await problems()).toEqual([
      { code: 'entry_missing', seq: 11 },
      { code: 'tree_altered', seq: 1 },
    ]);
  });

  it('finds an entry beyond the tree', async () => {
    log.tamper((db) =>
      db.exec(`INSERT INTO entry SELECT 13, replace(text, '"seq":12', '"seq":13'), leaf FROM entry WHERE seq = 12`),
    );
    expect(await problems()).toEqual([{ code: 'entry_beyond', seq: 13 }]);
  });

  it('finds two entries that changed places', async () => {
    log.tamper((db) =>
      db.exec(
        `UPDATE entry SET seq = 99 WHERE seq = 10; UPDATE entry SET seq = 10 WHERE seq = 11; UPDATE entry SET seq = 11 WHERE seq = 99`,
      ),
    );
    const found = await problems();
    expect(found).toContainEqual({ code: 'entry_moved', seq: 10 });
    expect(found).toContainEqual({ code: 'time_went_back', seq: 11 });
  });

  it('says when time goes back', async () => {
    log.rewrite(4, '"at":"2026', '"at":"2025');
    expect(await problems()).toContainEqual({ code: 'time_went_back', seq: 4 });
  });

  it('says when a text is no entry', async () => {
    log.tamper((db) => db.exec('DROP INDEX entry_ticket; DROP INDEX entry_statement'));
    update(`UPDATE entry SET text = 'rubbish' WHERE seq = 4`);
    expect(await problems()).toEqual([
      { code: 'entry_altered', seq: 4 },
      { code: 'entry_unreadable', seq: 4 },
      // The two indexes.
      { code: 'database' },
      { code: 'database' },
    ]);
  });

  it('finds an altered state, digest and plan', async () => {
    const { id } = log.pending;
    update(`UPDATE ticket SET state = 'approved' WHERE id = ?`, id);
    expect(await problems()).toEqual([{ code: 'ticket_state', seq: 2, ticket: id }]);
    update(`UPDATE ticket SET state = 'pending', plan = replace(plan, 'stop 1', 'stop 2') WHERE id = ?`, id);
    expect(await problems()).toEqual([{ code: 'ticket_plan', ticket: id, seq: undefined }]);
    const { plan } = await log.store.forApprover().ticket(id);
    update('UPDATE ticket SET digest = ? WHERE id = ?', planDigest(plan!.bytes), id);
    expect(await problems()).toEqual([{ code: 'ticket_plan', ticket: id, seq: undefined }]);
  });

  it('finds a ticket that was deleted, and one that was put in', async () => {
    const { id } = log.pending;
    update('DELETE FROM ticket WHERE id = ?', id);
    expect(await problems()).toEqual([{ code: 'ticket_missing', seq: 2, ticket: id }]);
    update(
      `INSERT INTO ticket (id, state, draft, plan, digest, call, entries) SELECT 'tkt_new', 'approved', draft, plan, digest, 'c', 1 FROM ticket LIMIT 1`,
    );
    expect(await problems()).toContainEqual({ code: 'ticket_not_logged', ticket: 'tkt_new', seq: undefined });
  });

  it('finds an impossible step in a log that is otherwise whole', async () => {
    log.rewrite(9, 'ticket.withdrawn', 'ticket.succeeded');
    expect(await problems()).toContainEqual(expect.objectContaining({ code: 'ticket_story', seq: 9 }));
  });

  it('reads a log of several pages', { timeout: 30_000 }, async () => {
    const agent = log.store.forAgent({ agent: 'claude', operator: 'ann', session: 's1' });
    for (let index = 0; index < 2100; index += 1)
      await agent.append({ type: 'call.completed', actor: 'agent:claude', detail: {} });
    expect(await verifyFile(log.file)).toMatchObject({ ok: true, size: 2112 });
    update(`UPDATE entry SET text = replace(text, 'claude', 'nobody') WHERE seq = 2050`);
    expect(await problems()).toEqual([{ code: 'entry_altered', seq: 2050 }]);
  });
});
