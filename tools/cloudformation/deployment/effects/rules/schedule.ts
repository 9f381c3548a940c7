import type { Json } from '../../../../../src/kernel/digest.ts';
import type { Finding } from '../finding.ts';
import { type Place, sayVerdict } from './place.ts';

const FIELDS = 6;
const MINUTES: Readonly<Record<string, number>> = { minute: 1, hour: 60, day: 1_440 };

/**
 * The longest that a function runs. What comes sooner again may run over itself.
 * https://docs.aws.amazon.com/lambda/latest/dg/configuration-timeout.html
 */
const LONGEST_RUN = 15;

/**
 * When it runs. A rate that comes at least as often, and a `cron` with all the times that it had, run whenever they did
 * before; any other change may leave a time out on which something waits.
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-scheduled-rule-pattern.html
 */
export function schedule(before: Json | undefined, after: Json | undefined, place: Place): readonly Finding[] {
  if (before === undefined || before === null) return [];
  const [was, is] = [minutesOf(before), minutesOf(after)];
  const comes = was !== undefined && is !== undefined && is <= was;
  if (!comes && !hasAllTimes(fieldsOf(before), fieldsOf(after)))
    return sayVerdict(place, 'disrupt', 'is another or none');
  const [apart, next] = [was ?? apartIn(fieldsOf(before)), is ?? apartIn(fieldsOf(after))];
  return apart >= LONGEST_RUN && next < LONGEST_RUN
    ? sayVerdict(place, 'disrupt', 'comes so often that it may run over itself')
    : [];
}

/** How many minutes are at least between two times of a `cron`, as its field of minutes says. */
function apartIn(fields: readonly string[] | undefined): number {
  const [minutes = '*'] = fields ?? [];
  const step = /^(?:\*|\d{1,2})\/(\d{1,2})$/.exec(minutes)?.[1];
  if (step !== undefined) return Number(step);
  const listed = minutes.split(',').map(Number);
  if (listed.some(Number.isNaN)) return 1;
  const sorted = [...new Set(listed)].sort((a, b) => a - b);
  return Math.min(...sorted.map((minute, at) => (sorted[at + 1] ?? (sorted[0] ?? 0) + 60) - minute));
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
