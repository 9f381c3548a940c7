import type { AccountRef } from './account.ts';
import type { AgentRule } from './allow-list.ts';
import type { EnvironmentRules } from './environment.ts';
import type { FreezeRule } from './freeze.ts';
import type { LoginRule } from './login.ts';
import { DEFAULT_QUOTAS, type Quotas } from './quotas.ts';
import type { TagRules } from './tag-effect.ts';

/**
 * What the configuration says that policy rests on. Read afresh for each decision: it may be edited while tickets wait.
 */
export interface Rules extends EnvironmentRules, TagRules {
  /** Undefined: any agent may ask for anything. */
  readonly agents: readonly AgentRule[] | undefined;
  readonly freezes: readonly FreezeRule[];
  readonly quotas: Quotas;
  /** What its accounts are called; absent where there is the one whose credentials are here. */
  readonly accounts?: readonly AccountRef[] | undefined;
  /** The login that approvals must come with, if any. */
  readonly login?: LoginRule | undefined;
}

/** What of it planning looks at. */
export type PlanningRules = TagRules & Pick<EnvironmentRules, 'known'>;

/** The rules where there is no configuration. */
export const NO_RULES: Rules = {
  environments: [],
  known: [],
  tags_without_effect: [],
  agents: undefined,
  freezes: [],
  quotas: DEFAULT_QUOTAS,
};
