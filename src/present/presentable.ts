import { type Json, sha256 } from '../kernel/digest.ts';
import { asciiJson } from '../kernel/plan.ts';
import { boundedText } from '../kernel/safe-text.ts';

/** A text in an answer comes from AWS or from the agent: bounded here, whatever a tool let through. */
export const TEXT_LIMIT = 2_000;
const KEY_LIMIT = 200;

/**
 * How much of an answer its lists may take, as JSON. An answer has at most 64 KiB and carries its data twice, as
 * structured content and as text for older clients, where quotation marks are escaped once more.
 */
export const LIST_BYTES = 20 * 1024;

/** Every string escaped and bounded, keys included: the form in which data leaves. */
export function presentable(value: Json | undefined): Json {
  if (typeof value === 'string') return boundedText(value, TEXT_LIMIT, sha256);
  if (value === null || value === undefined || typeof value !== 'object') return value ?? null;
  if (Array.isArray(value)) return value.map((item: Json) => presentable(item));
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, member]) =>
      member === undefined ? [] : [[boundedText(key, KEY_LIMIT, sha256), presentable(member)]],
    ),
  );
}

/** What a value takes in an answer, as it leaves. */
export function bytesOf(value: Json): number {
  return asciiJson(presentable(value)).length + 1;
}

/** The first items, as many as fit into `bytes` as they leave. */
export function fitting<T extends Json>(items: readonly T[], bytes = LIST_BYTES): readonly T[] {
  let size = 0;
  const end = items.findIndex((item) => {
    size += bytesOf(item);
    return size > bytes;
  });
  return end < 0 ? items : items.slice(0, end);
}
