import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { leafHash } from '../../src/audit/merkle.ts';
import type { Store, StoredTicket } from '../../src/store/port.ts';
import { openSqliteStore } from '../../src/store/sqlite/store.ts';
import { decision, openingOf, type Person, person } from '../scenes/openings.ts';

/**
 * A log of 12 entries with three tickets: one that ran (entries 1, 5 to 8), one that is pending (2), one that was
 * withdrawn (3, 9).
 */
export interface TamperedLog {
  readonly file: string;
  readonly store: Store;
  readonly ran: StoredTicket;
  readonly pending: StoredTicket;
  /** Someone with the file and the time: every fence is taken down first. */
  tamper(change: (db: Database.Database) => void): void;
  /** Writes entry `seq` again, with a leaf that fits. */
  rewrite(seq: number, from: string, to: string): void;
  remove(): Promise<void>;
}

export async function makeLog(approver: Person = person('ann')): Promise<TamperedLog> {
  const folder = mkdtempSync(join(tmpdir(), 'holdshort-audit-'));
  const file = join(folder, 'holdshort.db');
  let now = Date.parse('2026-01-02T03:04:05.000Z');
  const store = openSqliteStore({
    file,
    head: `${file}.head`,
    clock: () => {
      now += 10;
      return now;
    },
  });
  const agent = store.forAgent({ agent: 'claude', operator: 'ann', session: 's1' });
  const executor = store.forExecutor('ex1');
  const open = async () => (await agent.openTicket(openingOf(now))).ticket;
  const { id } = await open();
  const pending = await open();
  const withdrawn = await open();
  await agent.append({ type: 'call.completed', actor: 'agent:claude', detail: { what: 'a read' } });
  const ticket = await agent.ticket(id);
  await store.forApprover().recordDecision({
    ticket: id,
    expected: { state: 'pending', decisions: 0 },
    signed: decision(approver, ticket, 'approve'),
    to: 'approved',
    actor: `approver:${approver.name}`,
    detail: {},
  });
  const claim = (await executor.claim(id, 'ex1', 60_000))!;
  await executor.begin(
    claim,
    { token: 't', intended_at: await executor.now() },
    { decisions: 1, statements: 0 },
    {},
    10_000,
  );
  await executor.finish(claim, 'succeeded', { resources: [] }, undefined);
  await agent.withdraw(withdrawn.id, 'no longer wanted');
  for (let index = 0; index < 3; index += 1)
    await agent.append({ type: 'call.completed', actor: 'agent:claude', detail: { index } });

  const tamper: TamperedLog['tamper'] = (change) => {
    const db = new Database(file);
    const fences = db
      .prepare<[], { name: string; sql: string }>(`SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'`)
      .all();
    for (const { name } of fences) db.exec(`DROP TRIGGER ${name}`);
    change(db);
    for (const { sql } of fences) db.exec(sql);
    db.close();
  };
  return {
    file,
    store,
    ran: await agent.ticket(id),
    pending,
    tamper,
    rewrite: (seq, from, to) =>
      tamper((db) => {
        const text = db.prepare<[number], string>('SELECT text FROM entry WHERE seq = ?').pluck().get(seq)!;
        if (!text.includes(from)) throw new Error(`entry ${seq} has no ${from}: ${text}`);
        const changed = text.replace(from, to);
        db.prepare('UPDATE entry SET text = ?, leaf = ? WHERE seq = ?').run(changed, leafHash(changed), seq);
      }),
    async remove() {
      await store.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
