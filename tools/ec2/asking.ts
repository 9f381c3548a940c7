import { z } from 'zod';
import { HoldshortError } from '../../src/kernel/errors.ts';
import { FilterValue, ruled, uniqueList } from '../fields.ts';
import { PAGE_ITEMS } from '../page.ts';
import type { Filter, Query } from '../ports/ec2-query.ts';
import type { Page } from '../ports/pages.ts';
import { notFound } from '../refusing.ts';

/**
 * Tags with the values that they must have. Checked as a whole: a rule on each key would say no more than that a key is
 * wrong.
 */
export const TagFilter = z
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

/** Whose: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeImages.html, `Owner.N` */
export const Owners = uniqueList(
  ruled((value) =>
    /^(self|amazon|aws-marketplace|aws-backup-vault|\d{12})$/.test(value)
      ? undefined
      : 'is not an owner; give self, amazon, aws-marketplace or an account id of 12 digits',
  ),
  10,
);

/** EC2's filters for what is given, by its name for each; and for tags. */
export function filtersOf(
  given: Readonly<Record<string, string | undefined>>,
  tags: Readonly<Record<string, string>> = {},
): readonly Filter[] {
  return [
    ...Object.entries(given).flatMap(([name, value]) => (value === undefined ? [] : [{ name, values: [value] }])),
    ...Object.entries(tags).map(([key, value]) => ({ name: `tag:${key}`, values: [value] })),
  ];
}

interface Asked<T> {
  /** The argument that names things by id. */
  readonly argument: string;
  readonly ids: readonly string[] | undefined;
  readonly filters: readonly Filter[];
  /** Another restriction than the filters, which ids make idle too. */
  readonly owners?: readonly string[] | undefined;
  /** The most of one page. Absent: as many as an answer holds. */
  readonly limit?: number;
  named(ids: readonly string[]): Promise<readonly T[]>;
  page(query: Query): Promise<Page<T>>;
}

/**
 * What ids name, or a page of what filters find: EC2 doesn't page what is named.
 * @param cursor EC2's own, of the page; absent, the first
 * @throws invalid_input when both are given: one of them would be ignored in silence
 */
export async function byIdsOrFilters<T>(asked: Asked<T>, cursor: string | undefined): Promise<Page<T>> {
  const { argument, ids, filters, owners, limit = PAGE_ITEMS } = asked;
  if (ids === undefined) return await asked.page({ filters, limit, cursor });
  if (filters.length === 0 && owners === undefined) return { items: await asked.named(ids) };
  throw new HoldshortError('invalid_input', `${argument} and filters are both given`, 'give one of them');
}

/** What readers gave for one id. They refuse an id that isn't there themselves, naming what kind it is. */
export function theOne<T>(found: readonly T[], id: string): T {
  const [item] = found;
  if (item === undefined) throw notFound(`there is no ${id} here`, 'list with a read tool; check `region`');
  return item;
}
