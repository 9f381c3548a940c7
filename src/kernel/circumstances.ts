import { z } from 'zod';
import { effectsOf } from './effects.ts';
import type { Impact, Target } from './plan.ts';
import { Asked } from './quotas.ts';
import { TicketId } from './ticket.ts';
import { Unsettled, unsettledText } from './unsettled.ts';

/** States in which a ticket that deletes a stack has deleted it, may have, or may yet. */
export const DELETING_STATES = ['pending', 'approved', 'executing', 'unknown', 'succeeded'] as const;

/** Another ticket, of whatever agent, that deletes the stack which a plan makes. */
export const Deletion = z.strictObject({
  ticket: TicketId,
  agent: z.string(),
  state: z.enum(DELETING_STATES),
  /** ISO 8601: when it was done; otherwise when it was asked for. */
  at: z.iso.datetime(),
});

export type Deletion = z.infer<typeof Deletion>;

/**
 * What stood around a plan when it was made and isn't in AWS. It is part of the record, so that the policy of then and that of the
 * execution are asked the same question.
 */
export const Circumstances = z.strictObject({
  asked: Asked,
  deletion: Deletion.optional(),
  /** Oldest first. */
  unsettled: z.array(Unsettled).min(1).optional(),
});

export type Circumstances = z.infer<typeof Circumstances>;

interface Amendable {
  readonly summary: string;
  readonly targets: readonly Target[];
  readonly impact: readonly Impact[];
}

/** How long a stack that was deleted counts as deleted for the sake of making it anew. */
export const RECREATION_MS = 24 * 3_600_000;

/**
 * Does this deletion make a plan one that deletes and recreates? One that waits does in any case: with it, what looks like an update is
 * the second half of a replacement. One that is done, or may be, does when the stack is being created.
 */
export function recreates(creates: boolean, { state }: Deletion): boolean {
  return creates || state === 'pending' || state === 'approved';
}

/**
 * The plan with what its circumstances add: a stack that was deleted and is made again is a replacement, whatever the second call looks
 * like on its own. Used when the ticket is made and when the plan is made again before it runs, so that both come out the same.
 */
export function amended<P extends Amendable>(planned: P, { deletion, unsettled }: Omit<Circumstances, 'asked'>): P {
  return withUnsettled(withDeletion(planned, deletion), unsettled);
}

/** It stands first, and takes the worst effect that the plan has anyhow: what is not known makes the change itself no worse. */
function withUnsettled<P extends Amendable>(planned: P, unsettled: readonly Unsettled[] | undefined): P {
  const [first] = planned.impact;
  const [worst = 'unknown'] = effectsOf(planned.impact);
  if (!unsettled || !first) return planned;
  const text = unsettledText(unsettled);
  const line: Impact = {
    resource: first.resource,
    type: first.type,
    effect: worst,
    detail: `${text}; look at AWS before you allow this`,
    recoverable: false,
  };
  return { ...planned, summary: `${text}: ${planned.summary}`, impact: [line, ...planned.impact] };
}

function withDeletion<P extends Amendable>(planned: P, deletion: Deletion | undefined): P {
  const [stack] = planned.targets;
  if (!deletion || !stack) return planned;
  const line: Impact = {
    resource: stack.id,
    type: stack.type,
    effect: 'replace',
    detail: `delete and recreate: ${deletionText(deletion)}`,
    recoverable: false,
  };
  return {
    ...planned,
    summary: `delete and recreate ${stack.name}: ${planned.summary}`,
    impact: [line, ...planned.impact],
  };
}

/** `agent claude deleted this stack at 2026-11-24 07:10 UTC (tkt_…)` */
function deletionText({ ticket, agent, state, at }: Deletion): string {
  const when = `${at.slice(0, 16).replace('T', ' ')} UTC`;
  switch (state) {
    case 'succeeded':
      return `agent ${agent} deleted this stack at ${when} (${ticket}); what was in it is gone`;
    case 'executing':
      return `agent ${agent}'s deletion of this stack, asked for at ${when}, is running (${ticket})`;
    case 'unknown':
      return `it can't be told whether agent ${agent}'s deletion of this stack, asked for at ${when}, happened (${ticket})`;
    case 'pending':
    case 'approved':
      return `agent ${agent} asked at ${when} to delete this stack (${ticket}, ${state})`;
    default:
      return state satisfies never;
  }
}
