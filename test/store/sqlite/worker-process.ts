import { openSqliteStore } from '../../../src/store/sqlite/store.ts';
import { openingOf } from '../../scenes/openings.ts';

/*
 * One process of several on one file. Says `ready`, waits for a line, does its job, prints the outcome as one line of
 * JSON. Arguments: file, job, and what the job takes.
 */
const [file = '', job = '', ...rest] = process.argv.slice(2);
const store = openSqliteStore({ file, head: `${file}.head` });
const me = String(process.pid);

async function work(): Promise<unknown> {
  switch (job) {
    case 'append': {
      const agent = store.forAgent({ agent: 'claude', operator: 'ann', session: me });
      for (let index = 0; index < Number(rest[0]); index += 1)
        await agent.append({ type: 'call.completed', actor: 'agent:claude', session: me, detail: { index } });
      return 'done';
    }
    case 'fill': {
      // Until the disk says no.
      const detail = { filling: 'x'.repeat(4000) };
      for (;;)
        await store
          .forAgent({ agent: 'claude', operator: 'ann', session: me })
          .append({ type: 'call.completed', actor: 'agent:claude', detail });
    }
    case 'open': {
      const { ticket, existing } = await store
        .forAgent({ agent: 'claude', operator: 'ann', session: me })
        .openTicket(openingOf(Date.now(), { call: rest[0] ?? '' }));
      return { id: ticket.id, existing };
    }
    case 'open-many': {
      for (let index = 0; index < Number(rest[0]); index += 1)
        await store.forAgent({ agent: 'claude', operator: 'ann', session: me }).openTicket(openingOf(Date.now()));
      return 'done';
    }
    case 'begin': {
      const executor = store.forExecutor(me);
      const { items } = await executor.tickets({ limit: 1 });
      const id = items[0]!.id;
      const claim = await executor.claim(id, me, 60_000);
      const weighed = { decisions: 0, statements: 0 };
      if (claim) await executor.begin(claim, { token: 't', intended_at: await executor.now() }, weighed, {}, 10_000);
      return claim ? 'begun' : 'not claimed';
    }
    default:
      throw new Error(`no such job: ${job}`);
  }
}

process.stdout.write('ready\n');
process.stdin.once('data', async () => {
  const outcome = await work().catch((error: { code?: string; message: string; recovery?: string }) => ({
    code: error.code ?? 'none',
    message: error.message,
    recovery: error.recovery,
  }));
  process.stdout.write(`${JSON.stringify(outcome)}\n`);
  await store.close();
  process.exit(0);
});
