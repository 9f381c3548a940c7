import { type Json, stableJson } from '../../../../../src/kernel/digest.ts';
import { carriesMask } from '../../../../ports/masks.ts';
import { isSettings, isUntold } from '../resource-settings.ts';

/** A value that is there, and of which some can't be read: masked, or known only after the execution. */
export function isUnreadable(value: Json | undefined): boolean {
  return value !== undefined && (isUntold(value) || carriesMask(value));
}

export function isDocument(value: Json | undefined): boolean {
  return typeof value === 'object' && value !== null;
}

/** A number, written as one or as text; undefined for anything else. */
export function numberOf(value: Json | undefined): number | undefined {
  if (typeof value === 'number') return value;
  if (typeof value !== 'string' || !/^\s*-?\d+(\.\d+)?\s*$/.test(value)) return undefined;
  return Number(value);
}

/** A document that may also be given as its text. Undefined for what is neither. */
export function documentOf(value: Json | undefined): Json | undefined {
  if (isDocument(value)) return value;
  if (typeof value !== 'string' || !/^\s*[{[]/.test(value)) return undefined;
  try {
    return JSON.parse(value) as Json;
  } catch {
    return undefined;
  }
}

/** The members of a document; undefined for what is none. Absent has none. */
export function membersIn(value: Json | undefined): Readonly<Record<string, Json | undefined>> | undefined {
  if (value === undefined || value === null) return {};
  const document = documentOf(value);
  return isSettings(document) ? document : undefined;
}

/** The entries of a list; undefined for what is none. One alone may stand for a list of it. */
export function entriesIn(value: Json | undefined): readonly Json[] | undefined {
  if (value === undefined || value === null) return [];
  if (Array.isArray(value)) return value;
  return isUnreadable(value) ? undefined : [value];
}

export function hasEntry(list: readonly Json[], entry: Json): boolean {
  const text = stableJson(entry);
  return list.some((one) => stableJson(one) === text);
}
