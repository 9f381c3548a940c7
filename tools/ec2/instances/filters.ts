import { HoldshortError } from '../../../src/kernel/errors.ts';
import type { Filter } from '../../ports/ec2-instances.ts';

/** EC2's filters from the arguments that are given. @param names what EC2 calls each argument */
export function filtersOf(
  names: Readonly<Record<string, string>>,
  given: Readonly<Record<string, unknown>>,
): readonly Filter[] {
  return Object.entries(names).flatMap(([key, name]) => {
    const value = given[key];
    return typeof value === 'string' ? [{ name, values: [value] }] : [];
  });
}

/** A page of what is named and filtered can't be bounded: EC2 doesn't page what is named. */
export function refuseBoth(ids: readonly string[] | undefined, filters: readonly Filter[]): void {
  if (ids && filters.length > 0)
    throw new HoldshortError('invalid_input', 'instance_ids and filters are both given', 'give one of them');
}
