import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { checkTrail } from '../../src/audit/trail.ts';
import { planDigest } from '../../src/kernel/plan.ts';
import { person, signed } from '../scenes/openings.ts';
import { makeLog, type TamperedLog } from './tampered-log.ts';

const tampered = expect.objectContaining({ code: 'tampered' });

describe("a ticket's trail", () => {
  let log: TamperedLog;
  beforeEach(async () => {
    log = await makeLog();
  });
  afterEach(() => log.remove());

  const update = (sql: string, ...values: unknown[]) => log.tamper((db) => db.prepare(sql).run(...values));
  const check = async (id: string) => checkTrail(await log.store.forApprover().ticket(id));
  const bad = expect.objectContaining({ ok: false });
  it('vouches for what the store wrote', () => {
    expect(checkTrail(log.ran)).toEqual({ ok: true });
    expect(log.ran.trail.map(({ state }) => state)).toEqual(['pending', 'approved', 'executing', 'succeeded']);
    expect(checkTrail(log.pending)).toEqual({ ok: true });
  });

  it.each([
    ['state', `UPDATE ticket SET state = 'approved' WHERE id = ?`],
    ['plan', `UPDATE ticket SET plan = replace(plan, 'stop 1', 'stop 2') WHERE id = ?`],
    ['digest', `UPDATE ticket SET digest = '00' WHERE id = ?`],
    ['draft', `UPDATE ticket SET draft = replace(draft, '"operator":"ann"', '"operator":"bob"') WHERE id = ?`],
    ['count of entries', 'UPDATE ticket SET entries = entries + 1 WHERE id = ?'],
    ['log', `DELETE FROM entry WHERE text ->> '$.ticket' = ?`],
    [
      'log entries',
      `UPDATE entry SET text = replace(text, 'agent:claude', 'agent:nobody') WHERE text ->> '$.ticket' = ?`,
    ],
  ])('does not vouch for an altered %s', async (_, sql) => {
    update(sql, log.pending.id);
    expect(await check(log.pending.id)).toEqual(bad);
  });

  it('does not vouch for another plan under its own digest', async () => {
    const bytes = log.pending.plan!.bytes.replace('stop 1', 'stop 2');
    update('UPDATE ticket SET plan = ?, digest = ? WHERE id = ?', bytes, planDigest(bytes), log.pending.id);
    expect(await check(log.pending.id)).toEqual({ ok: false, problem: 'its digest is not the one in the log' });
  });

  it("does not vouch for another ticket's plan", async () => {
    update(
      `UPDATE ticket SET (plan, digest) = (SELECT plan, digest FROM ticket WHERE id = ?) WHERE id = ?`,
      log.ran.id,
      log.pending.id,
    );
    expect(await check(log.pending.id)).toEqual(bad);
  });

  it('misses a decision that was taken out', async () => {
    update(`DELETE FROM entry WHERE text ->> '$.type' = 'decision.recorded'`);
    const ticket = await log.store.forApprover().ticket(log.ran.id);
    expect(ticket.decisions).toEqual([]);
    expect(checkTrail(ticket)).toEqual({ ok: false, problem: 'an entry of its log is missing or altered' });
  });

  it('lets no finished ticket run again', async () => {
    update(`UPDATE ticket SET state = 'approved' WHERE id = ?`, log.ran.id);
    const executor = log.store.forExecutor('ex2');
    const claim = (await executor.claim(log.ran.id, 'ex2', 60_000))!;
    const begin = async () =>
      executor.begin(
        claim,
        { token: 't', intended_at: await executor.now() },
        { decisions: 1, statements: 0 },
        {},
        10_000,
      );
    await expect(begin()).rejects.toEqual(tampered);
    // The same with its end cut out of the log: the log as a whole gives that away too.
    log.tamper((db) => {
      db.exec(`DELETE FROM entry WHERE text ->> '$.type' = 'ticket.succeeded'`);
      db.exec(`UPDATE ticket SET entries = 4 WHERE id = '${log.ran.id}'`);
    });
    await expect(begin()).rejects.toEqual(tampered);
  });

  it('lets no ticket run whose approval the log does not know', async () => {
    const executor = log.store.forExecutor('ex2');
    update(`UPDATE ticket SET state = 'approved' WHERE id = ?`, log.pending.id);
    const claim = (await executor.claim(log.pending.id, 'ex2', 60_000))!;
    await expect(
      executor.begin(
        claim,
        { token: 't', intended_at: await executor.now() },
        { decisions: 0, statements: 0 },
        {},
        10_000,
      ),
    ).rejects.toEqual(tampered);
  });

  it('is not extended where the log was cut', async () => {
    log.tamper((db) => db.exec('DELETE FROM entry WHERE seq > 10'));
    const agent = log.store.forAgent({ agent: 'claude', operator: 'ann', session: 's1' });
    await expect(agent.append({ type: 'call.completed', actor: 'a', detail: {} })).rejects.toEqual(tampered);
    await expect(agent.withdraw(log.pending.id, 'no longer wanted')).rejects.toEqual(tampered);
  });

  it('refuses a row that nobody could have written', async () => {
    update(`UPDATE ticket SET draft = '{}' WHERE id = ?`, log.pending.id);
    await expect(log.store.forApprover().ticket(log.pending.id)).rejects.toEqual(tampered);
  });

  it('misses a statement that was taken out or altered', async () => {
    const ann = person('ann');
    const approver = log.store.forApprover();
    const event = { type: 'halt.set', actor: 'approver:ann', detail: {} } as const;
    for (const expected of [0, 1, 2])
      await approver.recordStatement({ signed: signed(ann, { kind: 'halt', reason: `${expected}` }), expected, event });
    expect(await approver.statements()).toHaveLength(3);
    update(`UPDATE entry SET text = replace(text, 'halt.set', 'halt.sat') WHERE seq = 14`);
    await expect(approver.statements()).rejects.toEqual(tampered);
    update(`UPDATE entry SET text = replace(text, 'halt.sat', 'halt.set') WHERE seq = 14`);
    expect(await approver.statements()).toHaveLength(3);
    update('DELETE FROM entry WHERE seq = 15');
    await expect(approver.statements()).rejects.toEqual(tampered);
  });
});
