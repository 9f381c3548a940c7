import type Database from 'better-sqlite3';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { TicketId } from '../../../src/kernel/ticket.ts';
import type { Store } from '../../../src/store/port.ts';
import { openSqliteStore } from '../../../src/store/sqlite/store.ts';
import { intentOf, openingOf, person, signed } from '../../scenes/openings.ts';
import { code } from '../suite/subject.ts';
import { type Folder, open, temporaryFolder } from './folder.ts';

/*
 * What a gate weighed, the database's attacker takes out a moment later: what was signed is in the kept head by then.
 */

let folder: Folder;
let store: Store;
/** A process that can't write the head, so that nobody but a gate sees what it writes. */
let headless: Store;
let head: Database.Database;
let id: TicketId;

beforeEach(async () => {
  folder = temporaryFolder();
  store = open(folder);
  const opened = await store
    .forAgent({ agent: 'claude', operator: 'ann', session: 's1' })
    .openTicket(openingOf(Date.now(), { state: 'approved' }));
  id = opened.ticket.id;
  await store.forHead().keepUp();
  headless = openSqliteStore({ file: folder.file });
  const { default: Sqlite } = await import('better-sqlite3');
  head = new Sqlite(`${folder.file}.head`, { readonly: true });
});
afterEach(async () => {
  head.close();
  await headless.close();
  await store.close();
  folder.remove();
});

const ann = person('ann');
const keptStatements = () => head.prepare('SELECT count(*) FROM statement').pluck().get();
const keptState = () => head.prepare('SELECT state FROM ticket WHERE id = ?').pluck().get(id);

async function halt(): Promise<void> {
  const event = { type: 'halt.set', actor: 'approver:ann', detail: {} } as const;
  const word = signed(ann, { kind: 'halt', reason: 'stop' });
  await headless.forApprover().recordStatement({ signed: word, expected: 0, event });
}

async function begin(): Promise<void> {
  const executor = store.forExecutor('ex1');
  const claim = await executor.claim(id, 'ex1', 30_000);
  if (!claim) throw new Error('nobody can have claimed it');
  await executor.begin(claim, intentOf(claim, await executor.now()), { decisions: 0, statements: 0 }, {}, 10_000);
}

it('what was signed is kept before a gate weighs it', async () => {
  await halt();
  expect(keptStatements()).toBe(0);
  expect((await store.forExecutor('ex1').verified(id)).statements).toHaveLength(1);
  expect(keptStatements()).toBe(1);
});

it('what keeps a ticket from being begun is found at that very moment, and is kept', async () => {
  await halt();
  await expect(begin()).rejects.toEqual(code('conflict'));
  expect(keptStatements()).toBe(1);
});

it('that a ticket has begun is weighed at once, and kept with the next look', async () => {
  await begin();
  expect(await store.forExecutor('ex1').verified(id)).toMatchObject({ state: 'executing' });
  expect(keptState()).toBe('approved');
  await store.forHead().keepUp();
  expect(keptState()).toBe('executing');
});

it('many entries are kept, whatever they are, so that no gate reads them again and again', async () => {
  const agent = headless.forAgent({ agent: 'claude', operator: 'ann', session: 's1' });
  for (let n = 0; n < 30; n += 1) await agent.append({ type: 'call.completed', actor: 'agent:claude', detail: {} });
  await store.forExecutor('ex1').verified(id);
  expect(head.prepare('SELECT size FROM head').pluck().get()).toBe((await store.forAudit().head()).size);
});

it('a log that is shorter than what an admin accepted is not taken for it', async () => {
  const { now } = await store.forHead().compare();
  await expect(store.forHead().accept({ ...now, size: now.size + 1 })).rejects.toMatchObject({
    code: 'log_not_continued',
  });
  await store.forHead().accept(now);
  expect((await store.forHead().compare()).problem).toBeUndefined();
});
