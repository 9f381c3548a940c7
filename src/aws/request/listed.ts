import type { Page } from '../../../tools/ports/pages.ts';
import { notAws } from './errors.ts';

/**
 * The page that an answer holds.
 * @param list the answer's list. AWS always gives it, if only empty: without it, the answer isn't AWS's
 * @param next the answer's token for the page after it; absent or empty on the last
 * @throws aws_unreachable when there is no list
 */
export function listed<A, T>(
  operation: string,
  list: readonly A[] | undefined,
  next: string | undefined,
  of: (one: A) => T,
): Page<T> {
  if (!list) throw notAws(operation, 200, 'an answer without its list');
  return { items: list.map(of), ...(next ? { cursor: next } : {}) };
}
