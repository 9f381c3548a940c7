import { openPostgresStore } from '../../../src/store/postgres/store.ts';
import { openingOf } from '../../scenes/openings.ts';

/*
 * One process of several on one database, as on a host of its own. Says `ready`, waits for a line, does its job, prints
 * the outcome as one line of JSON. Arguments: where to connect to, as JSON; its kept head; its job, and what that
 * takes.
 */
const [to = '', head = '', job = '', ...rest] = process.argv.slice(2);
const store = openPostgresStore({ to: JSON.parse(to), head });
const me = String(process.pid);
const agent = store.forAgent({ agent: 'claude', operator: 'ann', session: me });

async function work(): Promise<unknown> {
  switch (job) {
    case 'append': {
      // Several callers at once, so that they are put into one transaction.
      const appending = async (caller: number) => {
        for (let index = 0; index < Number(rest[0]) / 5; index += 1)
          await agent.append({ type: 'call.completed', actor: 'agent:claude', session: me, detail: { caller, index } });
      };
      await Promise.all([0, 1, 2, 3, 4].map(appending));
      return 'done';
    }
    case 'open': {
      const { ticket, existing } = await agent.openTicket(openingOf(Date.now(), { call: rest[0] ?? '' }));
      return { id: ticket.id, existing };
    }
    case 'begin': {
      const executor = store.forExecutor(me);
      const [claim] = await executor.take('approved', {
        owner: me,
        leaseMs: 60_000,
        most: 1,
        without: [],
        foreign: [],
        regions: [],
      });
      const weighed = { decisions: 0, statements: 0 };
      const intent = { token: 't', intended_at: new Date().toISOString() };
      if (claim) await executor.begin(claim, intent, weighed, {}, 10_000);
      return claim ? 'begun' : 'not claimed';
    }
    case 'until-killed': {
      // Each line says what was answered: whoever kills the database compares it with the log.
      for (let index = 0; ; index += 1) {
        const said = await agent
          .append({ type: 'call.completed', actor: 'agent:claude', session: me, detail: { index } })
          .then(
            ({ seq }) => ({ index, seq }),
            (error: { code: string; message: string }) => ({ index, code: error.code, message: error.message }),
          );
        process.stdout.write(`${JSON.stringify(said)}\n`);
      }
    }
    default:
      throw new Error(`no such job: ${job}`);
  }
}

process.stdout.write('ready\n');
process.stdin.once('data', async () => {
  const outcome = await work().catch((error: { code?: string; message: string }) => ({
    code: error.code ?? 'none',
    message: error.message,
  }));
  process.stdout.write(`${JSON.stringify(outcome)}\n`);
  await store.close();
  process.exit(0);
});
