import type { Json } from '../../../../../src/kernel/digest.ts';
import type { Finding } from '../finding.ts';
import { type Place, sayVerdict } from './place.ts';

const MINUTES: Readonly<Record<string, number>> = { minute: 1, hour: 60, day: 1_440 };

/**
 * When it runs. A rate that comes at least as often runs whenever it did before; any other change, of a `cron` too, may
 * leave a time out on which something waits.
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-scheduled-rule-pattern.html
 */
export function schedule(before: Json | undefined, after: Json | undefined, place: Place): readonly Finding[] {
  if (before === undefined || before === null) return [];
  const [was, is] = [minutesOf(before), minutesOf(after)];
  if (was !== undefined && is !== undefined && is <= was) return [];
  return sayVerdict(place, 'disrupt', 'is another or none');
}

/** How many minutes pass from one to the next; undefined for what isn't a rate. */
function minutesOf(value: Json | undefined): number | undefined {
  const [, count = '', unit = ''] = /^rate\((\d{1,9}) (minute|hour|day)s?\)$/.exec(String(value)) ?? [];
  const minutes = Number(count) * (MINUTES[unit] ?? 0);
  return minutes > 0 ? minutes : undefined;
}
