import { isDestructive } from '../../src/kernel/effects.ts';
import type { Impact, PropertyDifference } from '../../src/kernel/plan.ts';
import { hanging } from '../../src/present/wrap.ts';
import { marked, type Paint } from './layout.ts';
import { DETAIL, effectCounts, nameText, number, outside, valueText, worstFirst } from './words.ts';

const EFFECT_COLUMN = 11;
const NAME = 120;
const VALUE = 160;
const MOST_PROPERTIES = 20;

/** Worst first, at most `limit` resources; the others are counted by effect, so that nothing is left out unsaid. */
export function impactLines(impact: readonly Impact[], limit: number, width: number, paint: Paint): readonly string[] {
  const lines = worstFirst(impact);
  return [
    ...lines.slice(0, limit).flatMap((line) => resourceLines(line, width, paint)),
    ...rest(lines.slice(limit), width, paint),
  ];
}

function resourceLines(line: Impact, width: number, paint: Paint): readonly string[] {
  const { effect, resource, type, detail, recoverable } = line;
  const how = isDestructive(effect) ? paint.danger : paint.quiet;
  const indent = ' '.repeat(EFFECT_COLUMN);
  const lost = !recoverable && isDestructive(effect) ? "  [can't be put back as it was]" : '';
  const [first = '', ...further] = marked(indent, `${nameText(resource, 160)}  ${nameText(type, 60)}${lost}`, width);
  return [
    `  ${how(effect.padEnd(EFFECT_COLUMN - 2))}${first.slice(EFFECT_COLUMN)}`,
    ...further,
    ...(detail ? marked(indent, outside(detail, DETAIL), width) : []),
    ...propertyLines(line).flatMap((text) => marked(`${indent}  `, text, width)),
  ];
}

/**
 * Both values in quotation marks: neither can go on as the other one, as another property or as one of our findings.
 */
export function propertyLines(line: Impact): readonly string[] {
  const { shown, more } = propertiesShown(line);
  return [...shown.map(differenceText), ...more];
}

/** Those that are shown, and how many others there are: in the plan, and beyond what it keeps. */
export function propertiesShown({ properties = [], properties_left_out: beyond = 0 }: Impact) {
  const shown = properties.slice(0, MOST_PROPERTIES);
  const left = properties.length - shown.length;
  const more = [
    ...(left > 0 ? [`and ${number(left)} more properties; see them with --json`] : []),
    ...(beyond > 0 ? [`and ${number(beyond)} more properties, which the plan does not hold`] : []),
  ];
  return { shown, more };
}

function differenceText({ name, before, after, replaces }: PropertyDifference): string {
  const value = (text: string | undefined) => (text === undefined ? 'none' : valueText(text, VALUE));
  const told = before !== undefined || after !== undefined;
  const values = told ? `${value(before)} -> ${value(after)}` : 'changes, and its values are not told';
  return `${nameText(name, NAME)}: ${values}${replaces ? `  [${REPLACES[replaces]}]` : ''}`;
}

/** What a property that changes does to the resource. */
export const REPLACES: Readonly<Record<NonNullable<PropertyDifference['replaces']>, string>> = {
  always: 'replaces the resource',
  maybe: 'may replace the resource',
};

function rest(left: readonly Impact[], width: number, paint: Paint): readonly string[] {
  if (left.length === 0) return [];
  const counts = effectCounts(left);
  const [only] = counts;
  const what =
    counts.length === 1 && only
      ? `all ${only[0]}`
      : counts.map(([effect, count]) => `${number(count)} ${effect}`).join(', ');
  return hanging(`  ${number(left.length)} more: ${what}; see them with --json`, width).map(paint.caution);
}
