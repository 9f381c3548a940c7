import type { Filter as AwsFilter } from '@aws-sdk/client-ec2';
import type { Filter } from '../../../tools/ports/ec2-instances.ts';
import type { Page } from '../../../tools/ports/pages.ts';
import { HoldshortError } from '../../kernel/errors.ts';
import { awsCodeOf, notAws } from '../request/errors.ts';

export function filtersOf(filters: readonly Filter[]): AwsFilter[] {
  return filters.map(({ name, values }) => ({ Name: name, Values: [...values] }));
}

/** The list of an answer, which AWS always gives, if only empty. */
export function listed<A, T>(
  operation: string,
  list: readonly A[] | undefined,
  next: string | undefined,
  of: (one: A) => T,
) {
  if (!list) throw notAws(operation, 200, 'an answer without its list');
  const page: Page<T> = { items: list.map(of), ...(next ? { cursor: next } : {}) };
  return page;
}

/**
 * What `ids` name, in that order.
 * @param describe asks for all of them at once; EC2 fails the whole request with a code that ends in NotFound when one
 *   isn't there
 */
export async function named<T>(
  ids: readonly string[],
  { what, tool }: { readonly what: string; readonly tool: string },
  idOf: (item: T) => string,
  describe: () => Promise<Page<T>>,
): Promise<readonly T[]> {
  // Describing without ids would give everything.
  if (ids.length === 0) return [];
  const missing = (id: string) =>
    new HoldshortError('not_found', `there is no ${what} ${id} here`, `list them with ${tool}; check \`region\``);
  const found = new Map<string, T>();
  try {
    for (const item of (await describe()).items) found.set(idOf(item), item);
  } catch (error) {
    if (!/\.(NotFound|Unavailable)$/.test(awsCodeOf(error) ?? '')) throw error;
    const text = error instanceof Error ? error.message : '';
    throw missing(ids.find((id) => text.includes(id)) ?? ids[0] ?? '');
  }
  return ids.map((id) => {
    const item = found.get(id);
    if (item === undefined) throw missing(id);
    return item;
  });
}
