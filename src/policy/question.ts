import { allowedBy } from '../kernel/allow-list.ts';
import type { Circumstances } from '../kernel/circumstances.ts';
import type { Effect } from '../kernel/effects.ts';
import { countsAs, type Environment } from '../kernel/environment.ts';
import { freezeAt, NO_FREEZE } from '../kernel/freeze.ts';
import type { PlanRecord } from '../kernel/plan.ts';
import { DEFAULT_QUOTAS, NOTHING_ASKED } from '../kernel/quotas.ts';
import { type Rehearsal, rehearsalFacts } from '../kernel/rehearsal.ts';
import type { Rules } from '../kernel/rules.ts';
import { type UndoExists, undoExists } from '../kernel/undo.ts';
import type { PolicyQuestion, Surroundings } from './engine.ts';

/** Nothing out of the ordinary: no lists, no freeze, nothing asked before. */
export const ORDINARY: Surroundings = {
  allowed: { tool: true, environment: true },
  freeze: NO_FREEZE,
  asked: NOTHING_ASKED,
  quota: DEFAULT_QUOTAS,
  delete_and_recreate: false,
  unsettled: false,
  undo: 'no',
  snapshot_first: false,
  restores: false,
  rehearsed: false,
  rehearsal_failed: false,
};

/** A call in an environment that is known. */
interface Call {
  readonly agent: string;
  readonly operator: string;
  readonly tool: string;
  readonly environment: Environment;
  readonly account: string;
  readonly region: string;
  readonly effects: readonly Effect[];
  readonly resources: number;
  readonly also?: readonly string[];
  /** Left out for a read: reads aren't counted, so that they need no look into the store. */
  readonly circumstances?: Circumstances;
  /** Absent: nothing of it is kept. */
  readonly undo?: UndoExists;
  readonly snapshot_first?: boolean;
  readonly restores?: boolean;
  /** Absent, or not carried through: not rehearsed. */
  readonly rehearsal?: Rehearsal | undefined;
}

/**
 * The question that a call puts to policy under these rules at this moment.
 * @param at ISO 8601; undefined asks as if there were no freezes
 */
export function questionFor(call: Call, rules: Rules, at: string | undefined): PolicyQuestion {
  const { circumstances, undo, snapshot_first, restores, rehearsal, ...asking } = call;
  const played = rehearsalFacts(rehearsal);
  return {
    ...asking,
    allowed: allowedBy(rules.agents, call),
    freeze: at === undefined ? NO_FREEZE : freezeAt(rules.freezes, call.environment, at),
    asked: circumstances?.asked ?? NOTHING_ASKED,
    quota: rules.quotas,
    delete_and_recreate: circumstances?.deletion !== undefined,
    unsettled: circumstances?.unsettled !== undefined,
    undo: undo ?? 'no',
    snapshot_first: snapshot_first ?? false,
    restores: restores ?? false,
    rehearsed: played.rehearsed,
    rehearsal_failed: played.failed,
  };
}

/** The members of a plan that policy is asked about. */
type Questioned = Pick<
  PlanRecord,
  | 'agent'
  | 'operator'
  | 'tool'
  | 'environment'
  | 'account'
  | 'region'
  | 'effects'
  | 'impact'
  | 'targets'
  | 'circumstances'
  | 'steps'
  | 'undo'
  | 'snapshot_first'
  | 'restores'
  | 'rehearsal'
>;

/**
 * The question that a plan puts to policy: asked when it is planned, when people decide, and when it is to run. What
 * was found when it was planned stays; the rules and the time are those of now; of the environment then and the one
 * now, and of what it brings back, the strictest counts.
 */
export function questionOf(plan: Questioned, rules: Rules, at: string): PolicyQuestion {
  const { agent, operator, tool, account, region, effects, circumstances, steps } = plan;
  const environment = countsAs(rules, plan);
  const also = steps && { also: steps.map((step) => step.tool) };
  const call = { agent, operator, tool, environment, account, region, effects, resources: plan.impact.length, ...also };
  return questionFor(
    {
      ...call,
      circumstances,
      undo: undoExists(plan),
      snapshot_first: plan.snapshot_first ?? false,
      restores: plan.restores !== undefined,
      rehearsal: plan.rehearsal,
    },
    rules,
    at,
  );
}
