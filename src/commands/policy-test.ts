import { NOTHING_ASKED } from '../kernel/quotas.ts';
import { Requirement } from '../kernel/requirement.ts';
import type { Rules } from '../kernel/rules.ts';
import { safeText } from '../kernel/safe-text.ts';
import { answerTo, type PolicyAnswer } from '../policy/answer.ts';
import type { PolicyEngine, PolicyQuestion } from '../policy/engine.ts';
import { questionFor } from '../policy/question.ts';
import { requirementText } from '../policy/requirement-text.ts';
import type { PolicyAction } from '../policy/schema.ts';
import { type CommandResult, EXIT } from '../present/command-result.ts';
import { actionNamed } from './named-action.ts';
import { type Expectation, expectationsIn } from './policy-expectations.ts';
import { NOBODY, whyText } from './policy-explain.ts';

/**
 * `policy test FILE`: a team's own expectations against the policy, with the configuration's lists, freezes and quotas.
 * Exit 1 on a difference.
 * @throws usage for a file that isn't right, with its line
 */
export async function policyTest(
  installation: { readonly engine: PolicyEngine; readonly rules: Rules; readonly actions: readonly PolicyAction[] },
  file: string,
): Promise<CommandResult> {
  const expectations = await expectationsIn(file, installation.actions);
  const results = expectations.map((expectation) => {
    const answer = answerTo(installation.engine, questionIn(expectation, installation.rules, installation.actions));
    return { expectation, answer, differences: differencesOf(expectation, answer) };
  });
  const failed = results.filter(({ differences }) => differences.length > 0).length;
  return {
    data: {
      source: installation.engine.source,
      passed: results.length - failed,
      failed,
      results: results.map(({ expectation, answer, differences }) => ({
        name: expectation.name,
        line: expectation.line,
        passed: differences.length === 0,
        differences,
        expected: JSON.parse(JSON.stringify(expectation.expect)),
        got: {
          decision: answer.decision,
          requirement: answer.requirement ?? null,
          policies: answer.policies.map((policy) => ({ ...policy })),
        },
      })),
    },
    text: [
      ...results.flatMap(({ expectation: { name, line }, answer, differences }) =>
        differences.length === 0
          ? [`ok    ${safeText(name)}`]
          : [
              `FAIL  ${safeText(name)} (${safeText(file)}:${line})`,
              ...differences.map((difference) => `        ${safeText(difference)}`),
              ...whyText(answer).map((why) => `        ${why}`),
            ],
      ),
      '',
      `${results.length - failed} as expected, ${failed} not`,
    ].join('\n'),
    exit: failed > 0 ? EXIT.failed : EXIT.done,
  };
}

/** Without `at` no freeze holds: what comes out mustn't depend on when it is run. */
function questionIn(expectation: Expectation, rules: Rules, actions: readonly PolicyAction[]): PolicyQuestion {
  const { agent, environment, resources = 1, operator = NOBODY, account = '000000000000', region = '-' } = expectation;
  const { tool, kind } = actionNamed(expectation.tool, actions);
  const effects = expectation.effects ?? [kind === 'read' ? ('read' as const) : ('unknown' as const)];
  const call = { agent, operator, tool, environment, account, region, effects, resources };
  const asked = {
    destructive_last_hour: expectation.asked?.destructive_last_hour ?? NOTHING_ASKED.destructive_last_hour,
    pending: expectation.asked?.pending ?? NOTHING_ASKED.pending,
  };
  const question = questionFor({ ...call, circumstances: { asked } }, rules, expectation.at);
  return {
    ...question,
    delete_and_recreate: expectation.delete_and_recreate ?? false,
    unsettled: expectation.unsettled ?? false,
    undo: expectation.undo ?? 'no',
    snapshot_first: expectation.snapshot_first ?? false,
    restores: expectation.restores ?? false,
    rehearsed: expectation.rehearsed ?? false,
    rehearsal_failed: expectation.rehearsal_failed ?? false,
  };
}

function differencesOf({ expect }: Expectation, answer: PolicyAnswer): readonly string[] {
  const { decision, requirement, policies } = answer;
  const differences: string[] = [];
  if (decision !== expect.decision)
    differences.push(`expected ${expect.decision}, got ${decision} (${requirementText(requirement)})`);
  for (const key of Requirement.keyof().options) {
    const wanted = expect.requirement?.[key];
    if (wanted === undefined || wanted === requirement?.[key]) continue;
    differences.push(`expected ${key} ${wanted}, got ${requirement?.[key] ?? 'no requirement'}`);
  }
  const ids = policies.map(({ id }) => id);
  if (expect.by !== undefined && !ids.includes(expect.by))
    differences.push(`expected it by "${expect.by}", got it by ${ids.map((id) => `"${id}"`).join(', ') || 'no rule'}`);
  return differences;
}
