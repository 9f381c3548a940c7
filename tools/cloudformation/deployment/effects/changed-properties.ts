import type { Json } from '../../../../src/kernel/digest.ts';
import type { ResourceChange } from '../../../ports/cloudformation.ts';
import { AWS_MASK } from '../../../ports/masks.ts';
import { isSettings, member, membersOf, propertiesOf, type Settings, same, UNTOLD } from './resource-settings.ts';

/** A top-level property that isn't what it was. Undefined: not there. */
export interface ChangedProperty {
  readonly name: string;
  readonly before: Json | undefined;
  readonly after: Json | undefined;
}

/**
 * The properties that a change alters: those that the contexts show otherwise, and those that AWS lists as changing.
 * What it lists while both contexts are alike changes to something that only the execution will show. Of a new
 * resource: all that it has.
 */
export function changedProperties(change: ResourceChange): readonly ChangedProperty[] {
  const after = propertiesOf(change.after_context) ?? {};
  if (change.action === 'Add')
    return Object.keys(after).map((name) => ({ name, before: undefined, after: after[name] }));
  const before = propertiesOf(change.before_context) ?? {};
  const listed = new Set(
    change.properties.flatMap(({ attribute, name = '' }) => (attribute === 'Properties' ? [name] : [])),
  );
  return [...new Set([...Object.keys(before), ...Object.keys(after), ...listed])].flatMap((name) => {
    const [was, shown] = [own(before, name), own(after, name)];
    const is = listed.has(name) ? unmasked(was, shown) : shown;
    if (!same(was, is)) return [{ name, before: was, after: is }];
    return listed.has(name) ? [{ name, before: was ?? AWS_MASK, after: UNTOLD }] : [];
  });
}

/** What AWS masks looks the same before and after: each in a property that changes may be what changes in it. */
function unmasked(before: Json | undefined, after: Json | undefined): Json | undefined {
  if (before === AWS_MASK && after === AWS_MASK) return UNTOLD;
  if (Array.isArray(after)) return after.map((one: Json, at) => unmasked(member(before, String(at)), one) ?? null);
  if (!isSettings(after)) return after;
  return Object.fromEntries(membersOf(undefined, after).map((key) => [key, unmasked(member(before, key), after[key])]));
}

function own(settings: Settings, name: string): Json | undefined {
  return Object.hasOwn(settings, name) ? settings[name] : undefined;
}
