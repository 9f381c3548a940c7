import { EFFECTS, isDestructive } from '../../src/kernel/effects.ts';
import type { Impact } from '../../src/kernel/plan.ts';
import { marked, type Paint } from './layout.ts';
import { effectCounts, nameText, number, outside } from './words.ts';

const EFFECT_COLUMN = 11;

/** Worst first, at most `limit` resources; the others are counted by effect, so that nothing is left out unsaid. */
export function impactLines(impact: readonly Impact[], limit: number, width: number, paint: Paint): readonly string[] {
  const worstFirst = impact
    .map((line, at) => ({ line, at }))
    .sort((a, b) => EFFECTS.indexOf(b.line.effect) - EFFECTS.indexOf(a.line.effect) || a.at - b.at)
    .map(({ line }) => line);
  const shown = worstFirst.slice(0, limit);
  return [...shown.flatMap((line) => resourceLines(line, width, paint)), ...rest(worstFirst.slice(limit), paint)];
}

function resourceLines({ effect, resource, type, detail, recoverable }: Impact, width: number, paint: Paint) {
  const how = isDestructive(effect) ? paint.danger : paint.quiet;
  const indent = ' '.repeat(EFFECT_COLUMN);
  const lost = !recoverable && isDestructive(effect) ? "  [can't be put back]" : '';
  const [first = '', ...further] = marked(indent, `${nameText(resource, 160)}  ${outside(type, 60)}${lost}`, width);
  return [
    `  ${how(effect.padEnd(EFFECT_COLUMN - 2))}${first.slice(EFFECT_COLUMN)}`,
    ...further,
    ...(detail ? marked(indent, outside(detail, 240), width) : []),
  ];
}

function rest(left: readonly Impact[], paint: Paint): readonly string[] {
  if (left.length === 0) return [];
  const counts = effectCounts(left);
  const [only] = counts;
  const what =
    counts.length === 1 && only
      ? `all ${only[0]}`
      : counts.map(([effect, count]) => `${number(count)} ${effect}`).join(', ');
  return [paint.caution(`  ${number(left.length)} more: ${what}; see them with --json`)];
}
