import { z } from 'zod';
import { ENVIRONMENTS, type Environment } from './environment.ts';
import { firstInstantOf, isTimeZone, lastInstantOf, localText, readingOf, wallClockAt } from './local-time.ts';

/** In the order in which `Date.getUTCDay` counts. */
const DAYS = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'] as const;

const DAY_MS = 86_400_000;
const TIME = /^([01]\d|2[0-3]):[0-5]\d$/;

/**
 * One rule of `freezes:` in the configuration: a time in which nothing is to change. Without `days` it is one stretch
 * from a date and time to another. With `days` it begins on each of those days at `from` and ends at the next `until`:
 * on the day after, where that isn't later.
 */
export const FreezeRule = z
  .strictObject({
    name: z.string().regex(/^[a-z0-9][a-z0-9-]{0,31}$/, 'must be 1 to 32 of a-z 0-9 -'),
    reason: z.string().min(1, 'must say why: agents and people are told').max(300, 'must have at most 300 characters'),
    environments: z.array(z.enum(ENVIRONMENTS)).min(1, 'must name at least one; leave it out for all').optional(),
    time_zone: z
      .string()
      .refine(isTimeZone, 'must be a time zone of the IANA database, as in Europe/Zurich, America/New_York or UTC'),
    days: z.array(z.enum(DAYS)).min(1, 'must name at least one day').optional(),
    from: z.string(),
    until: z.string(),
  })
  .superRefine(({ days, from, until }, context) => {
    const wrong = (path: 'from' | 'until', message: string) =>
      context.addIssue({ code: 'custom', path: [path], message });
    if (days) {
      const message = 'must be a time of day, as in "18:00", where there are days';
      if (!TIME.test(from)) wrong('from', message);
      if (!TIME.test(until) && until !== '24:00') wrong('until', message);
      return;
    }
    const message = 'must be a date and time, as in 2026-12-18T18:00; or, with days, a time of day';
    const [begins, ends] = [readingOf(from), readingOf(until)];
    if (begins === undefined) wrong('from', message);
    if (ends === undefined) wrong('until', message);
    if (begins !== undefined && ends !== undefined && ends <= begins) wrong('until', 'must be later than from');
  });

export type FreezeRule = z.infer<typeof FreezeRule>;

/** Whether anything is frozen at a moment, and what. Texts are empty where nothing is. */
export interface Freeze {
  readonly active: boolean;
  /** The names of every rule that holds. */
  readonly names: readonly string[];
  readonly reason: string;
  /** ISO 8601: when the last of them ends, those included that follow without a gap. */
  readonly until: string;
  /** The same as people read it, in the rule's time zone. */
  readonly until_local: string;
}

export const NO_FREEZE: Freeze = { active: false, names: [], reason: '', until: '', until_local: '' };

/** How many stretches that follow each other without a gap are looked at to say when it ends. */
const HOPS = 20;

/** @param at ISO 8601 */
export function freezeAt(rules: readonly FreezeRule[], environment: Environment, at: string): Freeze {
  const applying = rules.filter(({ environments }) => environments?.includes(environment) ?? true);
  const instant = Date.parse(at);
  const holding = applying.filter((rule) => endOf(rule, instant) !== undefined);
  const [first] = holding;
  if (!first) return NO_FREEZE;
  let until = instant;
  for (let hop = 0; hop < HOPS; hop++) {
    const next = Math.max(...applying.map((rule) => endOf(rule, until) ?? until));
    if (next === until) break;
    until = next;
  }
  return {
    active: true,
    names: holding.map(({ name }) => name),
    reason: holding.map(({ reason }) => reason).join('; '),
    until: new Date(until).toISOString(),
    until_local: localText(until, first.time_zone),
  };
}

/** When the stretch ends in which an instant lies; undefined when it lies in none. */
function endOf(rule: FreezeRule, instant: number): number | undefined {
  const ends = stretchesAround(rule, instant).flatMap(([from, until]) => {
    // A reading that comes twice when clocks go back: the freeze begins with the first and ends with the last.
    const end = lastInstantOf(until, rule.time_zone);
    return firstInstantOf(from, rule.time_zone) <= instant && instant < end ? [end] : [];
  });
  return ends.length > 0 ? Math.max(...ends) : undefined;
}

/** The stretches that may hold an instant, as readings of the wall clock. */
function stretchesAround(rule: FreezeRule, instant: number): readonly (readonly [number, number])[] {
  const { days, from, until, time_zone } = rule;
  if (!days) return [[readingOf(from) ?? 0, readingOf(until) ?? 0]];
  const today = Math.floor(wallClockAt(instant, time_zone) / DAY_MS) * DAY_MS;
  // Yesterday's may go on past midnight; and where clocks go back at midnight, tomorrow may have begun already.
  return [today - DAY_MS, today, today + DAY_MS].flatMap((day) => {
    const name = DAYS[new Date(day).getUTCDay()];
    if (!name || !days.includes(name)) return [];
    const begins = day + timeMs(from);
    const ends = day + timeMs(until);
    return [[begins, ends > begins ? ends : ends + DAY_MS] as const];
  });
}

function timeMs(text: string): number {
  const [hours, minutes] = text.split(':').map(Number);
  return ((hours ?? 0) * 60 + (minutes ?? 0)) * 60_000;
}
