import type { Circumstances, Deletion } from './circumstances.ts';
import { effectsOf } from './effects.ts';
import type { Impact } from './plan.ts';
import type { Target } from './target.ts';
import { type Unsettled, unsettledText } from './unsettled.ts';

interface Amendable {
  readonly summary: string;
  readonly targets: readonly Target[];
  readonly impact: readonly Impact[];
}

/**
 * The plan with what its circumstances add: a stack that was deleted and is made again is a replacement, whatever the
 * second call looks like on its own. Used when the ticket is made and when the plan is made again before it runs, so
 * that both come out the same.
 */
export function amended<P extends Amendable>(planned: P, { deletion, unsettled }: Omit<Circumstances, 'asked'>): P {
  return withUnsettled(withDeletion(planned, deletion), unsettled);
}

/**
 * It comes first, and takes the worst effect that the plan has anyhow: what is not known makes the change itself no
 * worse.
 */
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
