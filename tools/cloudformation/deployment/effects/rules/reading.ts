import { type Json, stableJson } from '../../../../../src/kernel/digest.ts';
import { carriesMask } from '../../../../ports/masks.ts';
import { isSettings, isUntold, UNTOLD } from '../resource-settings.ts';

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

/** Texts of lines `name=value`, as documents. Where one can't be read it is as if any line could be another. */
export function linesIn(
  before: Json | undefined,
  after: Json | undefined,
): readonly [Json | undefined, Json | undefined] {
  const [was, is] = [before, after].map((value) => (value === undefined ? {} : propertiesIn(value)));
  return was && is ? [was, is] : [undefined, UNTOLD];
}

/** The form of Java's properties; undefined for one that is continued, escapes something, or has another form. */
function propertiesIn(text: Json): Json | undefined {
  if (typeof text !== 'string' || isUnreadable(text) || text.includes('\\')) return undefined;
  const lines = text.split(/\r?\n/).filter((line) => !/^\s*([#!].*)?$/.test(line));
  const pairs = lines.map((line) => /^\s*([\w.-]+)\s*[=:]\s*(.*?)\s*$/.exec(line));
  return pairs.some((pair) => !pair)
    ? undefined
    : Object.fromEntries(pairs.map((pair) => [pair?.[1] ?? '', pair?.[2] ?? '']));
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
