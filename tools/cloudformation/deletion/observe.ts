import { sha256 } from '../../../src/kernel/digest.ts';
import type { Impact } from '../../../src/kernel/plan.ts';
import { bounded } from '../../../src/kernel/safe-text.ts';
import type { Attempt, Observation, Readers, ResourceOutcome } from '../../define.ts';
import type { StackEvent } from '../../ports/cloudformation.ts';
import { eventsSince, howFar, isOfStack, reasonOf } from '../stack/operation-events.ts';

interface Deletion {
  readonly stackId: string;
  readonly impact: readonly Impact[];
  readonly statusBefore: string;
}

/**
 * Was the stack deleted, and by our request? AWS's events carry the request's token: with it there is proof. moto's
 * events carry none at all; there the state is all there is.
 */
export async function observeDeletion(
  { stackId, impact, statusBefore }: Deletion,
  readers: Readers,
  attempt: Attempt,
): Promise<Observation> {
  const stack = await readers.cloudformation.stack(stackId);
  const status = stack?.stack_status ?? 'DELETE_COMPLETE';
  const events = await eventsSince(readers, stackId, attempt);
  if (status === 'DELETE_IN_PROGRESS') {
    const oldestFirst = [...events].reverse();
    const first = oldestFirst.findIndex((event) => event.client_request_token === attempt.token);
    const ours = first < 0 ? { progress: { status } } : howFar(oldestFirst.slice(first), stackId);
    return { state: 'pending', detail: 'the stack is being deleted', ...ours };
  }
  const ours = events.some((event) => event.client_request_token === attempt.token);
  if (status === 'DELETE_COMPLETE') {
    const resources = impact.map((line) => gone(line, stackId, events));
    if (ours) {
      const detail = "deleted; the stack's events carry this ticket's token";
      return { state: 'succeeded', evidence: 'request', detail, resources };
    }
    const tokens = events.some((event) => event.client_request_token !== undefined);
    const theirs = events.find(
      (event) => isOfStack(event, stackId) && event.status === 'DELETE_IN_PROGRESS' && event.client_request_token,
    );
    if (theirs) {
      return {
        state: 'failed',
        evidence: 'request',
        detail: 'the stack is gone, but another request deleted it: its events carry another token',
        resources: impact.map((line) => ({ ...gone(line, stackId, events), outcome: 'failed' })),
      };
    }
    // A deletion without a token (AWS's command line sends none) beside events with tokens: not ours, or not provably
    // so.
    if (tokens) {
      const detail = "the stack is gone; no event carries this ticket's token";
      return { state: 'unknown', evidence: 'request', detail, resources: [] };
    }
    const detail = 'the stack is gone since the plan was checked; this endpoint records no request tokens';
    return { state: 'succeeded', evidence: 'state', detail, resources };
  }
  if (ours && status === 'DELETE_FAILED') {
    const reason = stack?.stack_status_reason ? `: ${bounded(stack.stack_status_reason, 300, sha256)}` : '';
    return {
      state: 'failed',
      evidence: 'request',
      detail: `AWS could not delete all of the stack${reason}`,
      resources: impact.map((line) => left(line, stackId, events)),
    };
  }
  if (ours) {
    const detail = `the deletion began, but the stack is ${status}`;
    const resources = impact.map((line) => left(line, stackId, events));
    return { state: 'unknown', evidence: 'request', detail, resources };
  }
  return {
    state: 'unknown',
    evidence: 'state',
    detail: `no trace that the request arrived: the stack is ${status}, before it was ${statusBefore}`,
    resources: [],
  };
}

function gone(line: Impact, stackId: string, events: readonly StackEvent[]): ResourceOutcome {
  if (line.resource === stackId) return { resource: line.resource, outcome: 'succeeded', detail: 'deleted' };
  const last = lastOf(line, events);
  if (last === undefined)
    return {
      resource: line.resource,
      outcome: 'succeeded',
      detail: `${kept(line) ? 'kept' : 'deleted'} with the stack`,
    };
  const skipped = last.status === 'DELETE_SKIPPED';
  return { resource: line.resource, outcome: 'succeeded', detail: skipped ? 'kept' : 'deleted' };
}

function left(line: Impact, stackId: string, events: readonly StackEvent[]): ResourceOutcome {
  const last = lastOf(line, events);
  if (line.resource === stackId || last?.status === 'DELETE_FAILED')
    return { resource: line.resource, outcome: 'failed', detail: `not deleted${last ? reasonOf(last) : ''}` };
  if (last?.status === 'DELETE_COMPLETE') return { resource: line.resource, outcome: 'succeeded', detail: 'deleted' };
  if (last?.status === 'DELETE_SKIPPED') return { resource: line.resource, outcome: 'succeeded', detail: 'kept' };
  return { resource: line.resource, outcome: 'failed', detail: 'not deleted' };
}

function kept(line: Impact): boolean {
  return line.effect === 'weaken';
}

/** Events come newest first. */
function lastOf(line: Impact, events: readonly StackEvent[]): StackEvent | undefined {
  return events.find((event) => event.physical_id === line.resource && event.status.startsWith('DELETE_'));
}
