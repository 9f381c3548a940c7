import { HoldshortError } from '../../src/kernel/errors.ts';

/** A part of a list that AWS gives in parts. */
export interface Page<T> {
  readonly items: readonly T[];
  /** Absent on the last page. */
  readonly cursor?: string;
}

type Ask<T> = (cursor: string | undefined) => Promise<Page<T>>;

/** Far beyond any list of AWS that a plan or an answer rests on: 200,000 snapshots are 200 pages. */
const MOST_PAGES = 200;
const MOST_ITEMS = 200_000;

/**
 * The items of a list, page after page, to its end. A list that is cut would show people less than happens, so there is
 * no short end. The attacker is an endpoint (a broken emulator, a proxy) that always names a next page: it mustn't keep
 * us asking for ever.
 * @param what the API operation, `DescribeVolumes`
 * @throws aws_unreachable when the list doesn't end: the same page is named again, or there are more pages or items
 *   than any list has
 */
export async function* pages<T>(what: string, ask: Ask<T>): AsyncGenerator<readonly T[], void> {
  const seen = new Set<string>();
  let cursor: string | undefined;
  let items = 0;
  do {
    const page = await ask(cursor);
    yield page.items;
    cursor = page.cursor;
    items += page.items.length;
    if (cursor === undefined) return;
    if (seen.has(cursor)) throw endless(what, 'the same page is named again');
    seen.add(cursor);
    if (seen.size >= MOST_PAGES) throw endless(what, `there are more than ${MOST_PAGES} pages`);
    if (items > MOST_ITEMS) throw endless(what, `there are more than ${MOST_ITEMS} items`);
  } while (true);
}

/** All items of a list, as `pages` gives them. */
export async function every<T>(what: string, ask: Ask<T>): Promise<readonly T[]> {
  const all: T[] = [];
  for await (const items of pages(what, ask)) for (const item of items) all.push(item);
  return all;
}

/** A cursor as the member that AWS's requests name a page with. */
export function nextToken(cursor: string | undefined): { readonly NextToken?: string } {
  return cursor === undefined ? {} : { NextToken: cursor };
}

function endless(what: string, why: string): HoldshortError {
  return new HoldshortError(
    'aws_unreachable',
    `${what}: the list does not end (${why}), so it can not be told what is in it`,
    'check AWS_ENDPOINT_URL and any proxy in between, or ask for less',
  );
}
