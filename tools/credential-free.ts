import type { z } from 'zod';
import { hideCredentials } from './ports/credentials.ts';

/** Why a text isn't taken; `what` is what it would become. */
export function credentialIn(what: string): string {
  return `looks like a credential; ${what} are read by everybody who may look, so keep it somewhere else`;
}

/**
 * Refuses credentials in whatever a change is asked with, keys too. What a change puts into AWS is masked when it is
 * read back: a name that reads `[hidden:secret]` is never found again, and the outcome stays unknown.
 * @param others the arguments in which a credential may stand, beside the reason, which is masked and goes no further
 */
export function credentialFree<I extends z.ZodObject>(input: I, others: readonly PropertyKey[]): I {
  return input.superRefine((given, context) => {
    // What a field says of it itself is said once.
    if (context.issues.length > 0) return;
    for (const [name, value] of Object.entries(given)) {
      const path = name === 'reason' || others.includes(name) ? undefined : credentialAt(value, [name]);
      if (path) context.addIssue({ code: 'custom', path: [...path], message: credentialIn('names and texts in AWS') });
    }
  });
}

function credentialAt(value: unknown, path: readonly string[]): readonly string[] | undefined {
  if (typeof value === 'string') return hideCredentials(value) === value ? undefined : path;
  if (typeof value !== 'object' || value === null) return undefined;
  for (const [key, inner] of Object.entries(value)) {
    const found = credentialAt(key, [...path, key]) ?? credentialAt(inner, [...path, key]);
    if (found) return found;
  }
  return undefined;
}
