import type { Json } from '../../../../../src/kernel/digest.ts';
import type { Finding } from '../finding.ts';
import { member } from '../resource-settings.ts';
import { type Place, sayVerdict } from './place.ts';
import { documentOf, entriesIn, hasEntry, isUnreadable } from './reading.ts';

/**
 * Filters before what takes messages or records: what matches none of them is taken too, and thrown away. One filter
 * more takes more, and so does none; any other change may throw away what was worked on before.
 * https://docs.aws.amazon.com/lambda/latest/dg/invocation-eventfiltering.html
 */
export function sifts(before: Json | undefined, after: Json | undefined, place: Place): readonly Finding[] {
  const [had, has] = [filtersIn(before), filtersIn(after)];
  const isWider = has?.length === 0 || (had && had.length > 0 && has && had.every((one) => hasEntry(has, one)));
  return isWider
    ? sayVerdict(place, 'disrupt', 'hands on more than before')
    : sayVerdict(place, 'delete', 'throws away what it handed on');
}

/** None takes all. Undefined for what can't be read. */
function filtersIn(value: Json | undefined): readonly Json[] | undefined {
  if (value === undefined || value === null) return [];
  const filters = entriesIn(member(documentOf(value), 'Filters'));
  return isUnreadable(value) ? undefined : filters;
}
