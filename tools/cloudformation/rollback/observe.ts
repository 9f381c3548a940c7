import type { Attempt, Observation, Readers, ResourceOutcome } from '../../define.ts';
import type { StackEvent } from '../../ports/cloudformation.ts';
import { eventsSince, howFar, isOfStack, reasonOf } from '../stack/operation-events.ts';

const DONE = /^(UPDATE_ROLLBACK_COMPLETE|ROLLBACK_COMPLETE|DELETE_COMPLETE)$/;
const FAILED = /^(UPDATE_ROLLBACK_FAILED|ROLLBACK_FAILED|DELETE_FAILED)$/;

/** How far a rollback that was asked for is. The stack's events carry the request's token from the first one on. */
export async function observeRollback(stackId: string, readers: Readers, attempt: Attempt): Promise<Observation> {
  const oldestFirst = [...(await eventsSince(readers, stackId, attempt))].reverse();
  const first = oldestFirst.findIndex((event) => event.client_request_token === attempt.token);
  if (first < 0) {
    const stack = await readers.cloudformation.stack(stackId);
    const status = stack?.stack_status ?? 'gone';
    const detail = `no trace that the request arrived: no event carries this ticket's token, and the stack is ${status}`;
    return { state: 'unknown', evidence: 'request', detail, resources: [] };
  }
  const own = oldestFirst.slice(first);
  const settled = (event: StackEvent) => DONE.test(event.status) || FAILED.test(event.status);
  const end = own.findIndex((event) => isOfStack(event, stackId) && settled(event));
  const last = own[end];
  if (!last) return { state: 'pending', detail: 'the stack is being rolled back', ...howFar(own, stackId) };
  const done = DONE.test(last.status);
  return {
    state: done ? 'succeeded' : 'failed',
    evidence: 'request',
    detail: `the stack is ${last.status}${done ? '' : reasonOf(last)}`,
    resources: outcomesOf(own.slice(0, end + 1), stackId),
  };
}

function outcomesOf(events: readonly StackEvent[], stackId: string): readonly ResourceOutcome[] {
  const last = new Map<string, StackEvent>();
  for (const event of events) if (!isOfStack(event, stackId)) last.set(event.logical_id, event);
  return [...last.values()].map((event) => ({
    resource: event.physical_id || event.logical_id,
    outcome: /_(COMPLETE|SKIPPED)$/.test(event.status) ? 'succeeded' : 'failed',
    detail: `${event.logical_id}: ${event.status}${event.status.endsWith('_FAILED') ? reasonOf(event) : ''}`,
  }));
}
