import { actionOfStep, type PlanRecord } from '../../src/kernel/plan.ts';
import { number, outside } from './words.ts';

/** What a reader has to know of a change that takes several requests, whatever they are. */
export const BETWEEN_STEPS =
  'Before each, all is checked again. A denial, a halt, or anything else that keeps one from being sent ends it there.';

/**
 * The requests that the change takes, a line each, with how things are left if it ends after that one; empty where it
 * is one request.
 */
export function stepLines({ steps = [] }: PlanRecord): readonly string[] {
  return steps.map((step, index) => {
    const { detail, leaves } = step;
    const last = index === steps.length - 1;
    return `${index + 1}. ${outside(actionOfStep(step), 64)}: ${outside(detail, 200)}${last ? '' : `; if it ends there: ${outside(leaves, 200)}`}`;
  });
}

/** `3 requests, one after the other`; undefined where it is one. */
export function stepsText({ steps }: PlanRecord): string | undefined {
  return steps && `${number(steps.length)} requests, one after the other`;
}
