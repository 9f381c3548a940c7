import type { Region } from '../cloud.ts';
import type { Stack } from './model.ts';
import type { OrderedRefusal } from './orders.ts';
import { ResourceFailure } from './resource.ts';
import { refusalsIn } from './state.ts';

/** @throws ResourceFailure */
export function refuseIfOrdered(
  region: Region,
  stack: Stack,
  logicalId: string,
  action: OrderedRefusal['action'],
): void {
  const at = refusalsIn(region).findIndex(
    (one) => one.stack === stack.name && one.logicalId === logicalId && one.action === action,
  );
  const refusal = refusalsIn(region)[at];
  if (!refusal) return;
  refusal.times -= 1;
  if (refusal.times === 0) refusalsIn(region).splice(at, 1);
  throw new ResourceFailure(refusal.reason);
}
