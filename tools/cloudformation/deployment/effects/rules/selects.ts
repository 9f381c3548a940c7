import type { Json } from '../../../../../src/kernel/digest.ts';
import type { Rule } from '../../../knowledge/language.ts';
import type { Finding } from '../finding.ts';
import { isSettings } from '../resource-settings.ts';
import { type Place, sayVerdict } from './place.ts';
import { hasEntry, isUnreadable } from './reading.ts';

type Selects = Extract<Rule, { readonly selects: unknown }>;

/**
 * Which events it takes. More of them reach what a new rule could bring them to as well; one that is no longer taken is
 * missed. The attacker's pattern only looks wider than it is.
 */
export function selects(
  { selects: verdict, absent }: Selects,
  before: Json | undefined,
  after: Json | undefined,
  place: Place,
): readonly Finding[] {
  const [had, has] = [before, after].map((value) => value !== undefined && value !== null);
  if (absent === 'none' ? !had : !has) return [];
  // A text may say a field twice, of which it isn't known here which one counts.
  const takesAll = before !== undefined && after !== undefined && takes(after, before);
  return takesAll ? [] : sayVerdict(place, verdict, 'may no longer take all that it took');
}

/**
 * Does a pattern take all that another takes? All of its fields must fit, and one that it doesn't name always does; of
 * a field's list, and of `$or`, one entry is enough.
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-event-patterns.html
 */
function takes(wider: Json, old: Json): boolean {
  if (isUnreadable(wider) || isUnreadable(old)) return false;
  if (Array.isArray(wider) && Array.isArray(old)) return old.every((entry: Json) => hasEntry(wider, entry));
  if (!isSettings(wider) || !isSettings(old)) return false;
  const names = Object.keys(wider);
  return (
    names.length > 0 &&
    names.every((name) => {
      const [one, other] = [wider[name], Object.hasOwn(old, name) ? old[name] : undefined];
      return one !== undefined && other !== undefined && takes(one, other);
    })
  );
}
