import { EFFECTS, type Effect, isDestructive } from '../kernel/effects.ts';
import { ENVIRONMENTS, type Environment } from '../kernel/environment.ts';
import type { Requirement } from '../kernel/requirement.ts';
import { alike } from './alike.ts';
import type { PolicyEngine } from './engine.ts';
import { ORDINARY } from './question.ts';
import type { PolicyAction } from './schema.ts';

/** What a policy asks for in one environment, for the effects about which it says the same. */
export interface CheckRow {
  readonly environment: Environment;
  readonly effects: readonly Effect[];
  /** The effects in a word or two: `everything`, `destructive`, or their names. */
  readonly label: string;
  /** The tools for which it holds; empty when it is the same for all of them. */
  readonly tools: readonly string[];
  readonly requirement: Requirement | undefined;
}

type Answer = Pick<CheckRow, 'tools' | 'requirement'>;

/**
 * A policy as a table: each environment with each effect of each tool, asked one by one, and what is the same put
 * together.
 * @param text that of the policy
 * @param actions every tool there is
 */
export function checkRows(engine: PolicyEngine, text: string, actions: readonly PolicyAction[]): readonly CheckRow[] {
  const groups = alike(text, actions);
  return ENVIRONMENTS.flatMap((environment) => {
    const rows = new Map<string, { effects: Effect[]; answer: Answer }>();
    for (const effect of EFFECTS) {
      for (const answer of answersOf(engine, groups, actions, environment, effect)) {
        const key = JSON.stringify(answer);
        const row = rows.get(key) ?? { effects: [], answer };
        rows.set(key, row);
        row.effects.push(effect);
      }
    }
    return [...rows.values()].map(({ effects, answer }) => ({
      environment,
      effects,
      label: labelOf(effects),
      ...answer,
    }));
  });
}

/** One answer where all tools get the same, otherwise one for each that differs; tools in the registry's order. */
function answersOf(
  engine: PolicyEngine,
  groups: readonly (readonly PolicyAction[])[],
  actions: readonly PolicyAction[],
  environment: Environment,
  effect: Effect,
): readonly Answer[] {
  const asked = new Map<string, Requirement | undefined>();
  for (const group of groups) {
    const [first] = group;
    if (!first || (first.kind === 'read') !== (effect === 'read')) continue;
    const requirement = engine.requirement({
      agent: '-',
      operator: '-',
      tool: first.tool,
      environment,
      account: '000000000000',
      region: '-',
      effects: [effect],
      resources: 1,
      ...ORDINARY,
    });
    for (const { tool } of group) asked.set(tool, requirement);
  }
  const answers = new Map<string, { tools: string[]; requirement: Requirement | undefined }>();
  for (const { tool } of actions) {
    if (!asked.has(tool)) continue;
    const requirement = asked.get(tool);
    const key = JSON.stringify(requirement ?? null);
    const answer = answers.get(key) ?? { tools: [], requirement };
    answers.set(key, answer);
    answer.tools.push(tool);
  }
  return answers.size > 1 ? [...answers.values()] : [...answers.values()].map((answer) => ({ ...answer, tools: [] }));
}

function labelOf(effects: readonly Effect[]): string {
  const destructive = EFFECTS.filter(isDestructive);
  if (EFFECTS.every((effect) => effects.includes(effect))) return 'everything';
  const rest = effects.filter((effect) => !isDestructive(effect));
  return destructive.every((effect) => effects.includes(effect))
    ? [...rest, 'destructive'].join(', ')
    : effects.join(', ');
}
