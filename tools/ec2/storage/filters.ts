import { z } from 'zod';
import { HoldshortError } from '../../../src/kernel/errors.ts';
import { FilterValue, ruled, uniqueList } from '../../fields.ts';
import type { Filter } from '../../ports/ec2-instances.ts';

export const TagFilter = z.record(FilterValue, FilterValue).optional();

/** Whose: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeImages.html, `Owner.N` */
export const Owners = uniqueList(
  ruled((value) =>
    /^(self|amazon|aws-marketplace|aws-backup-vault|\d{12})$/.test(value)
      ? undefined
      : 'is not an owner; give self, amazon, aws-marketplace or an account id of 12 digits',
  ),
  10,
);

/** The filters that are given, by AWS's names for them. */
export function filtersOf(
  given: Readonly<Record<string, string | undefined>>,
  tags: Readonly<Record<string, string>> | undefined,
): Filter[] {
  const plain = Object.entries(given).flatMap(([name, value]) =>
    value === undefined ? [] : [{ name, values: [value] }],
  );
  return [...plain, ...Object.entries(tags ?? {}).map(([key, value]) => ({ name: `tag:${key}`, values: [value] }))];
}

/** Ids say it all: what else is given would be ignored silently. */
export function refuseBoth(
  ids: readonly string[] | undefined,
  { filters, owners }: { readonly filters: readonly Filter[]; readonly owners?: readonly string[] | undefined },
  name: string,
): void {
  if (ids && (filters.length > 0 || owners))
    throw new HoldshortError('invalid_input', `${name} and filters are both given`, 'give one of them');
}
