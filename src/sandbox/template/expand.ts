/**
 * AWS::LanguageExtensions: what stands for several things is written out.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-foreach.html
 */

import { validationError } from '../wire/failure.ts';
import { isObject, type Json, type JsonObject } from './json.ts';

/** Loops in loops multiply; AWS allows 500 resources. */
const WRITTEN_OUT = 40_000;
/**
 * Characters that loops write out, those of texts that they only repeat too: the items of one may be texts that hold
 * those of another many times, and a text of twenty kilobytes may stand in a loop of five thousand. AWS takes a
 * megabyte.
 */
const CHARACTERS = 2_000_000;

export type GivenValues = Readonly<Record<string, string | undefined>>;

/** @throws ApiFailure ValidationError for a loop that can't be written out before anything else is known */
export function expandLoops(document: JsonObject, given: GivenValues): JsonObject {
  let written = 0;
  let characters = 0;
  const tooMuch = () => validationError('Template error: Fn::ForEach writes out too much');
  const within = (from: string, name: string, item: string): string => {
    const parts = from.split(name);
    characters += (parts.length - 1) * item.length;
    if (characters > CHARACTERS) throw tooMuch();
    return parts.join(item);
  };
  /** `${Name}` in keys and texts, `&{Name}` where only letters and digits may stay, and a Ref to the identifier. */
  const replaced = (value: Json, identifier: string, item: string): Json => {
    written += 1;
    if (written > WRITTEN_OUT) throw tooMuch();
    const text = (from: string) => {
      characters += from.length;
      return within(within(from, `\${${identifier}}`, item), `&{${identifier}}`, item.replace(/[^A-Za-z0-9]/g, ''));
    };
    if (typeof value === 'string') return text(value);
    if (Array.isArray(value)) return value.map((inner) => replaced(inner, identifier, item));
    if (!isObject(value)) return value;
    if (value.Ref === identifier && Object.keys(value).length === 1) return item;
    return Object.fromEntries(
      Object.entries(value).map(([key, inner]) => [text(key), replaced(inner, identifier, item)]),
    );
  };
  const collection = (name: string, value: Json | undefined): string[] => {
    if (Array.isArray(value)) return value.flatMap((item) => (isObject(item) ? collection(name, item) : String(item)));
    const parameter = isObject(value) && typeof value.Ref === 'string' ? value.Ref : undefined;
    const text = parameter === undefined ? undefined : (given[parameter] ?? defaultOf(document, parameter));
    if (text === undefined) throw validationError(`${name} could not be resolved: its collection is not a list`);
    return text === '' ? [] : text.split(',').map((item) => item.trim());
  };
  const loop = (name: string, value: Json): [string, Json][] => {
    const [identifier, items, body] = Array.isArray(value) ? value : [];
    if (typeof identifier !== 'string' || !isObject(body))
      throw validationError(`${name} layout is incorrect: it needs an identifier, a collection and an output map`);
    return collection(name, items).flatMap((item) =>
      Object.entries(walk(replaced(body, identifier, item)) as JsonObject),
    );
  };
  const walk = (value: Json): Json => {
    written += 1;
    if (written > WRITTEN_OUT) throw tooMuch();
    if (Array.isArray(value)) return value.map(walk);
    if (!isObject(value)) return value;
    const entries = Object.entries(value).flatMap(([key, inner]): [string, Json][] =>
      key.startsWith('Fn::ForEach::') ? loop(key, inner) : [[key, walk(inner)]],
    );
    return Object.fromEntries(entries);
  };
  return walk(document) as JsonObject;
}

export function defaultOf(document: JsonObject, parameter: string): string | undefined {
  const parameters = isObject(document.Parameters) ? document.Parameters : {};
  const definition = parameters[parameter];
  const value = isObject(definition) ? definition.Default : undefined;
  return value === undefined || value === null ? undefined : String(value);
}
