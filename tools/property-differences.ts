import { sha256, stableJson } from '../src/kernel/digest.ts';
import type { Impact, PropertyDifference } from '../src/kernel/plan.ts';
import { bounded } from '../src/kernel/safe-text.ts';
import { AWS_MASK } from './ports/masks.ts';
import { hideValue } from './ports/redaction.ts';

/**
 * More than a stack has parameters and tags together (200 and 50): anyone who chooses their order pushes none out of
 * the plan.
 */
const KEPT = 250;
const NAME = 80;
const VALUE = 120;
const ORDER = ['always', 'maybe', undefined] as const;

/**
 * The part of an impact that tells differences: bounded, without what is secret, each of them once. Those that replace
 * the resource come first, so that nobody pushes them out with others. None: no part.
 */
export function propertyDifferences(
  all: readonly PropertyDifference[],
): Pick<Impact, 'properties' | 'properties_left_out'> {
  const each = [...new Map(all.map((one) => [stableJson({ ...one }), one])).values()];
  const weight = ({ replaces }: PropertyDifference) => ORDER.indexOf(replaces);
  const properties = each
    .sort((a, b) => weight(a) - weight(b))
    .slice(0, KEPT)
    .map(shown);
  const left = each.length - properties.length;
  return { ...(each.length > 0 ? { properties } : {}), ...(left > 0 ? { properties_left_out: left } : {}) };
}

function shown({ name, before, after, replaces }: PropertyDifference): PropertyDifference {
  const value = (text: string, was?: string) => bounded(hideValue(name, text, was), VALUE, sha256);
  // AWS masks both, and nothing says whether they are the same: it is shown as what changes untold, not as what stays.
  const untold = before === AWS_MASK && after === AWS_MASK;
  return {
    name: bounded(name, NAME, sha256),
    ...(before === undefined || untold ? {} : { before: value(before) }),
    ...(after === undefined || untold ? {} : { after: value(after, before) }),
    ...(replaces === undefined ? {} : { replaces }),
  };
}
