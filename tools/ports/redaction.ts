import { type Json, stableJson } from '../../src/kernel/digest.ts';
import { hideCredentials, hideNames } from './credentials.ts';
import { AWS_MASK, CHANGED, HIDDEN } from './masks.ts';
import { namesSchemes, namesSecret } from './secret-name.ts';

/** What a value that only points elsewhere looks like, and what can't be one: it is shown, whatever it is called. */
const REFERENCE = /^(\{\{resolve:[^{}]*\}\}|arn:aws[a-z-]*:\S*|true|false|)$/i;

export function isReference(value: string): boolean {
  return REFERENCE.test(value);
}

/**
 * A value as it may be shown.
 * @param was the value before, where the two are side by side: then the mask of another one says that it changed
 */
export function hideValue(name: string, value: string, was?: string): string {
  return namesSecret(name) && !isReference(value) ? maskOf(value, was) : hideInText(value, was);
}

function maskOf(value: Json, was: Json | undefined): string {
  if (value === AWS_MASK) return AWS_MASK;
  const other = was !== undefined && was !== AWS_MASK && stableJson(was) !== stableJson(value);
  return other ? CHANGED : HIDDEN;
}

/**
 * Text in which secrets may stand as members of a JSON document (property values and contexts of a change set): members
 * with telling names are hidden at every depth.
 */
function hideInText(text: string, was: string | undefined): string {
  if (!/^\s*[{[]/.test(text)) return hideParts(text, was);
  const value = parsed(text);
  // Cut off by AWS ("large values can be truncated"), so that names can't be told from values.
  if (value === undefined) return namesSecret(text) ? maskOf(text, was) : hideParts(text, was);
  const hidden = hideMembers(value, was === undefined ? undefined : parsed(was));
  // The text stays as it was written where nothing of it is hidden.
  return stableJson(hidden) === stableJson(value) ? text : JSON.stringify(hidden);
}

function hideParts(text: string, was: string | undefined): string {
  const hidden = hideCredentials(text);
  const changed = hidden !== text && was !== undefined && was !== text && hideCredentials(was) === hidden;
  return changed ? hideCredentials(text, CHANGED) : hidden;
}

function parsed(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}

/** Arguments as the log keeps them. What is in them is secret by the same names and forms as what AWS answers. */
export function hideArguments(input: Json): Json {
  return hideMembers(input, undefined);
}

function hideMembers(value: Json, was: Json | undefined, schemes = false): Json {
  if (typeof value === 'string') return hideInText(value, typeof was === 'string' ? was : undefined);
  if (Array.isArray(value))
    return value.map((item: Json, at) => hideMembers(item, counterpart(was, item, at), schemes));
  if (typeof value !== 'object' || value === null) return value;
  const members = Object.entries(value as { readonly [key: string]: Json });
  const names = hideNames(members.map(([key]) => key));
  const secretly = namesSecret(nameOf(value) ?? '');
  return Object.fromEntries(
    members.map(([key, inner], at) => {
      const before = memberOf(was, key);
      const scheme = schemes && typeof inner === 'object';
      const secret = (!scheme && namesSecret(key)) || (secretly && /^values?$/i.test(key));
      const shown = typeof inner === 'boolean' || (typeof inner === 'string' && isReference(inner));
      return [
        names[at] ?? HIDDEN,
        secret && !shown ? maskOf(inner, before) : hideMembers(inner, before, namesSchemes(key)),
      ];
    }),
  );
}

/** Lists of `{Name, Value}` (container environments, build variables, tags) carry the name as a value. */
export function nameOf(value: Json): string | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  const found = Object.entries(value).find(([key, inner]) => /^(name|key)$/i.test(key) && typeof inner === 'string');
  return found && String(found[1]);
}

/** What an item of a list was: the one of its name, wherever it was. */
function counterpart(was: Json | undefined, item: Json, at: number): Json | undefined {
  const name = nameOf(item);
  if (name === undefined || !Array.isArray(was)) return memberOf(was, at);
  return was.find((one: Json) => nameOf(one) === name);
}

function memberOf(value: Json | undefined, key: string | number): Json | undefined {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined;
  return (value as { readonly [key: string]: Json | undefined })[key];
}
