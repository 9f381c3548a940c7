import { HoldshortError } from '../../kernel/errors.ts';
import { type Row, ticketNotFound } from './row.ts';

const SHORTEST_PREFIX = 6;
const MOST = 500;

/** How many ids a sweep is given at once. */
export const AT_ONCE = 100;

/**
 * An id, or how it begins.
 * @throws invalid_input where it is too short
 * @throws not_found where no id begins like this
 */
export function prefixOf(idOrPrefix: string): string {
  const prefix = idOrPrefix.replace(/^tkt_/, '');
  if (prefix.length < SHORTEST_PREFIX)
    throw new HoldshortError(
      'invalid_input',
      `'${idOrPrefix}' is too short for a ticket`,
      `give at least ${SHORTEST_PREFIX} characters of its id`,
    );
  if (!/^[0-9a-z]{6,20}$/.test(prefix)) throw ticketNotFound(idOrPrefix);
  return `tkt_${prefix}`;
}

/**
 * The one row whose id begins like this.
 * @param found the first two
 */
export function theOne([row, other]: readonly Row[], idOrPrefix: string): Row {
  if (!row) throw ticketNotFound(idOrPrefix);
  if (other)
    throw new HoldshortError(
      'invalid_input',
      `more than one ticket begins with ${idOrPrefix.replace(/^tkt_/, '')}`,
      'give more characters of its id',
    );
  return row;
}

/** How many tickets are listed at once. */
export function pageOf(limit: number): number {
  return Math.max(1, Math.min(MOST, Math.floor(limit)));
}

export function unknownCursor(): HoldshortError {
  return new HoldshortError('invalid_input', 'the cursor is not one of ours', 'list again from the beginning');
}
