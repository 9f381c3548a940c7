import type { PlanRecord } from '../kernel/plan.ts';
import type { PolicyQuestion } from './engine.ts';

/** What of a plan policy is asked about. */
export type Questioned = Pick<
  PlanRecord,
  'agent' | 'operator' | 'tool' | 'environment' | 'account' | 'region' | 'effects' | 'impact'
>;

/** The question that a plan puts to policy; asked when it is planned and again, with what people decided, when it is to run. */
export function questionOf(plan: Questioned): PolicyQuestion {
  const { agent, operator, tool, environment, account, region, effects } = plan;
  return { agent, operator, tool, environment, account, region, effects, resources: plan.impact.length };
}
