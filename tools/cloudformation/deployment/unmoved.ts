import { type Json, stableJson } from '../../../src/kernel/digest.ts';
import type { PropertyChange, ResourceChange } from '../../ports/cloudformation.ts';

/** Attributes that name the resource itself, as `Ref` does: they are others only once it is another. */
const IDENTITY = /(^|\.)\w*(Arn|ARN|Id|Name|Url|URL)$/;
/** What AWS writes for a value that only the execution tells. */
const LATER = '{{changeSet:KNOWN_AFTER_APPLY}}';

/**
 * A change set's changes without those details that can't come true. Where a function changes in place, AWS lists
 * everything that takes its ARN from it, and what such a property would replace as perhaps replaced: it doesn't say
 * that the ARN stays. It surely does where all of this holds, and only there:
 * - AWS says that the detail comes from that other resource alone, by `Ref` or an attribute that names it;
 * - that other one is in the same change set, isn't replaced, and is believed;
 * - what stands there now has that other one's physical id in it, and what would stand there is the same text.
 * The attacker writes the template, so that the value may be put together of more than the name; whatever else changes
 * in it is in the compared texts, or in a detail of its own, which stays.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_ResourceChangeDetail.html
 */
export function withoutUnmoved(changes: readonly ResourceChange[]): readonly ResourceChange[] {
  const staying = new Map(changes.filter(stays).map((change) => [change.logical_id, change.physical_id ?? '']));
  return staying.size === 0 ? changes : changes.map((change) => without(change, staying));
}

function stays({ action, type, replacement, policy_action, physical_id, doubts }: ResourceChange): boolean {
  const own = type.startsWith('AWS::') && !type.startsWith('AWS::CloudFormation::');
  const kept = action === 'Modify' && replacement === 'False' && policy_action === undefined;
  return own && kept && (physical_id ?? '') !== '' && doubts.length === 0;
}

function without(change: ResourceChange, staying: ReadonlyMap<string, string>): ResourceChange {
  if (change.action !== 'Modify' || change.doubts.length > 0) return change;
  const after = documentIn(change.after_context);
  const before = documentIn(change.before_context);
  if (before === undefined || after === undefined) return change;
  // By property, as the contexts are compared: one detail that stays keeps all of its property.
  const names = new Set(change.properties.map(({ name }) => name ?? ''));
  const unmoved = [...names].filter((name) => {
    const details = change.properties.filter((detail) => (detail.name ?? '') === name);
    const [was, is] = [propertyIn(before, name), propertyIn(after, name)];
    const ids = [...new Set(details.flatMap((detail) => unmovedId(detail, staying) ?? []))];
    const known = details.every((detail) => unmovedId(detail, staying) !== undefined);
    return was !== undefined && known && ids.every((id) => mentions(was, id)) && isSame(was, is, ids);
  });
  if (unmoved.length === 0) return change;
  const properties = change.properties.filter(({ name }) => !unmoved.includes(name ?? ''));
  const Properties = Object.fromEntries(
    Object.entries(propertiesIn(after)).map(([name, value]) => [
      name,
      unmoved.includes(name) ? (propertyIn(before, name) ?? value) : value,
    ]),
  );
  return {
    ...change,
    properties,
    after_context: JSON.stringify({ ...after, Properties }),
    ...(change.replacement === 'Conditional' && properties.every((one) => one.requires_recreation === 'Never')
      ? { replacement: 'False' }
      : {}),
  };
}

/** The physical id of what a detail comes from, if that stays. */
function unmovedId(
  { attribute, cause = '' }: PropertyChange,
  staying: ReadonlyMap<string, string>,
): string | undefined {
  const [id = '', ...rest] = cause.split('.');
  return attribute === 'Properties' && (rest.length === 0 || IDENTITY.test(rest.join('.')))
    ? staying.get(id)
    : undefined;
}

/** Is the id in one of the texts, as a word of its own? `prod-fn` isn't named by `my-prod-fn`. */
function mentions(value: Json, physical: string): boolean {
  const text = stableJson(value);
  const needle = stableJson(physical).slice(1, -1);
  for (let at = text.indexOf(needle); at >= 0; at = text.indexOf(needle, at + 1)) {
    const around = `${text[at - 1] ?? ''}${text[at + needle.length] ?? ''}`;
    if (!/[\w-]/.test(around)) return true;
  }
  return false;
}

/** The same, but for texts of which only the execution tells a part; these have the id of what stays in them. */
function isSame(was: Json | undefined, is: Json | undefined, ids: readonly string[]): boolean {
  if (typeof was === 'string' && typeof is === 'string' && is.includes(LATER))
    return fits(was, is.split(LATER)) && ids.some((id) => mentions(was, id));
  if (Array.isArray(was) && Array.isArray(is))
    return was.length === is.length && was.every((one: Json, at) => isSame(one, is[at], ids));
  if (!isDocument(was) || !isDocument(is)) return stableJson(was) === stableJson(is);
  const keys = Object.keys(was);
  return (
    keys.length === Object.keys(is).length &&
    keys.every((key) => Object.hasOwn(is, key) && isSame(was[key], is[key], ids))
  );
}

/** Does a text begin with the first part, end with the last, and have the others between, in their order? */
function fits(text: string, [first = '', ...others]: readonly string[]): boolean {
  const last = others.at(-1) ?? '';
  let rest = text.startsWith(first) && text.length >= first.length + last.length ? text.slice(first.length) : undefined;
  for (const part of others.slice(0, -1)) {
    const at = rest?.indexOf(part) ?? -1;
    rest = at < 0 ? undefined : rest?.slice(at + part.length);
  }
  return rest?.endsWith(last) === true;
}

function documentIn(context: string | undefined): Readonly<Record<string, Json>> | undefined {
  try {
    const document: unknown = JSON.parse(context ?? '');
    return isDocument(document) ? document : undefined;
  } catch {
    return undefined;
  }
}

function propertiesIn({ Properties }: Readonly<Record<string, Json>>): Readonly<Record<string, Json>> {
  return isDocument(Properties) ? Properties : {};
}

function propertyIn(document: Readonly<Record<string, Json>>, name: string): Json | undefined {
  const properties = propertiesIn(document);
  return Object.hasOwn(properties, name) ? properties[name] : undefined;
}

function isDocument(value: unknown): value is Readonly<Record<string, Json>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
