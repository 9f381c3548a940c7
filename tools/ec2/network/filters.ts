import { z } from 'zod';
import { HoldshortError } from '../../../src/kernel/errors.ts';
import { FilterValue } from '../../fields.ts';
import { PAGE_ITEMS } from '../../page.ts';
import type { Filter } from '../../ports/ec2-instances.ts';

/**
 * Tags with the values that they must have. Checked as a whole, which costs a model less to read than rules on each key
 * and value.
 */
export const TagValues = z
  .record(z.string(), z.string())
  .superRefine((tags, context) => {
    for (const [key, value] of Object.entries(tags)) {
      const problem = [key, value]
        .map((text) => FilterValue.safeParse(text).error)
        .find((error) => error !== undefined);
      const [issue] = problem?.issues ?? [];
      if (issue) context.addIssue({ code: 'custom', path: [key], message: issue.message });
    }
  })
  .optional();

/** EC2's filters for what is given, by its name for each; and for tags. */
export function filtersFor(
  given: Readonly<Record<string, string | undefined>>,
  tags: Readonly<Record<string, string>> = {},
): readonly Filter[] {
  return [
    ...Object.entries(given).flatMap(([name, value]) => (value === undefined ? [] : [{ name, values: [value] }])),
    ...Object.entries(tags).map(([key, value]) => ({ name: `tag:${key}`, values: [value] })),
  ];
}

/** What ids name, or a page of what filters find. */
export async function byIdsOrFilters<T>(
  ids: readonly string[] | undefined,
  filters: readonly Filter[],
  token: string | undefined,
  ask: {
    readonly ids: (ids: readonly string[]) => Promise<readonly T[]>;
    readonly page: (asked: {
      readonly filters: readonly Filter[];
      readonly limit: number;
      readonly cursor?: string;
    }) => Promise<{ readonly items: readonly T[]; readonly cursor?: string }>;
  },
  limit: number = PAGE_ITEMS,
): Promise<{ readonly items: readonly T[]; readonly cursor?: string }> {
  if (ids === undefined) return await ask.page({ filters, limit, ...(token === undefined ? {} : { cursor: token }) });
  if (filters.length === 0) return { items: await ask.ids(ids) };
  throw new HoldshortError('invalid_input', 'ids and other filters are both given', 'give one of them');
}
