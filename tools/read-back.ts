import type { z } from 'zod';
import { HoldshortError } from '../src/kernel/errors.ts';

/**
 * A change that was sent may be looked at by a later version, which keeps another form: then its outcome can't be told,
 * and a person is told so, instead of a look that fails for ever.
 */
export function readBack<T extends z.ZodType>(form: T, kept: unknown, what: string): z.output<T> {
  const { success, data } = form.safeParse(kept);
  if (success) return data;
  throw new HoldshortError(
    'tampered',
    `what its plan keeps (${what}) is not of the form that this version reads`,
    'look at AWS for what became of it',
  );
}
