import type { Json } from '../../../../../src/kernel/digest.ts';
import { jsonPointer } from '../../../../ports/json-pointer.ts';
import { documentOf, isUnreadable } from './reading.ts';

/** An existing thing that a value names. */
export interface Named {
  /** Absent where it can't be read. */
  readonly name?: string;
  readonly steps: readonly string[];
  /** The template takes it from itself. */
  readonly isOwn: boolean;
}

/** Which values a template takes from itself: JSON pointers, with the logical ids of all that each may be. */
export type Own = ReadonlyMap<string, readonly string[]>;

export const NOTHING_OWN: Own = new Map();

/** ARNs, and ids as EC2 and its kind give them (`sg-0123abcd`), anywhere in a text. */
const LOOKS_NAMED = /\barn:aws[a-z-]*:[^\s"'\\,]+|\b[a-z]{1,12}-(?:[0-9a-f]{17}|[0-9a-f]{8})\b/g;

/** An e-mail address or a phone number: no thing in AWS is called so where one is asked for. */
export function isAddress(name: string | undefined): boolean {
  return name !== undefined && /^([^\s@:/]+@[^\s@:/]+\.[^\s@:/]+|\+?\d[\d ()-]{4,20})$/.test(name);
}

/** A dynamic reference, which CloudFormation reads where it stands: another's parameter gives another's name. */
const REFERENCES = /\{\{\s*resolve:([^{}]*)/g;
/** AWS's own parameters: nobody else can make one that is called so. */
const PUBLIC = /^\{\{resolve:ssm:\/aws\/service\/[^{}]*\}\}$/;
const PLAIN_PARAMETER = /^ssm:(?!\/aws\/service\/)/;

/** Every text of the value, at any depth: AWS lets things be called `true` or `42`. Nothing is called nothing. */
export function namesIn(value: Json | undefined, steps: readonly string[], own: Own): readonly Named[] {
  return textsIn(value, steps, own).flatMap(({ text, ...place }): readonly Named[] => {
    if (PUBLIC.test(text)) return [];
    if (isUntellable(text)) return [place];
    const document = documentOf(text);
    if (document !== undefined) return namesIn(document, place.steps, own);
    return text === '' ? [] : [{ ...place, name: text }];
  });
}

/**
 * What looks like the name of a thing, where nobody said that the value names any. A parameter's value may be one;
 * secrets are judged where they come in (`secrets-read.ts`).
 */
export function looksIn(value: Json | undefined, steps: readonly string[], own: Own): readonly Named[] {
  return textsIn(value, steps, own).flatMap(({ text, ...place }): readonly Named[] => [
    ...(referencesIn(text).some((reference) => PLAIN_PARAMETER.test(reference)) ? [place] : []),
    ...[...new Set(text.match(LOOKS_NAMED) ?? [])].map((name) => ({ ...place, name })),
  ]);
}

/** May a text stand for any name: masked, known only after the execution, or what another's parameter says? */
export function isUntellable(text: string): boolean {
  return !PUBLIC.test(text) && (isUnreadable(text) || referencesIn(text).length > 0);
}

function referencesIn(text: string): readonly string[] {
  return [...text.matchAll(REFERENCES)].map(([, reference = '']) => reference);
}

/** Every text of a value, at any depth, and its place. */
export function textsIn(
  value: Json | undefined,
  steps: readonly string[],
  own: Own,
): readonly (Omit<Named, 'name'> & { readonly text: string })[] {
  if (value === undefined || value === null) return [];
  if (typeof value !== 'object') return [{ text: String(value), steps, isOwn: own.has(jsonPointer(steps)) }];
  return Object.entries(value).flatMap(([step, inner]) => textsIn(inner, [...steps, step], own));
}
