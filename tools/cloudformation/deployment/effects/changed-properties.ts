import type { Json } from '../../../../src/kernel/digest.ts';
import type { ResourceChange, ResourcePolicies } from '../../../ports/cloudformation.ts';
import { jsonPointer } from '../../../ports/json-pointer.ts';
import { AWS_MASK } from '../../../ports/masks.ts';
import { isSettings, member, membersOf, propertiesOf, type Settings, same, UNTOLD } from './resource-settings.ts';

type Sources = NonNullable<ResourcePolicies['value_sources']>;

/** Stands for any resource. */
const ANY = '*';

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
 * @param sources what the values that it takes from other resources are worked out from, by the new template
 */
export function changedProperties(change: ResourceChange, sources: Sources = {}): readonly ChangedProperty[] {
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
    return listed.has(name) ? [{ name, before: was ?? AWS_MASK, after: later(change, name, was, sources) }] : [];
  });
}

/**
 * A value that is listed and shown as it is: what of it only the execution tells. Where AWS says that it is listed only
 * because of other resources, that is what the template works out from these; all else is shown.
 */
function later({ properties }: ResourceChange, name: string, shown: Json | undefined, sources: Sources): Json {
  const causes = properties.filter((detail) => detail.name === name).map(({ cause }) => cause);
  const root = jsonPointer([name]);
  const places = Object.keys(sources).filter(
    (pointer) =>
      (pointer === root || pointer.startsWith(`${root}/`)) &&
      sources[pointer]?.some((one) => one === ANY || causes.includes(one)),
  );
  const isCaused = causes.every(
    (cause) => cause !== undefined && places.some((pointer) => sources[pointer]?.some((one) => one === cause)),
  );
  if (shown === undefined || !isCaused) return UNTOLD;
  return places.reduce((value, pointer) => untoldAt(value, pointer.split('/').slice(2)), shown);
}

/** Untold as a whole where there is no such place. */
function untoldAt(value: Json, [step, ...rest]: readonly string[]): Json {
  if (step === undefined) return UNTOLD;
  const key = step.replaceAll('~1', '/').replaceAll('~0', '~');
  const inner = member(value, key);
  if (inner === undefined) return UNTOLD;
  if (Array.isArray(value)) return value.map((one: Json, at) => (String(at) === key ? untoldAt(one, rest) : one));
  return isSettings(value) ? { ...value, [key]: untoldAt(inner, rest) } : UNTOLD;
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
