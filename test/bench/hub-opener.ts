import { openPostgresStore } from '../../src/store/postgres/store.ts';
import { newOpening } from './opening.ts';

/*
 * What a hub's callers do to PostgreSQL: so many at once in one process open tickets, each one after the other. Says
 * `ready`, waits for a line, says `done`. Arguments: where to connect to, as JSON; how many callers; how many tickets
 * each; and how many together before it is ready.
 */
const [to = '', callers = '', each = '', before = ''] = process.argv.slice(2);
const store = openPostgresStore({ to: JSON.parse(to) });
const opening = async (count: number, agent: string) => {
  const mine = store.forAgent({ agent, operator: 'ops', session: 'ses_bench' });
  // Made beforehand: what is measured is the store.
  const openings = Array.from({ length: count }, () => newOpening(agent));
  return async () => {
    for (const one of openings) await mine.openTicket(one);
  };
};
await (await opening(Number(before), 'before'))();
const work = await Promise.all(
  Array.from({ length: Number(callers) }, (_, at) => opening(Number(each), `agent-${process.pid}-${at}`)),
);

process.stdout.write('ready\n');
process.stdin.once('data', async () => {
  await Promise.all(work.map((one) => one()));
  process.stdout.write('done\n');
  await store.close();
  process.exit(0);
});
