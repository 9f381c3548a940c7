import { type Approval, ASSURANCES, type Assurance } from './requirement.ts';
import type { StatementOf } from './statement.ts';

/** How long an approval by broken glass may stand. */
export const BREAK_GLASS_MS = 15 * 60_000;

/** How far the clocks of two machines may be apart. */
const SKEW_MS = 60_000;

/**
 * Who breaks the glass on a plan now, by how well each proved to be that person; each list has that level and the ones
 * above.
 */
export type Glass = Readonly<Record<Assurance, readonly string[]>>;

export const NO_GLASS: Glass = glassOf([]);

/** @param broken one a person, at the strongest assurance */
export function glassOf(broken: readonly Approval[]): Glass {
  const atLeast = (level: Assurance) =>
    broken
      .filter(({ assurance }) => ASSURANCES.indexOf(assurance) >= ASSURANCES.indexOf(level))
      .map(({ person }) => person)
      .sort();
  return {
    client: atLeast('client'),
    key: atLeast('key'),
    presence: atLeast('presence'),
    hardware: atLeast('hardware'),
  };
}

/**
 * Does a decision that breaks the glass keep to what it must: an approval, with a reason, for a short time? The
 * attacker is anyone who holds the key of a person whom policy names, and signs by hand: for a longer time, or from a
 * moment that is still to come.
 * @param now ISO 8601
 */
export function isGlassInOrder(statement: StatementOf<'decision'>, now: string): boolean {
  const [signed, expires] = [Date.parse(statement.signed_at), Date.parse(statement.expires_at)];
  return (
    statement.decision === 'approve' &&
    (statement.reason ?? '').trim() !== '' &&
    expires - signed <= BREAK_GLASS_MS &&
    signed - Date.parse(now) <= SKEW_MS
  );
}
