import { openSqliteStore } from '../../src/store/sqlite/store.ts';
import { newOpening } from './opening.ts';

/*
 * One server of several on one file: watches, as a server does, and opens tickets one after the other, each for an
 * agent of its own. Says `ready`, waits for a line, says `done`. Arguments: file, how many tickets, and how many before
 * it is ready.
 */
const [file = '', count = '', before = ''] = process.argv.slice(2);
const agent = `agent-${process.pid}`;
const store = openSqliteStore({ file });
const mine = store.forAgent({ agent, operator: 'ops', session: 'ses_bench' });
mine.watch(() => undefined);
// Made beforehand: what is measured is the store.
const openingsOf = (length: number) => Array.from({ length }, () => newOpening(agent));
const openings = openingsOf(Number(count));
await mine.news();
for (const opening of openingsOf(Number(before))) await mine.openTicket(opening);

process.stdout.write('ready\n');
process.stdin.once('data', async () => {
  for (const opening of openings) await mine.openTicket(opening);
  process.stdout.write('done\n');
  await store.close();
  process.exit(0);
});
