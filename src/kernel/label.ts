import { z } from 'zod';

/** A word or a few for a person's screen, in the tool's own words. It holds nothing else. */
export const Label = z
  .string()
  .regex(/^[a-z]+( [a-z]+)*$/)
  .max(16);
