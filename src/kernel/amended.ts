import type { Circumstances, Deletion } from './circumstances.ts';
import { effectsOf } from './effects.ts';
import type { Lifecycle } from './lifecycle.ts';
import type { Impact } from './plan.ts';
import type { Target } from './target.ts';
import { type Unsettled, unsettledText } from './unsettled.ts';

interface Amendable {
  readonly summary: string;
  readonly targets: readonly Target[];
  readonly impact: readonly Impact[];
  readonly lifecycle?: Lifecycle | undefined;
}

/**
 * The plan with what its circumstances add: what was deleted and is made again is a replacement, whatever the second
 * call looks like on its own. Used when the ticket is made and when the plan is made again before it runs, so
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
  const { lifecycle, targets } = planned;
  const [target] = targets;
  if (!deletion || !lifecycle || !target) return planned;
  const line: Impact = {
    resource: target.id,
    type: target.type,
    effect: 'replace',
    detail: `delete and recreate: ${deletionText(lifecycle.kind, deletion)}`,
    recoverable: false,
  };
  return {
    ...planned,
    summary: `delete and recreate ${lifecycle.name}: ${planned.summary}`,
    impact: [line, ...planned.impact],
  };
}

/** `agent claude deleted this KIND at 2026-11-24 07:10 UTC (tkt_…)` */
function deletionText(kind: string, { ticket, agent, state, at }: Deletion): string {
  const when = `${at.slice(0, 16).replace('T', ' ')} UTC`;
  switch (state) {
    case 'succeeded':
      return `agent ${agent} deleted this ${kind} at ${when} (${ticket}); what was in it is gone`;
    case 'executing':
      return `agent ${agent}'s deletion of this ${kind}, asked for at ${when}, is running (${ticket})`;
    case 'unknown':
      return `it can't be told whether agent ${agent}'s deletion of this ${kind}, asked for at ${when}, happened (${ticket})`;
    case 'resolved':
      return `a person said at ${when} what became of agent ${agent}'s deletion of this ${kind}; AWS's records can't tell (${ticket})`;
    case 'pending':
    case 'approved':
      return `agent ${agent} asked at ${when} to delete this ${kind} (${ticket}, ${state})`;
    default:
      return state satisfies never;
  }
}
