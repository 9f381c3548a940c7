import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { auditList, auditShow, auditVerify } from '../../src/commands/audit-views.ts';
import { openSnapshot } from '../../src/store/sqlite/snapshot.ts';
import { makeLog, type TamperedLog } from './tampered-log.ts';
import { NOTHING_OUTSIDE } from './verify-file.ts';

describe('review', () => {
  let log: TamperedLog;
  beforeEach(async () => {
    log = await makeLog();
  });
  afterEach(() => log.remove());
  const audit = () => log.store.forAudit();
  const seqs = async (options: Parameters<typeof auditList>[1]) =>
    ((await auditList(audit(), options)).data as { seq: number }[]).map(({ seq }) => seq);

  it('lists the newest entries, newest last, one to a line', async () => {
    expect(await seqs({ limit: 3 })).toEqual([10, 11, 12]);
    expect(await seqs({})).toHaveLength(12);
    const { text, exit } = await auditList(audit(), { limit: 3 });
    expect(exit).toBe(0);
    expect(text.split('\n')).toHaveLength(4);
  });

  it('picks out a ticket or a type', async () => {
    expect(await seqs({ ticket: log.ran.id })).toEqual([1, 5, 6, 7, 8]);
    expect(await seqs({ ticket: log.ran.id.slice(4, 14), limit: 2 })).toEqual([7, 8]);
    expect(await seqs({ type: 'ticket.pending' })).toEqual([1, 2, 3]);
    expect((await auditList(audit(), { ticket: 'zzzzzz' })).text).toBe('no entries');
  });

  it('says of a decision which it was', async () => {
    await log.store
      .forAgent({ agent: 'x', operator: 'ann', session: 's' })
      .append({ type: 'decision.rejected', actor: 'cli', outcome: 'refused', detail: { decision: 'approve' } });
    const { text } = await auditList(audit(), { type: 'decision.rejected' });
    expect(text).toMatch(/decision\.rejected .* cli +refused approve$/m);
  });

  it('finds what is pages back', { timeout: 30_000 }, async () => {
    for (let index = 0; index < 1100; index += 1)
      await log.store
        .forAgent({ agent: 'claude', operator: 'ann', session: 's1' })
        .append({ type: 'call.completed', actor: 'agent:claude', detail: {} });
    expect(await seqs({ ticket: log.ran.id, limit: 3 })).toEqual([6, 7, 8]);
  });

  it('refuses what makes no sense', async () => {
    const usage = expect.objectContaining({ code: 'usage' });
    await expect(auditList(audit(), { limit: 0 })).rejects.toEqual(usage);
    await expect(auditList(audit(), { type: 'ticket.nothing' })).rejects.toEqual(usage);
    await expect(auditShow(audit(), 13)).rejects.toEqual(expect.objectContaining({ code: 'not_found' }));
  });

  it('prints nothing that a terminal could be moved by', async () => {
    await log.store
      .forAgent({ agent: 'x', operator: 'ann', session: 's' })
      .append({ type: 'call.failed', actor: 'agent:\u001b[2J\u202e', tool: 'a\nb', detail: { name: '\u001b[31m' } });
    for (const { text } of [await auditList(audit(), {}), await auditShow(audit(), 13)])
      expect(text).toMatch(/^[\x20-\x7e\n]*$/);
    expect((await auditList(audit(), {})).text.split('\n')).toHaveLength(14);
  });

  it('shows an entry whole, and whether it is as it was written', async () => {
    expect(await auditShow(audit(), 4)).toMatchObject({
      exit: 0,
      data: { intact: true, entry: { type: 'call.completed' } },
    });
    log.tamper((db) => db.exec(`UPDATE entry SET text = replace(text, 'a read', 'a look') WHERE seq = 4`));
    const shown = await auditShow(audit(), 4);
    expect(shown).toMatchObject({ exit: 5, data: { intact: false } });
    expect(shown.text).toContain('ALTERED');
  });

  it('verifies, and names what is wrong', async () => {
    const verify = async () => {
      const snapshot = await openSnapshot(log.file);
      const result = await auditVerify(snapshot, NOTHING_OUTSIDE);
      snapshot.close();
      return result;
    };
    expect(await verify()).toMatchObject({ exit: 0, data: { ok: true, size: 12 } });
    log.tamper((db) => db.exec(`UPDATE entry SET text = replace(text, 'a read', 'a look') WHERE seq = 4`));
    const verified = await verify();
    expect(verified).toMatchObject({ exit: 5, data: { ok: false, problems: [{ code: 'entry_altered', seq: 4 }] } });
    expect(verified.text).toContain('entry 4 was altered');
  });
});
