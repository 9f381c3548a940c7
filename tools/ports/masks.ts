import { digestOf } from '../../src/kernel/digest.ts';

/*
 * What is in place of a secret. Agents hand back what they read: a mask must never be taken for a value, so it is a
 * text that nobody writes by chance, `[hidden:WORD]`, and every call that brings one is completed from what is stored
 * or refused.
 */

export const HIDDEN = '[hidden:secret]';
/** The same, beside one that stands for another value: that it changed is no secret. */
export const CHANGED = '[hidden:changed]';
/** How AWS itself masks NoEcho values. Nothing says whether what is behind two of them is the same. */
export const AWS_MASK = '****';

const MASKS = /\[hidden:[^\]\s]{0,200}(?:\]|$)/g;

/** The masks of ours within a text. */
export function masksIn(text: string): readonly string[] {
  return text.match(MASKS) ?? [];
}

/** Does the text hold a mask, or is it AWS's own? */
export function isMasked(text: string): boolean {
  return text === AWS_MASK || masksIn(text).length > 0;
}

/** Is a mask anywhere in it, keys included? */
export function carriesMask(value: unknown): boolean {
  if (typeof value === 'string') return isMasked(value);
  if (typeof value !== 'object' || value === null) return false;
  return Object.entries(value).some(([key, inner]) => isMasked(key) || carriesMask(inner));
}

/** Steps of a place that say nothing of what is there. */
const PLAIN_STEP = /^(\d+|Value|Default|Ref|Fn::\w+)$/;

/**
 * The mask of one place: copied to another place, or from another stack, it is known for what it is.
 * @param stackId the stack's ARN
 * @param place names the secret's place within the stack, its steps apart by slashes
 */
export function placedMask(stackId: string, place: string): string {
  const name = nameOfPlace(place)
    .replace(/[^\w.-]/g, '')
    .slice(-40);
  return `[hidden:${name}#${digestOf('holdshort/mask/v1', `${stackId}\n${place}`).slice(0, 12)}]`;
}

/** What people call what is at a place: of `Environment/Name=DB_PASSWORD/Value` it is `DB_PASSWORD`. */
export function nameOfPlace(place: string): string {
  const step = place.split('/').findLast((one) => !PLAIN_STEP.test(one)) ?? 'secret';
  return step.replace(/^\w+=/, '');
}
