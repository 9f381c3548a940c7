/** What tests order to happen to stacks. */
import { z } from 'zod';

/** A property that someone changed outside of the stack; without `path`, a resource that someone deleted. */
export const Drift = z.strictObject({
  stack: z.string(),
  logicalId: z.string(),
  path: z.string().optional(),
  actual: z.string().optional(),
});

export type OrderedDrift = z.infer<typeof Drift>;

/** Makes the provider of one resource refuse: how tests bring a stack into states that only misfortune leads to. */
export const Refusal = z.strictObject({
  stack: z.string(),
  logicalId: z.string(),
  action: z.enum(['create', 'update', 'delete', 'rollback']),
  reason: z.string().default('Resource handler returned message: "refused as ordered"'),
  times: z.int().min(1).default(1),
});

export type OrderedRefusal = z.infer<typeof Refusal>;
