import type { Registry } from '../kernel/approvers.ts';
import type { PlanRecord } from '../kernel/plan.ts';
import type { Rules } from '../kernel/rules.ts';
import { shortageOf } from '../kernel/shortage.ts';
import type { PolicyEngine, PolicyQuestion } from './engine.ts';
import { type ShortageText, shortageText } from './shortage-text.ts';

/**
 * Why nobody who is enrolled could let a plan run today, in words; undefined where someone could.
 * @param opened where in the log its ticket was opened
 */
export function shortageToday(
  { plan, opened }: { readonly plan: PlanRecord; readonly opened: number },
  registry: Registry,
  policy: PolicyEngine,
  question: PolicyQuestion,
  { login }: Pick<Rules, 'login'>,
): ShortageText | undefined {
  const found = shortageOf(registry, plan, opened, {
    permits: (tally, glass) => policy.permits(question, tally, glass),
    requirement: () => policy.requirement(question),
    login,
  });
  return found && shortageText(found, plan);
}
