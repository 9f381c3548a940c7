import type { Paint } from '../../../approvals/render/layout.ts';
import { KNOWLEDGE } from '../../../tools/cloudformation/knowledge/all.ts';
import { type Json, sha256 } from '../../kernel/digest.ts';
import { number } from '../../kernel/effect-counts.ts';
import { EFFECTS, type Effect, isDestructive } from '../../kernel/effects.ts';
import type { Environment } from '../../kernel/environment.ts';
import type { Impact } from '../../kernel/plan.ts';
import { boundedText, shortName } from '../../kernel/safe-text.ts';
import { hanging } from '../../present/wrap.ts';
import type { FileChange } from './history.ts';
import type { Judged } from './judging.ts';
import { judgedData } from './words.ts';

/** What a commit did to a template, and what would have become of it. */
export type JudgedChange = FileChange & {
  /** The first line of what its author wrote. */
  readonly subject: string;
  readonly judged: Judged;
};

export interface JudgedHistory {
  readonly path: string;
  /** ISO 8601 */
  readonly since: string;
  readonly commits: number;
  readonly shallow: boolean;
  readonly environments: readonly Environment[];
  readonly policy: string;
  readonly changes: readonly JudgedChange[];
}

type Whole = Extract<Judged, { outcome: 'judged' }>;
type Known = JudgedChange & { readonly judged: Whole };

const MOST_HELD = 40;
const MOST_REASONS = 10;

export function historyLines(told: JudgedHistory, width: number, paint: Paint): readonly string[] {
  const { changes, environments, path, since, commits } = told;
  const known = judgedOf(changes);
  const same = changes.filter(({ judged }) => judged.outcome === 'same').length;
  const asked = known.length;
  const files = new Set(changes.map(({ file }) => file)).size;
  const counts = environments.map((environment) => ({ environment, ...countsIn(environment, known) }));
  const lost = known.filter(({ judged }) => judged.impact.some(losesData)).length;
  const [first] = counts;
  const changed = `${number(asked)} ${asked === 1 ? 'change' : 'changes'}`;
  if (changes.length === 0 || !first)
    return hanging(
      `No template changed in ${text(path, 200)} since ${since.slice(0, 10)} (${number(commits)} commits).`,
      width,
    );
  const head = [
    `${changed}: ${number(asked - first.held - first.refused)} would run, ${number(first.held)} be held`,
    ...(first.refused > 0 ? [`${number(first.refused)} be refused`] : []),
    ...(lost > 0 ? [`${number(lost)} replaced or deleted stored data`] : []),
  ].join(', ');
  return [
    ...hanging(`${head} (in ${first.environment}).`, width).map(paint.strong),
    ...hanging(
      `Of ${number(files)} ${files === 1 ? 'template' : 'templates'} in ${text(path, 200)}, in ${number(commits)} commits since ${since.slice(0, 10)}${same > 0 ? `; ${number(same)} more changed nothing that is deployed` : ''}.`,
      width,
    ),
    '',
    ...aligned(
      ['', 'run', 'held', 'refused'],
      counts.map(({ environment, held, refused }) => [environment, asked - held - refused, held, refused]),
    ),
    ...(known.length > 0
      ? ['', 'by their worst effect', ...aligned(['', 'changes', 'updates', 'first deployments'], byEffect(known))]
      : []),
    ...heldLines(first.environment, known, width, paint),
    ...notJudgedLines(changes, width),
    ...notes(told, width),
  ];
}

function judgedOf(changes: readonly JudgedChange[]): readonly Known[] {
  return changes.filter((change): change is Known => change.judged.outcome === 'judged');
}

function countsIn(environment: Environment, known: readonly Known[]) {
  const decided = known.map(
    ({ judged }) => judged.verdicts.find((verdict) => verdict.environment === environment)?.decision,
  );
  const count = (decision: string) => decided.filter((one) => one === decision).length;
  return { held: count('hold'), refused: count('refuse') };
}

/** Types that store what only they have, as reviewed. */
function losesData({ effect, type }: Impact): boolean {
  return (effect === 'replace' || effect === 'delete') && KNOWLEDGE.get(type)?.holds === 'data';
}

function byEffect(known: readonly Known[]): readonly (readonly (string | number)[])[] {
  return [...EFFECTS].reverse().flatMap((effect): (string | number)[][] => {
    const of = known.filter(({ judged }) => judged.effects[0] === effect);
    const first = of.filter(({ before }) => before === undefined).length;
    return of.length === 0 ? [] : [[effect, of.length, of.length - first, first]];
  });
}

function heldLines(environment: Environment, known: readonly Known[], width: number, paint: Paint): readonly string[] {
  const held = known.filter(({ judged }) =>
    judged.verdicts.some((verdict) => verdict.environment === environment && verdict.decision !== 'allow'),
  );
  if (held.length === 0) return [];
  const more = held.length - MOST_HELD;
  return [
    '',
    `held in ${environment}, newest first`,
    ...held.slice(0, MOST_HELD).flatMap((change) => {
      const { commit, at, file, subject, judged } = change;
      const day = new Date(at * 1000).toISOString().slice(0, 10);
      const [worst] = judged.impact;
      return [
        ...hanging(`  ${commit.slice(0, 10)}  ${day}  ${shortName(file, 80)}  ${text(subject, 100)}`, width),
        ...(worst ? hanging(`      ${lineText(worst)}${others(judged)}`, width).map(paintOf(worst.effect, paint)) : []),
      ];
    }),
    ...(more > 0 ? [`  and ${number(more)} more; see them with --json`] : []),
  ];
}

function paintOf(effect: Effect, paint: Paint): (text: string) => string {
  return isDestructive(effect) ? paint.danger : paint.quiet;
}

/** A detail begins with what it is about, where that is a resource. */
function lineText({ effect, resource, type, detail }: Impact): string {
  return `${effect}  ${text(detail.includes(': ') ? detail : `${resource}: ${detail}`, 200)} (${text(type, 80)})`;
}

function others({ impact }: Whole): string {
  const more = impact.slice(1).filter(({ effect }) => isDestructive(effect)).length;
  return more > 0 ? `, and ${number(more)} more that are destructive` : '';
}

function notJudgedLines(changes: readonly JudgedChange[], width: number): readonly string[] {
  const reasons = new Map<string, number>();
  for (const { judged } of changes)
    if (judged.outcome === 'not_judged') reasons.set(judged.why, (reasons.get(judged.why) ?? 0) + 1);
  if (reasons.size === 0) return [];
  const sorted = [...reasons].sort(([, a], [, b]) => b - a);
  const count = sorted.reduce((sum, [, times]) => sum + times, 0);
  const rest = sorted.length - MOST_REASONS;
  return [
    '',
    `${number(count)} could not be judged:`,
    ...sorted.slice(0, MOST_REASONS).flatMap(([why, times]) => hanging(`  ${number(times)}  ${text(why, 300)}`, width)),
    ...(rest > 0 ? [`  and for ${number(rest)} more reasons; see them with --json`] : []),
  ];
}

function notes({ shallow, policy }: JudgedHistory, width: number): readonly string[] {
  return [
    '',
    ...(shallow ? hanging('The history is cut off (a shallow clone): its oldest commit was left out.', width) : []),
    ...hanging(`By the policy ${text(policy, 200)}.`, width),
    'Each as if it had been deployed, one after the other; nothing was looked up.',
  ];
}

function aligned(heads: readonly string[], rows: readonly (readonly (string | number)[])[]): readonly string[] {
  const cells = [heads, ...rows.map((row) => row.map((cell) => (typeof cell === 'number' ? number(cell) : cell)))];
  const widths = heads.map((_, column) => Math.max(...cells.map((row) => row[column]?.length ?? 0)));
  return cells.map((row) =>
    `  ${row.map((cell, column) => (column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart((widths[column] ?? 0) + 3))).join('')}`.trimEnd(),
  );
}

function text(from: string, limit: number): string {
  return boundedText(from, limit, sha256);
}

export function historyData(told: JudgedHistory): { readonly [key: string]: Json | undefined } {
  const { changes, environments, path, since, commits, shallow, policy } = told;
  const known = judgedOf(changes);
  return {
    path,
    since,
    commits,
    shallow,
    policy,
    judged: known.length,
    same: changes.filter(({ judged }) => judged.outcome === 'same').length,
    not_judged: changes.filter(({ judged }) => judged.outcome === 'not_judged').length,
    lost_data: known.filter(({ judged }) => judged.impact.some(losesData)).length,
    environments: environments.map((environment) => {
      const { held, refused } = countsIn(environment, known);
      return { environment, run: known.length - held - refused, held, refused };
    }),
    history: changes.map(({ at, before, after, judged, ...change }) => ({
      ...change,
      at: new Date(at * 1000).toISOString(),
      first: before === undefined,
      ...judgedData(judged),
    })),
  };
}
