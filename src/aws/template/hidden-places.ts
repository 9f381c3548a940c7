import { isMasked } from '../../../tools/ports/masks.ts';
import type { Json } from '../../kernel/digest.ts';
import { isRecord, parseTemplate, STORED_BYTES } from './document.ts';

/* Which parts of a resource have hidden values: `hidden-values.ts` finds them. */

/** All of it, or some of its members; of a list, with how many items it has. */
export type HiddenPlace = true | { readonly length?: number; readonly members: ReadonlyMap<string, HiddenPlace> };

/** What of a change set's texts comes from values that are hidden, before the change and after it. */
export interface HiddenInChanges {
  readonly before: HiddenPlaces;
  readonly after: HiddenPlaces;
  /** What of its parameters the stack around gives a hidden value. */
  readonly given: HiddenPlace | undefined;
}

export interface HiddenPlaces {
  /** Where hidden values go in a resource; all of it where its template can't be read. */
  place(logicalId: string): HiddenPlace | undefined;
}

/** Has it resources that macros, loops or modules make, which only the processed template has? */
export function isExpanded(text: string): boolean {
  return /"(Fn::)?Transform"|"Fn::ForEach|::MODULE"/.test(JSON.stringify(parseTemplate(text, STORED_BYTES)));
}

/** What of a place is hidden, steps further in; of what is hidden as a whole, all. */
export function placeAt(place: HiddenPlace | undefined, steps: readonly string[]): HiddenPlace | undefined {
  return steps.reduce<HiddenPlace | undefined>((at, step) => (at === true ? at : at?.members.get(step)), place);
}

export function isFunction(value: unknown): boolean {
  return isRecord(value) && Object.keys(value).some((key) => key === 'Ref' || key.startsWith('Fn::'));
}

/** A value without what is hidden of it. @param by gives what is in place of a part, and of what it was before */
export function withoutHidden(
  value: Json,
  place: HiddenPlace | undefined,
  by: (part: Json, was: Json | undefined) => string,
  was?: Json,
): Json {
  if (place === undefined || (typeof value === 'string' && isMasked(value))) return value;
  const fits =
    place !== true &&
    typeof value === 'object' &&
    value !== null &&
    (Array.isArray(value) ? value.length === place.length : place.length === undefined);
  if (!fits) return by(value, was);
  const inner = (one: Json, key: string) => withoutHidden(one, place.members.get(key), by, memberOf(was, key));
  if (Array.isArray(value)) return value.map((one: Json, at) => inner(one, String(at)));
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, inner(one as Json, key)]));
}

function memberOf(value: Json | undefined, key: string): Json | undefined {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined;
  return (value as { readonly [name: string]: Json | undefined })[key];
}
