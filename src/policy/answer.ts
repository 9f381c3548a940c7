import type { Refusal } from '../kernel/errors.ts';
import { leastTally, type Requirement } from '../kernel/requirement.ts';
import type { DecidingPolicy, PolicyEngine, PolicyQuestion } from './engine.ts';
import { atBest, refusalBy } from './refusal.ts';

export const DECISIONS = ['allow', 'hold', 'refuse'] as const;

/** What policy makes of a call before anyone has approved it, and which of its rules say so. */
export interface PolicyAnswer {
  readonly decision: (typeof DECISIONS)[number];
  /** Undefined when it is refused. */
  readonly requirement: Requirement | undefined;
  /** What permits it with just enough approvals; of a refusal, what forbids it however many there are. */
  readonly policies: readonly DecidingPolicy[];
  /** Why policy couldn't be evaluated, which is a no. */
  readonly problem?: string;
  /** The refusal as the agent would be told. */
  readonly refusal?: Refusal;
}

export function answerTo(policy: PolicyEngine, question: PolicyQuestion): PolicyAnswer {
  const requirement = policy.requirement(question);
  const { policies, problem } = requirement
    ? policy.explain(question, leastTally(requirement))
    : atBest(policy, question);
  return {
    decision: !requirement ? 'refuse' : requirement.approvals === 0 ? 'allow' : 'hold',
    requirement,
    policies,
    ...(problem === undefined ? {} : { problem }),
    ...(requirement ? {} : { refusal: refusalBy(policy, question) }),
  };
}
