import type { DetailedError } from '@cedar-policy/cedar-wasm/nodejs';
import { HoldshortError } from '../kernel/errors.ts';
import { locationAtByte } from './location.ts';

/**
 * `policy_invalid` from what Cedar found wrong with a text: the first problem in reading order, and how many more there
 * are.
 * @param source the text's path, or `default`
 */
export function policyInvalid(text: string, source: string, problems: readonly DetailedError[]): HoldshortError {
  const distinct = inReadingOrder(problems);
  const first = distinct[0];
  const more = distinct.length > 1 ? ` (and ${distinct.length - 1} more)` : '';
  const hint = [first?.help, first?.sourceLocations?.[0]?.label].flatMap((words) => (words ? [withoutId(words)] : []));
  return new HoldshortError(
    'policy_invalid',
    `${source}${placeOf(text, first)}: ${withoutId(first?.message ?? 'not a policy')}${more}`,
    `${[...hint, 'correct the policy, then run `holdshort policy check`'].join('; ')}; until then nothing runs`,
  );
}

/** A policy that is wrong for many actions is reported once for each: one line is enough. */
function inReadingOrder(problems: readonly DetailedError[]): readonly DetailedError[] {
  const byPlace = new Map<number, DetailedError>();
  for (const problem of problems) {
    const start = startOf(problem);
    if (!byPlace.has(start)) byPlace.set(start, problem);
  }
  return [...byPlace].sort(([a], [b]) => a - b).map(([, problem]) => problem);
}

function startOf(problem: DetailedError): number {
  return problem.sourceLocations?.[0]?.start ?? 0;
}

function placeOf(text: string, problem: DetailedError | undefined): string {
  const location = problem?.sourceLocations?.[0];
  if (!location) return '';
  const { line, column } = locationAtByte(text, location.start);
  return `:${line}:${column}`;
}

/** Cedar calls a policy `policy3` by its position; the line and column say it better. */
function withoutId(message: string): string {
  return message.replace(/^failed to parse policies from string: /, '').replace(/^for policy `policy\d+`[,:] /, '');
}
