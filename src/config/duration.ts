import { LONGEST_WAIT_MS } from '../kernel/longest.ts';

const UNITS: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** What `expire_after` looks like, for the JSON Schema and messages. */
export const DURATION_PATTERN = /^[1-9][0-9]*[smhd]$/;

/**
 * Milliseconds of `45s`, `30m`, `4h`, `2d`; undefined for anything else and for more than 30 days. A ticket that never
 * expires would let an approval given today run next year.
 */
export function durationMs(text: string): number | undefined {
  const unit = UNITS[text.slice(-1)];
  if (unit === undefined || !DURATION_PATTERN.test(text)) return undefined;
  const ms = Number(text.slice(0, -1)) * unit;
  return ms <= LONGEST_WAIT_MS ? ms : undefined;
}
