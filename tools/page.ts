import { type Json, sha256, stableJson } from '../src/kernel/digest.ts';
import { HoldshortError } from '../src/kernel/errors.ts';
import { bounded } from '../src/kernel/safe-text.ts';
import { fitting } from '../src/present/presentable.ts';

/** What one answer of a read tool holds at most. */
export const PAGE_ITEMS = 100;
const TEXT = 1_024;
const SHORT_TEXT = 48;

/**
 * Data from AWS for an agent: every text bounded. Names, tags and descriptions are written by others; the server
 * escapes them where they leave.
 */
export function outside(value: Json | undefined): Json {
  return bounding(value, TEXT);
}

function bounding(value: Json | undefined, limit: number): Json {
  if (typeof value === 'string') return bounded(value, limit, sha256);
  if (Array.isArray(value)) return value.map((item: Json) => bounding(item, limit));
  if (typeof value !== 'object' || value === null) return value ?? null;
  const members = Object.entries(value).filter(([, member]) => member !== undefined);
  return Object.fromEntries(
    members.map(([key, member]) => [bounded(key, limit, sha256), bounding(member as Json, limit)]),
  );
}

/** One item that no answer has room for: its texts cut short, or else only what it begins with. */
function shortened(item: Json): Json {
  const short = bounding(item, SHORT_TEXT);
  if (fitting([short]).length === 1) return short;
  const text = stableJson(item);
  return { too_large: `${text.length} characters`, sha256: sha256(text), begins: text.slice(0, TEXT) };
}

/** Where to go on: the service's own token for a page, and how many of its items were already given. */
interface Place {
  readonly token?: string | undefined;
  readonly skip: number;
}

export function placeOf(cursor: string | undefined): Place {
  if (cursor === undefined) return { skip: 0 };
  try {
    const [token, skip]: unknown[] = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
    if ((token === null || typeof token === 'string') && Number.isInteger(skip) && Number(skip) >= 0)
      return { token: token ?? undefined, skip: Number(skip) };
  } catch {}
  throw new HoldshortError('invalid_input', 'this cursor is not one of ours', 'leave it out to begin again');
}

/**
 * A page of at most 100 items, and what one answer holds. What didn't fit isn't lost: `cursor` goes on with it, and
 * `left_out` says how many of this page of AWS's remain.
 * @param place as given by `placeOf`; `items` and `next` are the service's whole page for `place.token`
 * @param most fewer items, where each costs a request of its own
 */
export function pageOf(place: Place, items: readonly Json[], next: string | undefined, most = PAGE_ITEMS) {
  const wanted = items.slice(place.skip, place.skip + most).map(outside);
  const fit = fitting(wanted);
  // An answer without a single item would be asked for again and again.
  const shown = fit.length === 0 ? wanted.slice(0, 1).map(shortened) : fit;
  const given = place.skip + shown.length;
  const left = Math.max(0, items.length - given);
  const cursor = left > 0 ? cursorOf({ token: place.token, skip: given }) : next && cursorOf({ token: next, skip: 0 });
  return { items: shown, ...(left > 0 ? { left_out: left } : {}), ...(cursor ? { cursor } : {}) };
}

function cursorOf({ token, skip }: Place): string {
  return Buffer.from(JSON.stringify([token ?? null, skip])).toString('base64url');
}
