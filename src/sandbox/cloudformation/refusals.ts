import { z } from 'zod';
import type { Region } from '../cloud.ts';
import { ResourceFailure } from './provider.ts';
import type { Stack } from './stack.ts';

/** Makes the provider of one resource refuse: how tests bring a stack into states that only misfortune leads to. */
export const Refusal = z.strictObject({
  stack: z.string(),
  logicalId: z.string(),
  action: z.enum(['create', 'update', 'delete', 'rollback']),
  reason: z.string().default('Resource handler returned message: "refused as ordered"'),
  times: z.int().min(1).default(1),
});

export type OrderedRefusal = z.infer<typeof Refusal>;

/** @throws ResourceFailure */
export function refuseIfOrdered(
  region: Region,
  stack: Stack,
  logicalId: string,
  action: OrderedRefusal['action'],
): void {
  const at = region.refusals.findIndex(
    (one) => one.stack === stack.name && one.logicalId === logicalId && one.action === action,
  );
  const refusal = region.refusals[at];
  if (!refusal) return;
  refusal.times -= 1;
  if (refusal.times === 0) region.refusals.splice(at, 1);
  throw new ResourceFailure(refusal.reason);
}
