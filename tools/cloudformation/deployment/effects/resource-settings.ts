import { type Json, sha256, stableJson } from '../../../../src/kernel/digest.ts';
import { bounded } from '../../../../src/kernel/safe-text.ts';
import type { ResourceChange } from '../../../ports/cloudformation.ts';
import { AWS_MASK } from '../../../ports/masks.ts';

/**
 * Stands for a value that AWS only knows once it has made something else; also in our own place of what AWS doesn't
 * tell.
 */
export const UNTOLD = '{{changeSet:KNOWN_AFTER_APPLY}}';

export type Settings = Readonly<Record<string, Json | undefined>>;

/** A property, or a member at any depth of one, that is not what it was. Undefined: not there. */
export interface Setting {
  readonly name: string;
  /** `NetworkInterfaces.0.AssociatePublicIpAddress` */
  readonly path: string;
  /** The path for people. Anyone who writes the template names the keys of maps, at any length. */
  readonly label: string;
  readonly before: Json | undefined;
  readonly after: Json | undefined;
}

/**
 * The properties in a context of a change set (`{"Properties":{…},…}` as text); undefined where AWS doesn't tell them,
 * or not whole.
 */
export function propertiesOf(context: string | undefined): Settings | undefined {
  if (context === undefined) return undefined;
  try {
    const { Properties = {} } = JSON.parse(context) as { Properties?: Json };
    return isSettings(Properties) ? Properties : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Every setting of a new resource, or every one that a change alters. Whole documents come before what is in them. A
 * property that AWS lists as changing while its contexts are alike changes to something that only the execution will
 * show: it is `UNTOLD`.
 */
export function changedSettings(change: ResourceChange): readonly Setting[] {
  const after = propertiesOf(change.after_context);
  if (change.action === 'Add') return after ? differences({}, after, []) : [];
  const before = propertiesOf(change.before_context);
  const told = before && after ? differences(before, after, []) : [];
  const names = new Set(told.map(({ path }) => path.split('.', 1)[0]));
  const more = change.properties.flatMap(({ attribute, name = '', ...detail }): readonly Setting[] => {
    // The stack's own tags reach a resource without standing in its properties: each of these counts.
    if (attribute === 'Tags') return [{ name: 'Tags', ...placed('Tags'), ...valuesOf(detail) }];
    if (attribute !== 'Properties') return [];
    // What AWS masks looks the same before and after: each in a property that changes may be what changes in it.
    const masked = maskedMembers(before?.[name], after?.[name], [name]);
    if (names.has(name)) return masked;
    names.add(name);
    return [{ name, ...placed(name), before: before?.[name], after: UNTOLD }, ...masked];
  });
  return [...told, ...more];
}

function maskedMembers(before: Json | undefined, after: Json | undefined, path: readonly string[]): readonly Setting[] {
  return membersOf(before, after).flatMap((key) => {
    const [was, is] = [member(before, key), member(after, key)];
    const inner = [...path, key];
    if (was === AWS_MASK && is === AWS_MASK)
      return [{ name: key, ...placed(inner.join('.')), before: was, after: UNTOLD }];
    return maskedMembers(was, is, inner);
  });
}

/** The values of a detail, if they are documents; a single value may be anywhere within the property. */
function valuesOf({
  before,
  after,
}: {
  readonly before?: string;
  readonly after?: string;
}): Pick<Setting, 'before' | 'after'> {
  try {
    return { before: JSON.parse(before ?? '') as Json, after: JSON.parse(after ?? '') as Json };
  } catch {
    return { before: undefined, after: UNTOLD };
  }
}

function placed(path: string): Pick<Setting, 'path' | 'label'> {
  const label = bounded(path.replaceAll('"', "'"), 120, sha256);
  // A key that reads like another finding stays within its quotation marks.
  return { path, label: /^[\w.:/-]*$/.test(path) ? label : `"${label}"` };
}

export function isSettings(value: Json | undefined): value is Settings {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Is any of it known only after the execution, or so long that AWS shows `(Truncated-Signature):…` in its place? */
export function isUntold(value: Json | undefined): boolean {
  return value !== undefined && /\{\{changeSet:|\(Truncated-Signature\)/.test(stableJson(value));
}

export function isOn(value: Json | undefined): boolean {
  return /^(true|enabled|enable|active|on|yes)$/i.test(String(value));
}

/** A plain no, or a document that says nothing else. */
export function isOff(value: Json | undefined): boolean {
  if (Array.isArray(value)) return value.every(isOff);
  if (isSettings(value)) return Object.values(value).every(isOff);
  return /^(undefined|null|false|disabled|disable|suspended|off|no|none|)$/i.test(String(value));
}

export function same(before: Json | undefined, after: Json | undefined): boolean {
  return stableJson(before) === stableJson(after);
}

function differences(before: Json | undefined, after: Json | undefined, path: readonly string[]): readonly Setting[] {
  if (same(before, after)) return [];
  return membersOf(before, after).flatMap((key) => {
    const [was, is] = [member(before, key), member(after, key)];
    if (same(was, is)) return [];
    const inner = [...path, key];
    const one = { name: key, ...placed(inner.join('.')), before: was, after: is };
    return [...(/^\d+$/.test(key) ? [] : [one]), ...differences(was, is, inner)];
  });
}

/** The names of the members that either has; of lists, the places. */
export function membersOf(before: Json | undefined, after: Json | undefined): readonly string[] {
  const keys = (value: Json | undefined) => (typeof value === 'object' && value !== null ? Object.keys(value) : []);
  return [...new Set([...keys(before), ...keys(after)])];
}

export function member(value: Json | undefined, key: string): Json | undefined {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined;
  return (value as Settings)[key];
}
