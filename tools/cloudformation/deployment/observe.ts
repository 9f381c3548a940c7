import type { PlanRecord } from '../../../src/kernel/plan.ts';
import type { Attempt, Observation, Readers, ResourceOutcome } from '../../define.ts';
import type { StackEvent } from '../../ports/cloudformation.ts';
import { eventsSince, howFar, isOfStack, reasonOf } from '../stack/operation-events.ts';
import { changeSetOf } from './stored.ts';

const DONE = new Set(['CREATE_COMPLETE', 'UPDATE_COMPLETE', 'IMPORT_COMPLETE']);
const FAILED = new Set([
  'CREATE_FAILED',
  'ROLLBACK_COMPLETE',
  'ROLLBACK_FAILED',
  'UPDATE_FAILED',
  'UPDATE_ROLLBACK_COMPLETE',
  'UPDATE_ROLLBACK_FAILED',
  'IMPORT_ROLLBACK_COMPLETE',
  'IMPORT_ROLLBACK_FAILED',
  'DELETE_COMPLETE',
  'DELETE_FAILED',
]);

/**
 * How far the execution of the change set is. Two of AWS's records tell: the stack's events, which carry the request's
 * token, and the change set itself, which says whether it was executed.
 */
export async function observeDeployment(
  plan: Pick<PlanRecord, 'made'>,
  readers: Readers,
  attempt: Attempt,
): Promise<Observation> {
  const { id: arn, stack_id } = changeSetOf(plan);
  const newestFirst = await eventsSince(readers, stack_id, attempt);
  const oldestFirst = [...newestFirst].reverse();
  const first = oldestFirst.findIndex((event) => event.client_request_token === attempt.token);
  if (first < 0) return await withoutToken(arn, stack_id, newestFirst, readers);
  // A cancelled update goes on under the token of the one who cancelled it: the operation is over at the first settled
  // state of the stack.
  const own = oldestFirst.slice(first);
  const end = own.findIndex((event) => isOfStack(event, stack_id) && isSettled(event.status));
  const last = own[end];
  if (!last) return { state: 'pending', detail: 'AWS is carrying out the change set', ...howFar(own, stack_id) };
  const events = own.slice(0, end + 1);
  const resources = outcomesOf(events, stack_id, DONE.has(last.status));
  return DONE.has(last.status)
    ? { state: 'succeeded', evidence: 'request', detail: `the stack is ${last.status}`, resources }
    : { state: 'failed', evidence: 'request', detail: `the stack is ${last.status}${whyFailed(events)}`, resources };
}

function isSettled(status: string): boolean {
  return DONE.has(status) || FAILED.has(status);
}

/** Endpoints without tokens in their events (moto): the change set and the stack's state are all there is. */
async function withoutToken(
  arn: string,
  stackId: string,
  events: readonly StackEvent[],
  { cloudformation }: Readers,
): Promise<Observation> {
  const changeSet = await cloudformation.changeSet(stackId, arn);
  const stack = await cloudformation.stack(stackId);
  const execution = changeSet?.execution_status ?? 'gone';
  const status = stack?.stack_status ?? 'gone';
  if (!execution.startsWith('EXECUTE_')) {
    const detail = `no trace that the request arrived: the change set is ${execution}, the stack ${status}`;
    return { state: 'unknown', evidence: 'state', detail, resources: [] };
  }
  const by = "the change set was executed; no event carries this ticket's token";
  if (execution === 'EXECUTE_IN_PROGRESS' || status.endsWith('_IN_PROGRESS')) return { state: 'pending', detail: by };
  const done = execution === 'EXECUTE_COMPLETE' && DONE.has(status);
  const resources = outcomesOf([...events].reverse(), stackId, done);
  const failed = execution === 'EXECUTE_FAILED' || FAILED.has(status);
  return {
    state: done ? 'succeeded' : failed ? 'failed' : 'unknown',
    evidence: 'state',
    detail: `the stack is ${status}; ${by}`,
    resources,
  };
}

/** What became of each resource that has an event, in the order in which AWS began with them. */
function outcomesOf(events: readonly StackEvent[], stackId: string, succeeded: boolean): readonly ResourceOutcome[] {
  const byResource = new Map<string, StackEvent[]>();
  for (const event of events) {
    if (isOfStack(event, stackId)) continue;
    const known = byResource.get(event.logical_id);
    if (known) known.push(event);
    else byResource.set(event.logical_id, [event]);
  }
  return [...byResource.values()].flatMap((own): readonly ResourceOutcome[] => {
    const last = own.at(-1);
    if (!last) return [];
    const resource = last.physical_id || last.logical_id;
    const failure = own.find((event) => event.status.endsWith('_FAILED'));
    if (failure) return [{ resource, outcome: 'failed', detail: `${failure.status}${reasonOf(failure)}` }];
    if (succeeded) return [{ resource, outcome: 'succeeded', detail: last.status }];
    return [{ resource, outcome: 'failed', detail: `rolled back: ${last.status}` }];
  });
}

function whyFailed(events: readonly StackEvent[]): string {
  const first = events.find((event) => event.status.endsWith('_FAILED') && event.status_reason);
  return first ? `; ${first.logical_id}${reasonOf(first)}` : '';
}
