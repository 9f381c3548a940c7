/**
 * `npm run torture -- [--kills N] [--in-one-world N] [--seed S] [--tool T] [--point P] [--at-once N] [--minutes M]
 * [--out FILE]`: kills executors, and judges what they leave. What is said of it: docs/reliability.md. `--after FILE`
 * goes on where earlier runs, as `--out` wrote them, killed least; `--report FILE` only prints what such files say.
 * Both may be repeated, and `--tool` too, which is a part of a kind's name.
 */
import { appendFileSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { availableParallelism, cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Kind } from './kind.ts';
import { KINDS } from './kinds/index.ts';
import { type Played, play } from './play.ts';
import { type Points, pointsOf, randomOf } from './points.ts';
import { reportOf } from './report.ts';

const { values } = parseArgs({
  options: {
    kills: { type: 'string', default: '10000' },
    // With more of them each executor has ever more to look at that is `unknown`.
    'in-one-world': { type: 'string', default: '24' },
    seed: { type: 'string', default: '1' },
    tool: { type: 'string', multiple: true, default: [''] },
    point: { type: 'string', default: '' },
    'at-once': { type: 'string', default: String(2 * availableParallelism()) },
    minutes: { type: 'string', default: 'Infinity' },
    out: { type: 'string' },
    after: { type: 'string', multiple: true, default: [] },
    report: { type: 'string', multiple: true },
  },
});

const playedIn = (file: string) =>
  readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Played);

if (values.report !== undefined) console.log(reportOf(values.report.flatMap(playedIn)));
else process.exitCode = await run();

async function run(): Promise<number> {
  const [kills, seed, atOnce, minutes] = [values.kills, values.seed, values['at-once'], values.minutes].map(Number);
  const inOneWorld = Number(values['in-one-world']);
  const kinds = KINDS.filter(({ name }) => values.tool.some((part) => name.includes(part)));
  if (kinds.length === 0 || [kills, seed, atOnce, minutes, inOneWorld].some(Number.isNaN))
    throw new Error('see the top of run.ts');
  const compiled = mkdtempSync(join(tmpdir(), 'holdshort-torture-'));
  const until = performance.now() + (minutes ?? 0) * 60_000;
  // What is under way is brought to its end, and judged.
  let stopped = false;
  process.once('SIGTERM', () => {
    stopped = true;
  });
  const over = () => stopped || performance.now() > until;
  const began = performance.now();
  const all: Played[] = [];
  let [worlds, made, broken] = [0, 0, 0];
  const earlier = values.after.flatMap(playedIn);
  const killsIn = (played: readonly Played[]) =>
    played.flatMap(({ kills: its }) => Object.values(its)).reduce((sum, one) => sum + one, 0);
  const planned = new Map<Kind, number>(
    kinds.map((kind) => [kind, killsIn(earlier.filter((one) => one.kind === kind.name))]),
  );
  const points = new Map<Kind, Points>(
    kinds.map((kind) => [
      kind,
      pointsOf(
        values.point,
        earlier.filter((one) => one.kind === kind.name),
      ),
    ]),
  );

  async function worker(): Promise<void> {
    while (made < (kills ?? 0) && !over()) {
      const [kind] = [...planned].sort(([a, x], [b, y]) => x / (a.share ?? 1) - y / (b.share ?? 1))[0] ?? [];
      const its = kind && points.get(kind);
      if (!kind || !its) return;
      const count = Math.min(inOneWorld, (kills ?? 0) - made);
      planned.set(kind, (planned.get(kind) ?? 0) + count);
      made += count;
      const random = randomOf((seed ?? 0) * 1_000_003 + worlds++);
      try {
        const env = { NODE_COMPILE_CACHE: compiled };
        const one = await play({
          kind,
          points: its,
          kills: count,
          random,
          over,
          env,
          wrong: (text) => console.error(text),
        });
        all.push(one);
        if (values.out !== undefined) appendFileSync(values.out, `${JSON.stringify(one)}\n`);
        const minutesGone = ((performance.now() - began) / 60_000).toFixed(1);
        const so = killsIn(all);
        console.log(
          `${minutesGone} min, ${so} kills: ${kind.name} ${JSON.stringify(one.states)} in ${one.seconds.toFixed(0)} s`,
        );
      } catch (error) {
        broken += 1;
        console.error(`a world of ${kind.name} broke:`, error);
        if (broken > 20) throw error;
      }
    }
  }

  try {
    await Promise.all(Array.from({ length: atOnce ?? 1 }, worker));
  } finally {
    if (existsSync(compiled)) rmSync(compiled, { recursive: true, force: true });
    console.log(
      `\nseed ${seed}, ${atOnce} worlds at once, ${cpus().length} × ${cpus()[0]?.model}, Node ${process.version}, ${((performance.now() - began) / 60_000).toFixed(1)} minutes; ${broken} worlds broke.\n`,
    );
    console.log(reportOf(all));
  }
  return broken + all.reduce((sum, { findings }) => sum + findings.length, 0) > 0 ? 1 : 0;
}
