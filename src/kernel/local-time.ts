/*
 * Wall clocks of time zones, from the zone data that the runtime brings (Intl). A wall clock is a number: the
 * milliseconds since 1970 that it would be if the same reading were UTC. Clocks jump: a reading may come twice (autumn)
 * or never (spring), so "when is it 02:30" has two answers, and callers say which one they mean.
 */

const DAY_MS = 86_400_000;
const SECOND_MS = 1_000;

const formats = new Map<string, Intl.DateTimeFormat>();

/** The same zone is asked about again and again, and making a format costs more than using it. */
function formatOf(zone: string): Intl.DateTimeFormat {
  const known = formats.get(zone);
  if (known) return known;
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    calendar: 'gregory',
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
  });
  formats.set(zone, format);
  return format;
}

/** Is it a zone of the IANA database that this runtime knows? */
export function isTimeZone(zone: string): boolean {
  // Offsets like +01:00 are understood too, but don't know about summer time.
  if (!/^[A-Za-z]/.test(zone)) return false;
  try {
    formatOf(zone);
    return true;
  } catch {
    return false;
  }
}

export function wallClockAt(instant: number, zone: string): number {
  const parts = formatOf(zone).formatToParts(instant);
  const of = (type: Intl.DateTimeFormatPartTypes) => Number(parts.find((part) => part.type === type)?.value);
  return Date.UTC(of('year'), of('month') - 1, of('day'), of('hour'), of('minute'), of('second'));
}

/** The first instant at which the wall clock shows this reading or a later one. */
export function firstInstantOf(reading: number, zone: string): number {
  return Math.min(...instantsOf(reading, zone));
}

/** The first instant after which the wall clock never again shows an earlier reading. */
export function lastInstantOf(reading: number, zone: string): number {
  return Math.max(...instantsOf(reading, zone));
}

/** One instant, the two of a reading that comes twice, or the moment at which a reading is jumped over. */
function instantsOf(reading: number, zone: string): readonly number[] {
  const offsetAt = (instant: number) => wallClockAt(instant, zone) - instant;
  // Offsets are at most 14 hours, so a day to either side is surely before and after.
  const candidates = [offsetAt(reading - DAY_MS), offsetAt(reading + DAY_MS)].map((offset) => reading - offset);
  const right = candidates.filter((instant) => wallClockAt(instant, zone) === reading);
  return right.length > 0 ? right : [jumpOver(reading, zone, Math.min(...candidates), Math.max(...candidates))];
}

function jumpOver(reading: number, zone: string, before: number, after: number): number {
  let [low, high] = [before, after];
  while (high - low > SECOND_MS) {
    const middle = low + Math.ceil((high - low) / 2 / SECOND_MS) * SECOND_MS;
    if (middle >= high) break;
    if (wallClockAt(middle, zone) < reading) low = middle;
    else high = middle;
  }
  return high;
}

/** `2026-12-18T18:00` → its reading; undefined for what isn't a date and time, 30 February included. */
export function readingOf(text: string): number | undefined {
  if (!/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}$/.test(text)) return undefined;
  const reading = Date.parse(`${text}:00.000Z`);
  return Number.isNaN(reading) || !new Date(reading).toISOString().startsWith(text) ? undefined : reading;
}

/** `2027-01-04 08:00 (Europe/Zurich)` */
export function localText(instant: number, zone: string): string {
  return `${new Date(wallClockAt(instant, zone)).toISOString().slice(0, 16).replace('T', ' ')} (${zone})`;
}
