import { wholeNumber } from '../../fields.ts';
import type { Page } from '../../ports/pages.ts';

export const OlderThanDays = wholeNumber(1, 36_500).optional();

/** So that a page without anything old enough isn't the answer, nor all pages are read for one call. */
const PASSED_OVER = 10;

/**
 * The first page that has something old enough, with the token that it was asked for by. EC2 filters by exact times
 * only, so ages are compared here; what AWS gives no time for isn't taken for old.
 * @param token of the page to begin with
 * @param timeOf ISO 8601
 */
export async function agedPage<T>(
  days: number | undefined,
  timeOf: (item: T) => string | undefined,
  token: string | undefined,
  ask: (token: string | undefined) => Promise<Page<T>>,
): Promise<Page<T> & { readonly token: string | undefined }> {
  if (days === undefined) return { ...(await ask(token)), token };
  // By this process's clock: a list of what is some days old decides nothing.
  const before = Date.now() - days * 24 * 3_600_000;
  const isOld = (item: T) => Date.parse(timeOf(item) ?? '') < before;
  let at = token;
  for (let count = 0; ; count++) {
    const page = await ask(at);
    const items = page.items.filter(isOld);
    if (items.length > 0 || page.cursor === undefined || count === PASSED_OVER) return { ...page, items, token: at };
    at = page.cursor;
  }
}
