import type { Attempt, ChangeTool } from '../../tools/define.ts';
import type { Refusal } from '../kernel/errors.ts';
import { actionOfStep, type PlanRecord, type Step } from '../kernel/plan.ts';
import type { Outcome, Result } from './outcome.ts';
import { isMade } from './steps.ts';

type Became = 'succeeded' | 'failed' | 'unknown' | 'not_sent';

/**
 * What became of a change that takes several requests, from what became of the last one that was begun: told for each,
 * and for the whole how it leaves things. Done in part is `failed`, whatever the part.
 * @param last that step's attempt
 * @param stopped why the next one wasn't sent, if that is what ended it
 */
export function overSteps(
  { plan, tool }: { readonly plan: PlanRecord; readonly tool: ChangeTool },
  last: Attempt,
  outcome: Outcome,
  stopped: Refusal | undefined,
): Outcome {
  const { steps } = plan;
  if (!steps) return outcome;
  const { step: begun = 1, made = [] } = last;
  const { to, refusal } = outcome;
  const result = { ...outcome.result, resources: [...made.map(stays), ...outcome.result.resources] };
  // What it made stays, however the rest ended.
  const asTold = to !== 'succeeded' || isMade(tool, plan, begun);
  const became = (number: number): Became => {
    if (number !== begun) return number < begun ? 'succeeded' : 'not_sent';
    return to;
  };
  const told = steps.map((step, index) => ({ action: actionOfStep(step), outcome: became(index + 1) }));
  const all = { ...result, steps: told };
  const done = to === 'succeeded' ? begun : begun - 1;
  if (done === steps.length)
    return { ...outcome, result: { ...all, detail: `all ${done} steps done; ${result.detail}` } };
  const why = stopped ?? (to === 'succeeded' ? NOT_FOLLOWED : refusal);
  // Where it isn't known whether a step happened, nobody can say how it leaves things either, and nobody is invited to
  // go on.
  const then = to === 'unknown' ? undefined : steps[done - 1]?.leaves;
  // Someone else may have changed it since, which may be the very reason why nothing follows.
  const leaves = then && `when it was last seen, after step ${done}: ${then}`;
  const detail = [
    `${done} of ${steps.length} steps done${namesOf(told, 'succeeded')}`,
    ...(to === 'succeeded' ? [] : [`step ${begun} (${told[begun - 1]?.action}): ${result.detail}`]),
    ...(begun < steps.length
      ? [`not sent${namesOf(told, 'not_sent')}${stopped ? `, because ${stopped.message}` : ''}`]
      : []),
    ...(leaves ? [leaves] : []),
  ].join('; ');
  return {
    to: to === 'unknown' ? 'unknown' : 'failed',
    result: { ...all, detail, resources: asTold ? result.resources : left(result, leaves) },
    refusal: to === 'unknown' || !why ? why : { ...why, recovery: `${why.recovery}${goOn(steps.slice(done), why)}` },
  };
}

/** That this step was done became known only when nothing could follow any more. */
const NOT_FOLLOWED: Refusal = {
  code: 'outcome_unknown',
  message: 'nothing followed a step of which it was not known whether it was done',
  recovery: 'look at what is there now',
};

/** An earlier step's, by its ARN. */
function stays(resource: string): Result['resources'][number] {
  return { resource, outcome: 'succeeded', detail: 'made by a step before; it stays' };
}

function namesOf(told: readonly { readonly action: string; readonly outcome: Became }[], outcome: Became): string {
  const names = told.filter((one) => one.outcome === outcome).map(({ action }) => action);
  return names.length > 0 ? ` (${names.join(', ')})` : '';
}

/** The last step is done, and still the change isn't: no resource is as it was asked for. */
function left({ resources }: Result, leaves: string | undefined): Result['resources'] {
  return resources.map((one) => ({ ...one, outcome: 'failed', ...(leaves ? { detail: leaves } : {}) }));
}

/** Nobody gets around a person's no. */
function goOn(rest: readonly Step[], { code }: Refusal): string {
  if (code === 'denied') return '';
  return `; what is left of it can be asked for by itself: ${rest.map(({ tool }) => tool).join(', ')}`;
}
