import type { Json } from '../../../../../src/kernel/digest.ts';
import type { Finding } from '../finding.ts';
import { type Place, sayVerdict } from './place.ts';

const FIELDS = 6;
const MINUTES: Readonly<Record<string, number>> = { minute: 1, hour: 60, day: 1_440 };

/**
 * When it runs. A rate that comes at least as often, and a `cron` with all the times that it had, run whenever they did
 * before; any other change may leave a time out on which something waits.
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-scheduled-rule-pattern.html
 */
export function schedule(before: Json | undefined, after: Json | undefined, place: Place): readonly Finding[] {
  if (before === undefined || before === null) return [];
  const [was, is] = [minutesOf(before), minutesOf(after)];
  if (was !== undefined && is !== undefined && is <= was) return [];
  if (hasAllTimes(fieldsOf(before), fieldsOf(after))) return [];
  return sayVerdict(place, 'disrupt', 'is another or none');
}

/** How many minutes pass from one to the next; undefined for what isn't a rate. */
function minutesOf(value: Json | undefined): number | undefined {
  const [, count = '', unit = ''] = /^rate\((\d{1,9}) (minute|hour|day)s?\)$/.exec(String(value)) ?? [];
  const minutes = Number(count) * (MINUTES[unit] ?? 0);
  return minutes > 0 ? minutes : undefined;
}

/** Undefined for what isn't a `cron` of AWS's six fields, one of the two for days being `?`. */
function fieldsOf(value: Json | undefined): readonly string[] | undefined {
  const [, text = ''] = /^cron\(([\w ,*?/#-]{1,200})\)$/.exec(String(value)) ?? [];
  const fields = text.split(' ');
  return fields.length === FIELDS && fields.filter((field) => field === '?').length === 1 ? fields : undefined;
}

/** Each field has all that it had: any, or the parts of its list as they were. */
function hasAllTimes(was: readonly string[] | undefined, is: readonly string[] | undefined): boolean {
  if (!was || !is) return false;
  return was.every((field, at) => {
    const parts = is[at]?.split(',') ?? [];
    return (
      field === is[at] || (field !== '?' && (is[at] === '*' || field.split(',').every((one) => parts.includes(one))))
    );
  });
}
