import { type Json, sha256 } from '../../src/kernel/digest.ts';

/**
 * What a template writes, or AWS shows, as it is compared: texts are digests, since they may be secrets; `null` stands
 * for what isn't known. Written in several ways, it is the same: `"10"` and `10`, JSON as a text, one value and a list
 * of it, nothing and an empty list.
 */
export type Written = null | string | readonly Written[] | { readonly [name: string]: Written };

/** With what a template is worked out: the stack's ARN, and the values of parameters; `null` where one isn't known. */
export interface Given {
  readonly stack_id: string;
  readonly values: Readonly<Record<string, string | null>>;
  /** Exports of other stacks whose values everyone may see. Any other's is hidden: all, where nobody looked. */
  readonly open_exports?: ReadonlySet<string>;
  /** `Nested.Outputs.Name` of nested stacks whose values everyone may see. Any other's is hidden likewise. */
  readonly open_outputs?: ReadonlySet<string>;
  /** Parameters that are NoEcho in the template that comes after: what showed them is not new by that. */
  readonly hidden_later?: readonly string[];
  /** There is no stack yet: who deploys wrote each literal. */
  readonly is_new?: true;
}

/** What a template says of a resource once its values are worked out. */
export interface WorkedOut {
  /**
   * Its properties; `exact` is a digest of one that has no function in it. Absent: nobody gave what they are worked out
   * with, or they can't be told one from another.
   */
  readonly written?: Readonly<Record<string, { readonly tree: Written; readonly exact?: string }>>;
  /** Whether its condition holds. Absent: that isn't sure. */
  readonly made?: boolean;
  /** Of a role, and of a policy: what it says, by property, worked out; `null` is what can't be. */
  readonly rights?: Readonly<Record<string, Json>>;
}

/** What stands beside its properties; `null` is what can't be worked out. */
export interface AttributePolicies {
  /** How it is updated. */
  readonly update_policy?: Json;
  /** What its creation waits for. */
  readonly creation_policy?: Json;
}

/** A dynamic reference: nobody but AWS knows what it stands for, and AWS may show either. */
const REFERENCE = '{{resolve:';

/** @param hidden which texts stand for another one that isn't told */
export function writtenOf(value: Json | undefined, hidden = (_: string) => false): Written | undefined {
  if (value === undefined || value === '') return undefined;
  if (value === null) return null;
  if (typeof value === 'string') {
    if (value.includes(REFERENCE) || hidden(value)) return null;
    const parsed = /^\s*[[{]/.test(value) ? json(value) : undefined;
    return parsed === undefined ? sha256(plain(value)) : writtenOf(parsed, hidden);
  }
  if (typeof value !== 'object') return sha256(plain(String(value)));
  if (Array.isArray(value)) {
    const items = value.map((item: Json) => writtenOf(item, hidden)).filter((item) => item !== undefined);
    return items.length > 1 ? items : items[0];
  }
  if (Object.keys(value).some(hidden)) return null;
  const members = Object.entries(value).flatMap(([name, inner]): [string, Written][] => {
    const member = writtenOf(inner, hidden);
    return member === undefined ? [] : [[name, member]];
  });
  return members.length > 0 ? Object.fromEntries(members) : undefined;
}

/** AWS may lay out a text otherwise, and shows a question mark for each letter that isn't ASCII. */
function plain(text: string): string {
  const trimmed = text.trim();
  if (/^-?\d{1,15}(\.\d+)?$/.test(trimmed)) return String(Number(trimmed));
  if (/^(true|false)$/i.test(trimmed)) return trimmed.toLowerCase();
  return trimmed
    .replace(/\s+/g, ' ')
    .replace(/[^ -~]/g, '?')
    .replace(/\?+/g, '?');
}

function json(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}

/** Can't they be the same, whatever it is that isn't known? The order in lists doesn't count. */
export function surelyDiffer(left: Written | undefined, right: Written | undefined): boolean {
  if (left === null || right === null || left === right) return false;
  if (left === undefined || right === undefined) return isSomething(left ?? right);
  if (isList(left) || isList(right)) return listsDiffer(isList(left) ? left : [left], isList(right) ? right : [right]);
  if (typeof left === 'string' || typeof right === 'string') return true;
  return [...new Set([...Object.keys(left), ...Object.keys(right)])].some((name) =>
    surelyDiffer(member(left, name), member(right, name)),
  );
}

/** What isn't known may be nothing at all. */
function isSomething(written: Written | undefined): boolean {
  if (typeof written === 'string') return true;
  return typeof written === 'object' && written !== null && Object.values(written).some(isSomething);
}

/** What is in one list alone must be one of those that aren't known in the other. */
function listsDiffer(left: readonly Written[], right: readonly Written[]): boolean {
  const others = new Map<string, number>();
  for (const one of right) others.set(keyOf(one), (others.get(keyOf(one)) ?? 0) + 1);
  const alone = left.filter((one) => {
    const count = others.get(keyOf(one)) ?? 0;
    if (count > 0) others.set(keyOf(one), count - 1);
    return count === 0;
  });
  const rest = right.filter((one) => {
    const count = others.get(keyOf(one)) ?? 0;
    if (count > 0) others.set(keyOf(one), count - 1);
    return count > 0;
  });
  const [unlikeLeft, unlikeRight] = [alone.filter((one) => one !== null), rest.filter((one) => one !== null)];
  const fitting = unlikeLeft.filter((one) => {
    const at = typeof one === 'string' ? -1 : unlikeRight.findIndex((other) => !surelyDiffer(one, other));
    if (at >= 0) unlikeRight.splice(at, 1);
    return at < 0;
  });
  const unknown = (list: readonly Written[]) => list.filter((one) => one === null).length;
  return fitting.length > unknown(right) || unlikeRight.length > unknown(left);
}

function keyOf(written: Written): string {
  if (written === null || typeof written === 'string') return JSON.stringify(written);
  if (isList(written)) return `[${written.map(keyOf).sort().join()}]`;
  const members = Object.entries(written).map(([name, inner]) => `${JSON.stringify(name)}:${keyOf(inner)}`);
  return `{${members.sort().join()}}`;
}

function isList(written: Written | undefined): written is readonly Written[] {
  return Array.isArray(written);
}

function member(of: { readonly [name: string]: Written }, name: string): Written | undefined {
  return Object.hasOwn(of, name) ? of[name] : undefined;
}
