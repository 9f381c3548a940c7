import type { Filter as AwsFilter } from '@aws-sdk/client-ec2';
import type { Filter, Query } from '../../../tools/ports/ec2-query.ts';
import { nextToken, type Page } from '../../../tools/ports/pages.ts';
import { HoldshortError } from '../../kernel/errors.ts';
import { awsCodeOf } from '../request/errors.ts';
import type { Kind } from './kinds.ts';

/**
 * The most that EC2 puts on a page, and the least that can be asked for:
 * https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeInstances.html
 */
export const FULL_PAGE = 1_000;
const LEAST = 5;

export function filtersOf(filters: readonly Filter[]): AwsFilter[] {
  return filters.map(({ name, values }) => ({ Name: name, Values: [...values] }));
}

/** What a request for one page says. @param most of operations whose pages are smaller */
export function paged({ filters, cursor, limit }: Query, most = FULL_PAGE) {
  return { Filters: filtersOf(filters), MaxResults: Math.max(LEAST, Math.min(limit, most)), ...nextToken(cursor) };
}

export function notFound({ noun, recovery }: Kind, id: string): HoldshortError {
  return new HoldshortError('not_found', `there is no ${noun} ${id} here`, recovery);
}

/**
 * An answer about `ids`. EC2 fails the whole request when it doesn't know one of them.
 * @throws not_found naming that one
 */
export async function demandKnown<T>(kind: Kind, ids: readonly string[], asked: Promise<T>): Promise<T> {
  return await asked.catch((error: unknown) => {
    if (!kind.missing.test(awsCodeOf(error) ?? '')) throw error;
    // In whole words: an old id of 8 digits may be what a new one of 17 begins with.
    const said = new Set((error instanceof Error ? error.message : '').split(/[^a-z0-9-]+/));
    throw notFound(kind, ids.find((id) => said.has(id)) ?? ids[0] ?? '');
  });
}

/**
 * What `ids` name, in that order.
 * @param member which of an item's members is its id
 * @param describe asks for all of them at once
 * @throws not_found naming the first that isn't there
 */
export async function byId<K extends string, T extends { readonly [member in K]: string }>(
  kind: Kind,
  ids: readonly string[],
  member: K,
  describe: (ids: string[]) => Promise<Page<T>>,
): Promise<readonly T[]> {
  // Describing without ids would give everything.
  if (ids.length === 0) return [];
  const { items } = await demandKnown(kind, ids, describe([...ids]));
  const found = new Map<string, T>(items.map((item) => [item[member], item]));
  return ids.map((id) => {
    const item = found.get(id);
    if (item === undefined) throw notFound(kind, id);
    return item;
  });
}

/** The one that `id` names. @throws not_found */
export async function oneById<K extends string, T extends { readonly [member in K]: string }>(
  kind: Kind,
  id: string,
  member: K,
  describe: (ids: string[]) => Promise<Page<T>>,
): Promise<T> {
  const [item] = await byId(kind, [id], member, describe);
  if (item === undefined) throw notFound(kind, id);
  return item;
}
