import { z } from 'zod';
import { Label } from './label.ts';

/**
 * What a plan makes, changes or deletes as a whole, where the same can be made again: deleting and creating it in two
 * calls is a replacement, of which neither call looks like one.
 */
export const Lifecycle = z.strictObject({
  kind: Label,
  /** What is made again has it again. (An ARN with a part of its own for each time hasn't.) */
  name: z.string().min(1),
  event: z.enum(['create', 'update', 'delete']),
});
export type Lifecycle = z.infer<typeof Lifecycle>;
