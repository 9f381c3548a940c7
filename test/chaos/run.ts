import { parseArgs } from 'node:util';
import { fromNpm, MISSING } from '../store/postgres/server.ts';
import { play } from './play.ts';

/*
 * `npm run chaos -- --kills 500 --seed 1`: hubs, executors of two hosts and their database are killed and
 * started again, and now and then the database comes back as it was before; then what agents were told is compared with
 * what the cloud had.
 */

const { values } = parseArgs({
  options: { kills: { type: 'string', default: '500' }, seed: { type: 'string', default: '1' } },
});
const [kills, seed] = [Number(values.kills), Number(values.seed)];
const program = fromNpm();
if (!program) throw new Error(MISSING);
const began = performance.now();
const { findings, ...played } = await play({ program, kills, seed, say: (text) => console.log(text) });
console.log(JSON.stringify(played, undefined, 2));
for (const { fault, what } of findings) console.log(`${fault}: ${what}`);
console.log(
  `${kills} kills with seed ${seed} in ${((performance.now() - began) / 60_000).toFixed(1)} minutes: ${findings.length} faults`,
);
process.exitCode = findings.length > 0 ? 1 : 0;
