import type { Json } from '../kernel/digest.ts';
import { EFFECTS, type Effect } from '../kernel/effects.ts';
import { ENVIRONMENTS } from '../kernel/environment.ts';
import { HoldshortError } from '../kernel/errors.ts';
import type { Rules } from '../kernel/rules.ts';
import { safeText } from '../kernel/safe-text.ts';
import { actionOf } from '../kernel/tool-name.ts';
import { answerTo, type PolicyAnswer } from '../policy/answer.ts';
import type { PolicyEngine, PolicyQuestion } from '../policy/engine.ts';
import { questionFor } from '../policy/question.ts';
import { requirementText } from '../policy/requirement-text.ts';
import type { PolicyAction } from '../policy/schema.ts';
import { type CommandResult, EXIT } from '../present/command-result.ts';
import { actionNamed, notOneOf } from './named-action.ts';

/** What an agent or operator is called where none is named: no rule knows it. */
export const NOBODY = '-';

/**
 * `policy explain TOOL` without arguments: what the policy asks of such a call, and which line of it says so.
 * @param call.tool a tool's name or its IAM action
 * @param call.effects what it would do; for a change without any, the worst is assumed
 * @param call.at ISO 8601: the freezes of that moment count
 * @throws usage for a tool, environment or effect that there isn't
 */
export function policyExplain(
  installation: { readonly engine: PolicyEngine; readonly rules: Rules; readonly actions: readonly PolicyAction[] },
  call: {
    readonly tool: string;
    readonly environment: string;
    readonly effects: readonly string[];
    readonly resources?: number | undefined;
    readonly agent?: string | undefined;
    readonly operator?: string | undefined;
    readonly at: string;
  },
): CommandResult {
  const { tool, kind } = actionNamed(call.tool, installation.actions);
  const environment = oneOf('environment', call.environment, ENVIRONMENTS);
  const given: readonly Effect[] = call.effects.map((effect) => oneOf('effect', effect, EFFECTS));
  const effects = given.length > 0 ? given : [kind === 'read' ? ('read' as const) : ('unknown' as const)];
  const { agent = NOBODY, operator = NOBODY, resources = 1 } = call;
  const asking = { agent, operator, tool, environment, account: '000000000000', region: '-', effects, resources };
  return explained(installation.engine, questionFor(asking, installation.rules, call.at));
}

/** @param plan what planning found, where the call was planned */
export function explained(
  engine: PolicyEngine,
  question: PolicyQuestion,
  plan?: { readonly data: Json; readonly text: string },
): CommandResult {
  const answer = answerTo(engine, question);
  const { tool, environment, effects, resources } = question;
  const { decision, requirement, policies, problem, refusal } = answer;
  return {
    data: {
      decision,
      requirement: requirement ?? null,
      tool,
      environment,
      effects,
      resources,
      policies: policies.map((deciding) => ({ ...deciding })),
      problem,
      refusal: refusal && { ...refusal },
      plan: plan?.data,
    },
    text: [
      `${actionOf(tool)} in ${environment}, with the effect ${effects.join(', ')}`,
      ...(plan ? [plan.text] : []),
      `${decision === 'hold' ? 'held: ' : ''}${requirementText(requirement)}`,
      '',
      ...whyText(answer),
      ...(refusal ? ['', safeText(refusal.message), `  ${safeText(refusal.recovery)}`] : []),
    ].join('\n'),
    exit: EXIT.done,
  };
}

export function whyText({ policies, problem }: PolicyAnswer): readonly string[] {
  const lines = policies.flatMap(({ effect, id, source, line, description }) => [
    `${effect} "${safeText(id)}" at ${safeText(source)}:${line}`,
    ...(description ? [`  ${safeText(description)}`] : []),
  ]);
  if (problem !== undefined)
    return [`the policy could not be evaluated, which is a no: ${safeText(problem)}`, ...lines];
  return lines.length > 0 ? lines : ['no policy permits it'];
}

function oneOf<T extends string>(what: string, given: string, values: readonly T[]): T {
  const found = values.find((value) => value === given);
  if (found === undefined) throw notOneOf(what, given, values);
  return found;
}

/**
 * `--at`, or now by this machine's clock: explaining decides nothing, and makes no database to ask.
 * @throws usage
 */
export function momentOf(at: string | undefined): string {
  if (at === undefined) return new Date().toISOString();
  const moment = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}.*(Z|[+-]\d{2}:\d{2})$/.test(at) ? Date.parse(at) : Number.NaN;
  if (Number.isNaN(moment))
    throw new HoldshortError(
      'usage',
      `${safeText(at)} is not a moment`,
      'give date, time and offset, as in 2026-12-24T18:00:00+01:00 or 2026-12-24T17:00:00Z',
    );
  return new Date(moment).toISOString();
}
