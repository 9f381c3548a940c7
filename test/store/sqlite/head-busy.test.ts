import Sqlite from 'better-sqlite3';
import { expect, it } from 'vitest';
import { intentOf, openingOf } from '../../scenes/openings.ts';
import { code } from '../suite/subject.ts';
import { open, temporaryFolder } from './folder.ts';

it('what has the head keeps nobody but who asks for it, and that is told which file it is', async () => {
  const folder = temporaryFolder();
  const store = open(folder);
  const agent = store.forAgent({ agent: 'claude', operator: 'ann', session: 's1' });
  const executor = store.forExecutor('ex1');
  const { id } = (await agent.openTicket(openingOf(Date.now(), { state: 'approved' }))).ticket;
  await store.forHead().keepUp();
  const claim = await executor.claim(id, 'ex1', 30_000);
  if (!claim) throw new Error('not claimed');
  await executor.verified(id);
  const intent = intentOf(claim, await executor.now());
  const [head, others] = [new Sqlite(`${folder.file}.head`), folder.raw()];
  const begin = () => executor.begin(claim, intent, { decisions: 0, statements: 0 }, {}, 10_000);
  try {
    head.exec('BEGIN EXCLUSIVE');
    others.exec('BEGIN IMMEDIATE');
    const appended = agent.append({ type: 'call.completed', actor: 'agent:claude', detail: {} });
    const [beside, failed] = [begin(), begin()].map((one) => one.catch((error: unknown) => error));
    others.exec('ROLLBACK');
    await expect(appended).resolves.toEqual({ seq: expect.any(Number) });
    for (const error of await Promise.all([beside, failed])) {
      expect(error).toEqual(code('store_unavailable'));
      expect(error).toHaveProperty('message', expect.stringContaining(`${folder.file}.head, which`));
    }
    head.exec('ROLLBACK');
    await begin();
    expect((await executor.ticket(id))?.state).toBe('executing');
  } finally {
    head.close();
    others.close();
    await store.close();
    folder.remove();
  }
});
