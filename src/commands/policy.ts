import { nearest } from '../config/nearest.ts';
import { type CommandResult, EXIT } from '../kernel/command-result.ts';
import { EFFECTS, type Effect, isDestructive } from '../kernel/effects.ts';
import { ENVIRONMENTS, type Environment } from '../kernel/environment.ts';
import { HoldshortError } from '../kernel/errors.ts';
import { leastTally, REQUIREMENTS } from '../kernel/requirement.ts';
import { safeText } from '../kernel/safe-text.ts';
import { actionOf } from '../kernel/tool-name.ts';
import { type CheckRow, checkRows } from '../policy/check-rows.ts';
import type { Explanation, PolicyEngine, PolicyQuestion } from '../policy/engine.ts';
import { loadPolicy } from '../policy/load.ts';
import { requirementText } from '../policy/requirement-text.ts';
import type { PolicyAction } from '../policy/schema.ts';

interface PolicyInput {
  /** From `policySource`. */
  readonly policy: { readonly text?: string; readonly source: string };
  /** Every tool there is. */
  readonly actions: readonly PolicyAction[];
}

/**
 * `policy check`: validates, and says what the policy asks for in each environment.
 * @throws HoldshortError `policy_invalid`
 */
export async function policyCheck({ policy, actions }: PolicyInput): Promise<CommandResult> {
  const engine = await loadPolicy({ ...policy, actions });
  const rows = checkRows(engine, actions);
  return {
    data: {
      source: engine.source,
      digest: engine.digest,
      valid: true,
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
      `destructive is ${EFFECTS.filter(isDestructive).join(', ')}.`,
      'Asked for one resource, and for an agent, operator, account and region that the policy does not name.',
    ].join('\n'),
    exit: EXIT.done,
  };
}

/**
 * `policy explain`: what the policy asks of one call, and which line of it says so.
 * @param call.tool a tool's name or its IAM action
 * @param call.effects what it would do; for a change without any, the worst is assumed
 * @throws HoldshortError `policy_invalid`, `usage` for a tool, environment or effect that there isn't
 */
export async function policyExplain(
  { policy, actions }: PolicyInput,
  call: {
    readonly tool: string;
    readonly environment: string;
    readonly effects: readonly string[];
    readonly agent?: string | undefined;
    readonly operator?: string | undefined;
  },
): Promise<CommandResult> {
  const { tool, kind } = actionNamed(call.tool, actions);
  const environment: Environment = oneOf('environment', call.environment, ENVIRONMENTS);
  const given: readonly Effect[] = call.effects.map((effect) => oneOf('effect', effect, EFFECTS));
  const effects = given.length > 0 ? given : [kind === 'read' ? ('read' as const) : ('unknown' as const)];
  const engine = await loadPolicy({ ...policy, actions });
  const { agent = '-', operator = '-' } = call;
  const question = { agent, operator, tool, environment, account: '000000000000', region: '-', effects, resources: 1 };
  const requirement = engine.requirement(question);
  const decision = !requirement ? 'refuse' : requirement.approvals === 0 ? 'allow' : 'hold';
  const why = explainWith(engine, question);
  return {
    data: {
      decision,
      requirement: requirement ?? null,
      tool,
      environment,
      effects,
      policies: why.policies.map((deciding) => ({ ...deciding })),
      problem: why.problem,
    },
    text: [
      `${actionOf(tool)} in ${environment}, with the effect ${effects.join(', ')}`,
      `${decision === 'hold' ? 'held: ' : ''}${requirementText(requirement)}`,
      '',
      ...whyText(why),
    ].join('\n'),
    exit: EXIT.done,
  };
}

/** Explained with just enough approvals; where none are enough, with as many as there can be, so that what stands in the way shows. */
function explainWith(engine: PolicyEngine, question: PolicyQuestion): Explanation {
  const requirement = engine.requirement(question) ?? REQUIREMENTS.at(-1);
  if (!requirement) throw new HoldshortError('internal', 'no requirement is defined', 'report this');
  return engine.explain(question, leastTally(requirement));
}

function whyText({ policies, problem }: Explanation): readonly string[] {
  const lines = policies.flatMap(({ effect, id, source, line, description }) => [
    `${effect} "${safeText(id)}" at ${safeText(source)}:${line}`,
    ...(description ? [`  ${safeText(description)}`] : []),
  ]);
  if (problem !== undefined)
    return [`the policy could not be evaluated, which is a no: ${safeText(problem)}`, ...lines];
  return lines.length > 0 ? lines : ['no policy permits it'];
}

function actionNamed(name: string, actions: readonly PolicyAction[]): PolicyAction {
  const found = actions.find(({ tool }) => tool === name || actionOf(tool) === name);
  if (found) return found;
  const names = actions.map(({ tool }) => (name.includes(':') ? actionOf(tool) : tool));
  throw notOneOf('tool', name, names);
}

function oneOf<T extends string>(what: string, given: string, values: readonly T[]): T {
  const found = values.find((value) => value === given);
  if (found === undefined) throw notOneOf(what, given, values);
  return found;
}

function notOneOf(what: string, given: string, values: readonly string[]): HoldshortError {
  const meant = nearest(given, values);
  const recovery = meant ? `did you mean ${meant}?` : `use one of ${values.join(', ')}`;
  return new HoldshortError('usage', `there is no ${what} ${safeText(given)}`, recovery);
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
