import type { Allowed } from '../kernel/allow-list.ts';
import type { Glass } from '../kernel/break-glass.ts';
import type { Effect } from '../kernel/effects.ts';
import type { Environment } from '../kernel/environment.ts';
import type { Freeze } from '../kernel/freeze.ts';
import type { Asked, Quotas } from '../kernel/quotas.ts';
import type { Requirement, Tally } from '../kernel/requirement.ts';
import type { UndoExists } from '../kernel/undo.ts';

/**
 * What surrounds a call. Time enters as what it makes of the freezes, so that a question has one answer whenever it is
 * asked.
 */
export interface Surroundings {
  /** Does the agent's allow-list have the tool and the environment? */
  readonly allowed: Allowed;
  readonly freeze: Freeze;
  /** Before this call. */
  readonly asked: Asked;
  readonly quota: Quotas;
  /** Does the change make again what another ticket deletes? */
  readonly delete_and_recreate: boolean;
  /** Is there a ticket about the same of which nobody knows whether it happened, or that is being carried out? */
  readonly unsettled: boolean;
  /** How much of it could be brought back. */
  readonly undo: UndoExists;
  /** Is a snapshot taken, by it and right before, of each EBS volume that it deletes? */
  readonly snapshot_first: boolean;
  /** Does it bring back what another ticket changed? */
  readonly restores: boolean;
  /** It, and where there is one its way back, was played on a copy; and either failed there. Says nothing of AWS. */
  readonly rehearsed: boolean;
  readonly rehearsal_failed: boolean;
}

/** A call as policy sees it: everything that an answer may rest on. */
export interface PolicyQuestion extends Surroundings {
  readonly agent: string;
  readonly operator: string;
  /** The tool's name; policy calls it by its action (`actionOf`). */
  readonly tool: string;
  /**
   * The tools that send the change's requests by themselves, where it takes several: what one of them may not, it may
   * not either.
   */
  readonly also?: readonly string[];
  readonly environment: Environment;
  readonly account: string;
  readonly region: string;
  /** `['read']` for a read. */
  readonly effects: readonly Effect[];
  /** How many lines of impact. */
  readonly resources: number;
}

/** A policy that decided, with where it is. */
export interface DecidingPolicy {
  /** Its `@id`, or Cedar's own name for it. */
  readonly id: string;
  readonly effect: 'permit' | 'forbid';
  /** Its `@description`; empty when it has none. */
  readonly description: string;
  readonly source: string;
  readonly line: number;
}

export interface Explanation {
  readonly permitted: boolean;
  /** What permitted or forbade it, or couldn't be evaluated. Empty when no policy applied, which is a no. */
  readonly policies: readonly DecidingPolicy[];
  /** Why policy couldn't answer, which is a no; safe to print. */
  readonly problem?: string;
}

/** Cedar, loaded and validated. All its answers are about the policy text that `digest` names. */
export interface PolicyEngine {
  /** Domain-tagged digest of the policy text. */
  readonly digest: string;
  /** Where it came from: a path, or `default`. */
  readonly source: string;
  /**
   * May it run with these decisions, and where these people break the glass (nobody by default)? An error while
   * evaluating is a no.
   */
  permits(question: PolicyQuestion, tally: Tally, glass?: Glass): boolean;
  /** The least requirement with which it may run; undefined when none does. */
  requirement(question: PolicyQuestion): Requirement | undefined;
  explain(question: PolicyQuestion, tally: Tally, glass?: Glass): Explanation;
}
