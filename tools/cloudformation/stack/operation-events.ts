import { sha256 } from '../../../src/kernel/digest.ts';
import type { Progress } from '../../../src/kernel/progress.ts';
import { bounded } from '../../../src/kernel/safe-text.ts';
import type { Attempt, Readers } from '../../define.ts';
import type { StackEvent } from '../../ports/cloudformation.ts';

/** Between this machine's clock and AWS's. A machine further off can't sign requests that AWS takes. */
const CLOCK_SKEW_MS = 5 * 60_000;

/** A stack's events since an attempt could have begun, newest first. */
export async function eventsSince(readers: Readers, stackId: string, attempt: Attempt): Promise<readonly StackEvent[]> {
  const since = new Date(Date.parse(attempt.intended_at) - CLOCK_SKEW_MS).toISOString();
  return await readers.cloudformation.events(stackId, since);
}

/** An event about the stack itself, not about a resource in it. */
export function isOfStack(event: StackEvent, stackId: string): boolean {
  return event.physical_id === stackId;
}

export function reasonOf({ status_reason }: StackEvent): string {
  return status_reason ? `: ${bounded(status_reason, 300, sha256)}` : '';
}

/**
 * How far an operation is, by its events: what AWS hasn't begun with has none yet.
 * @param own oldest first
 */
export function howFar(own: readonly StackEvent[], stackId: string): { readonly progress?: Progress } {
  const last = new Map<string, string>();
  for (const event of own) if (!isOfStack(event, stackId)) last.set(event.logical_id, event.status);
  const status = own.findLast((event) => isOfStack(event, stackId))?.status;
  const done = [...last.values()].filter((one) => !one.endsWith('_IN_PROGRESS')).length;
  return status ? { progress: { status, done, of: last.size } } : {};
}
