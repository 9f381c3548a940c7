import { FAULTS } from './judge.ts';
import type { Played } from './play.ts';

/* What a run, or several, made and found. */

const sum = (numbers: readonly number[]) => numbers.reduce((total, one) => total + one, 0);
const killsOf = ({ kills }: Played) => sum(Object.values(kills));

function table(head: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  const line = (cells: readonly (string | number)[]) => `| ${cells.join(' | ')} |`;
  return [line(head), `|${head.map(() => '---|').join('')}`, ...rows.map(line)].join('\n');
}

/** A moment without the request's name, which is another for each tool: reads, sessions and changes each in one. */
function kindOfPoint(point: string): string {
  return point
    .replace(/: (\w+\.)?(Describe|Get|List|Lookup)\w+$/, ': a read')
    .replace(/: AssumeRole$/, ': a session')
    .replace(/: [A-Z]\w+$/, ': the change');
}

function added(all: readonly Readonly<Record<string, number>>[]): Map<string, number> {
  const total = new Map<string, number>();
  for (const one of all) for (const [key, count] of Object.entries(one)) total.set(key, (total.get(key) ?? 0) + count);
  return total;
}

/** Of one kind of change: how many moments its processes reached, and at how many of them they were killed. */
function momentsOf(its: readonly Played[]) {
  const killedAt = new Set(its.flatMap(({ kills }) => Object.keys(kills)));
  return { killedAt: killedAt.size, reached: new Set([...killedAt, ...its.flatMap(({ reached }) => reached)]).size };
}

/** Markdown. */
export function reportOf(all: readonly Played[]): string {
  const kinds = [...new Set(all.map(({ kind }) => kind))];
  const faults = FAULTS.map((fault) => {
    const found = all.flatMap(({ findings }) => findings).filter((one) => one.fault === fault);
    return [fault, found.length] as const;
  });
  const moments = kinds.map((kind) => momentsOf(all.filter((one) => one.kind === kind)));
  const byKind = kinds.map((kind) => {
    const its = all.filter((one) => one.kind === kind);
    const states = added(its.map((one) => one.states));
    return [
      `\`${kind.replace(',', '`,')}${kind.includes(',') ? '' : '`'}`,
      sum(its.map(killsOf)),
      `${momentsOf(its).killedAt} of ${momentsOf(its).reached}`,
      sum([...states.values()]),
      states.get('succeeded') ?? 0,
      states.get('unknown') ?? 0,
      sum([...states].map(([state, count]) => (state === 'succeeded' || state === 'unknown' ? 0 : count))),
      sum(its.map(({ findings }) => findings.length)),
    ];
  });
  const byPoint = added(
    all.map(({ kills }) =>
      Object.fromEntries(added(Object.entries(kills).map(([point, n]) => ({ [kindOfPoint(point)]: n })))),
    ),
  );
  const total = (pick: (one: Played) => number) => sum(all.map(pick));
  return [
    `${total(killsOf)} kills in ${all.length} worlds, at ${sum(moments.map(({ killedAt }) => killedAt))} of the ${sum(moments.map(({ reached }) => reached))} moments that processes of ${kinds.length} kinds of change reached; ${total(({ states }) => sum(Object.values(states)))} tickets.`,
    `Tickets whose executor was killed before anything of them had begun: ${total(({ before }) => before)}; after: ${total(({ after }) => after)}.`,
    `\`unknown\`: ${total(({ unknown }) => unknown.notSent)} whose request never arrived, ${total(({ unknown }) => unknown.sent)} whose request did.`,
    `Left by crashes: ${total(({ orphans }) => orphans.kits)} kits that no ticket names, ${total(({ orphans }) => orphans.parts)} parts of kits; ${total(({ keptChangeSets }) => keptChangeSets)} change sets of \`unknown\` tickets are kept.`,
    `Ended because their executor got nothing of the machine between intent and request: ${total(({ starved = 0 }) => starved)}.`,
    table(['fault', 'found'], faults),
    table(['change', 'kills', 'moments', 'tickets', '`succeeded`', '`unknown`', 'others', 'faults'], byKind),
    table(
      ['moment', 'kills'],
      [...byPoint].sort(([, a], [, b]) => b - a).map(([point, count]) => [point, count]),
    ),
  ].join('\n\n');
}
