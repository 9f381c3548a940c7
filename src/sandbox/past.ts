import type { Region } from './cloud.ts';

/** A region as it is now, and stays: what happens from here on happens to the other one. */
export function pastOf({ name, kept }: Region): Region {
  return { name, kept: copyOf(kept, new Map()) };
}

/** With what is shared inside of it shared in the copy; a function stays the one that it is. */
function copyOf<T>(value: T, copies: Map<object, unknown>): T {
  if (typeof value !== 'object' || value === null) return value;
  const known = copies.get(value);
  if (known !== undefined) return known as T;
  const remembered = <C extends object>(copy: C): C => {
    copies.set(value, copy);
    return copy;
  };
  if (value instanceof Date) return remembered(new Date(value)) as T;
  if (value instanceof Map) {
    const map = remembered(new Map());
    for (const [key, one] of value) map.set(copyOf(key, copies), copyOf(one, copies));
    return map as T;
  }
  if (value instanceof Set) {
    const set = remembered(new Set());
    for (const one of value) set.add(copyOf(one, copies));
    return set as T;
  }
  const copy = remembered(Array.isArray(value) ? [] : Object.create(Object.getPrototypeOf(value)));
  for (const [key, one] of Object.entries(value)) copy[key] = copyOf(one, copies);
  return copy as T;
}
