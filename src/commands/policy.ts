import { EFFECTS, isDestructive } from '../kernel/effects.ts';
import { safeText } from '../kernel/safe-text.ts';
import { actionOf } from '../kernel/tool-name.ts';
import { type CheckRow, checkRows } from '../policy/check-rows.ts';
import { DEFAULT_POLICY } from '../policy/default.ts';
import { loadPolicy } from '../policy/load.ts';
import { requirementText } from '../policy/requirement-text.ts';
import type { PolicyAction } from '../policy/schema.ts';
import { type CommandResult, EXIT } from '../present/command-result.ts';

interface PolicyInput {
  /** From `policySource`. */
  readonly policy: { readonly text?: string; readonly source: string };
  /** Every tool there is. */
  readonly actions: readonly PolicyAction[];
}

/**
 * `policy check`: validates, and says what the policy asks for in each environment.
 * @throws policy_invalid
 */
export async function policyCheck({ policy, actions }: PolicyInput): Promise<CommandResult> {
  const engine = await loadPolicy({ ...policy, actions });
  const rows = checkRows(engine, policy.text ?? DEFAULT_POLICY, actions);
  const warnings = warningsOf(rows);
  return {
    data: {
      source: engine.source,
      digest: engine.digest,
      valid: true,
      warnings,
      asks: rows.map(({ environment, effects, tools, requirement }) => ({
        environment,
        effects,
        tools,
        requirement: requirement ?? null,
      })),
    },
    text: [
      `The policy is valid: ${safeText(engine.source)} (digest ${engine.digest.slice(0, 12)}).`,
      '',
      ...aligned([['environment', 'effects', 'a call with them'], ...tableOf(rows)]),
      '',
      ...warnings.flatMap((warning) => [`Warning: ${warning}`, '']),
      `destructive is ${EFFECTS.filter(isDestructive).join(', ')}.`,
      'Asked for one resource, for an agent, operator, account and region that the',
      'policy does not name, and for ordinary times: allowed by the lists, in no',
      'freeze, within the quotas.',
    ].join('\n'),
    exit: EXIT.done,
  };
}

/** It may be meant so; or a rule says more than it was meant to, which would be seen too late. */
function warningsOf(rows: readonly CheckRow[]): readonly string[] {
  const unasked = rows
    .filter(({ environment, requirement }) => environment === 'production' && requirement?.approvals === 0)
    .flatMap(({ effects }) => effects);
  const effects = EFFECTS.filter((effect) => isDestructive(effect) && unasked.includes(effect));
  return effects.length === 0
    ? []
    : [`in production nobody is asked about ${effects.join(', ')}: such calls run at once.`];
}

function tableOf(rows: readonly CheckRow[]): readonly (readonly string[])[] {
  return rows.map(({ environment, label, tools, requirement }, index) => [
    rows[index - 1]?.environment === environment ? '' : environment,
    tools.length > 0 ? `${label} by ${tools.map(actionOf).join(', ')}` : label,
    requirementText(requirement),
  ]);
}

function aligned(rows: readonly (readonly string[])[]): readonly string[] {
  const widths = [0, 1].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}
