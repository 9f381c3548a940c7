import { sha256 } from '../../../src/kernel/digest.ts';
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
