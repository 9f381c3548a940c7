import { setTimeout as sleep } from 'node:timers/promises';
import type { ChangeTool, Observation, Readers } from '../../tools/define.ts';
import type { StackEvent } from '../../tools/ports/cloudformation.ts';
import type { Keepers } from '../../tools/ports/keepers.ts';
import type { Aws } from '../aws/index.ts';
import type { Json } from '../kernel/digest.ts';
import { HoldshortError } from '../kernel/errors.ts';
import type { Made, Rehearsable } from '../kernel/plan.ts';
import type { Finding } from '../kernel/rehearsal.ts';
import { NO_RULES } from '../kernel/rules.ts';

const STACK = 'AWS::CloudFormation::Stack';

/** Where it is played. */
export interface Stage {
  readonly aws: Aws;
  readonly readers: Readers;
  readonly keepers: Keepers;
  readonly region: string;
  readonly ticket: string;
}

export interface Asked {
  readonly tool: ChangeTool;
  readonly input: Record<string, Json> & { readonly reason: string };
  /** What it was planned to do, where that is known. */
  readonly planned?: Rehearsable;
  /** Called with what was prepared, before it is executed. */
  readonly seen?: (made: Made | undefined) => Promise<void>;
}

/** How a change went. */
export interface Way {
  readonly ended: 'to_its_end' | 'failed' | 'not_tried';
  readonly detail: string;
  readonly events: readonly { resource: string; type: string; status: string; reason?: string }[];
  readonly failed: readonly Finding[];
}

/** Prepares, executes and observes one change, by its tool's own code. */
export async function carriedOut(stage: Stage, asked: Asked): Promise<Way> {
  try {
    return await wayOf(stage, asked);
  } catch (error) {
    if (!(error instanceof HoldshortError)) throw error;
    // The model says no, as AWS might: that is how it ended.
    const { input } = asked;
    const name = String(input.stack_name);
    const failed = [{ resource: name, type: STACK, what: error.message }];
    return { ended: 'failed', detail: error.message, events: [], failed };
  }
}

async function wayOf({ aws, readers, region, ticket }: Stage, { tool, input, planned, seen }: Asked): Promise<Way> {
  // The copy's cloud is in this thread, and goes by the same clock.
  const began = new Date().toISOString();
  const planners = await aws.planners(region);
  const made = await tool.prepare?.(input, { ticket, readers, planners, compareLive: false, announce: async () => {} });
  await seen?.(made);
  const stored = planned?.arguments ?? tool.record(input, () => '', readers);
  // A change set's own ids are all that its execution needs; what it does was planned, or is asked of nobody here.
  const told =
    planned ?? (made ? { targets: [], impact: [], guard: {} } : await tool.plan(stored, readers, made, NO_RULES));
  const plan = { ...told, ticket, tool: tool.name, arguments: stored, ...(made ? { made } : {}) };
  const attempt = { token: `rehearsal-${ticket.slice(-40)}`, intended_at: began };
  const asPlan = plan as unknown as Parameters<ChangeTool['execute']>[0];
  await tool.execute(asPlan, await aws.writers(region), attempt);
  let observed: Observation;
  for (;;) {
    observed = await tool.observe(asPlan, readers, attempt);
    if (observed.state !== 'pending') break;
    await sleep(PAUSE_MS);
  }
  const stackId = typeof made?.stack_id === 'string' ? made.stack_id : told.targets[0]?.id;
  const events = stackId === undefined ? [] : [...(await readers.cloudformation.events(stackId, began))].reverse();
  return {
    ended: observed.state === 'succeeded' ? 'to_its_end' : 'failed',
    detail: observed.detail,
    events: events.map(shownEvent),
    failed: events.filter(({ status }) => status.endsWith('_FAILED')).map(failure),
  };
}

const PAUSE_MS = 20;

function shownEvent({ logical_id, type, status, status_reason }: StackEvent) {
  return { resource: logical_id, type, status, ...(status_reason ? { reason: status_reason } : {}) };
}

function failure({ logical_id, type, status, status_reason = 'for a reason that is not told' }: StackEvent): Finding {
  return { resource: logical_id, type, what: `${status}: ${status_reason}` };
}
