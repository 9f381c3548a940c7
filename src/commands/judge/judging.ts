import type { Planned } from '../../../tools/define.ts';
import { createAws } from '../../aws/index.ts';
import { importsIn } from '../../aws/template/named-elsewhere.ts';
import { type Effect, effectsOf } from '../../kernel/effects.ts';
import { type Environment, type EnvironmentRules, environmentOf } from '../../kernel/environment.ts';
import { HoldshortError } from '../../kernel/errors.ts';
import type { Impact } from '../../kernel/plan.ts';
import { answerTo, type PolicyAnswer } from '../../policy/answer.ts';
import type { PolicyEngine } from '../../policy/engine.ts';
import type { Comparison } from '../../sandbox/comparison.ts';
import { startSandbox } from '../../sandbox/server.ts';
import { type Weighing, weigh } from '../../server/weighing.ts';
import { EXAMPLE_CREDENTIALS } from '../example-cloud.ts';
import type { Installation } from '../installation.ts';
import { NOBODY } from '../policy-explain.ts';
import { type Pair, prepared, unexpandedIn } from './pair.ts';

/** What policy makes of a change to a stack in `environment`. */
export interface Verdict extends Pick<PolicyAnswer, 'decision' | 'requirement' | 'refusal'> {
  readonly environment: Environment;
  /** The strictest of all that the change acts on: what isn't in the template may be anyone's. */
  readonly counts_as: Environment;
  /** Those of its effects that would not run at once, each by itself. Lines with them are why it is held. */
  readonly held_for: readonly Effect[];
}

export type Judged =
  | {
      readonly outcome: 'judged';
      /** Worst first; what is there is called by its logical id. */
      readonly impact: readonly Impact[];
      readonly effects: readonly Effect[];
      readonly verdicts: readonly Verdict[];
      /** Values of parameters that have none. */
      readonly stood_in: Readonly<Record<string, string>>;
      /** Parameters that are judged as taking their new default. */
      readonly defaults_changed: readonly string[];
    }
  | { readonly outcome: 'same' }
  /** In words that may repeat the templates. */
  | { readonly outcome: 'not_judged'; readonly why: string; readonly by_transform?: true };

export interface Judge {
  /** The policy that is asked. */
  readonly policy: PolicyEngine;
  /** Those of which a verdict is told. */
  readonly environments: readonly Environment[];
  judge(pair: Pair): Promise<Judged>;
  close(): Promise<void>;
}

/** Where the stack is that is deployed to. */
export interface JudgedPlace {
  readonly account: string;
  readonly region: string;
  /** Its name, by which the configuration's `environments` say where it counts; undefined: it counts as is asked. */
  readonly stack?: string | undefined;
}

/** Where nothing is said: an account that nobody has, in the region that most maps in templates know. */
export const NOWHERE: JudgedPlace = { account: '000000000000', region: 'us-east-1' };

const STACK = 'judged';

/** For an agent that asked for nothing before: what an empty store says. */
const NOTHING_BEFORE: Weighing['store'] = {
  // There is no store, and nothing is decided: freezes hold by this machine's clock.
  now: async () => new Date().toISOString(),
  news: async () => 0,
  asked: async () => ({ destructive_last_hour: 0, pending: 0 }),
  deletion: async () => undefined,
  unsettled: async () => [],
};

/** Where the configuration's own rules place a stack, as far as its name, account and region tell. */
function environmentsOf(config: EnvironmentRules, { account, region, stack }: JudgedPlace) {
  const names: Readonly<Record<string, string>> = stack === undefined ? {} : { stack_name: stack };
  return stack === undefined ? undefined : [environmentOf(config, [{ account, region, names, tags: {} }])];
}

/** Exports are there for what imports them, and say nothing; by their names alone they may be secret. */
function importedBy(
  { before, after }: Omit<Comparison, 'exports'>,
  { account, region, stack }: { readonly account: string; readonly region: string; readonly stack: string },
): readonly string[] {
  const stack_id = `arn:aws:cloudformation:${region}:${account}:stack/${stack}/0`;
  const sides = before ? [before, after] : [after];
  const names = sides.flatMap(({ template, parameters }) => [...importsIn(template, { stack_id, values: parameters })]);
  return [...new Set(names)];
}

/**
 * Judges templates as `cloudformation_deploy_stack` does, on an embedded cloud with nothing else in it: AWS is asked
 * nothing, and nothing is kept. Freezes and allow-lists don't count: this is no agent, and it may be asked any day.
 */
export async function startJudge(
  installation: Installation,
  asked: readonly Environment[],
  place: JudgedPlace,
): Promise<Judge> {
  const { stack = STACK } = place;
  const stored = { stack_name: stack };
  const [tools, policy, config] = await Promise.all([
    installation.tools(),
    installation.policy(),
    installation.rules(),
  ]);
  const tool = tools.find(({ name }) => name === 'cloudformation_deploy_stack');
  if (tool?.kind !== 'change') throw new HoldshortError('internal', 'there is no tool that deploys', 'report this');
  const sandbox = await startSandbox({ accountId: place.account, region: place.region });
  const aws = createAws({ endpoint: sandbox.endpoint, region: place.region, credentials: EXAMPLE_CREDENTIALS });

  const placed = environmentsOf(config, place);
  const environments = placed ?? asked;

  const answerIn = async (environment: Environment, planned: Planned) => {
    const asIsAsked = [{ name: environment, match: { stack_names: [stack] } }];
    const rules = {
      ...config,
      environments: placed ? config.environments : asIsAsked,
      agents: undefined,
      freezes: [],
    };
    const asking = { agent: NOBODY, operator: NOBODY, store: NOTHING_BEFORE };
    const installed = { rules: async () => rules, policy: async () => policy };
    const weighed = await weigh({ ...asking, ...installed }, tool, stored, planned, place);
    const { decision, requirement, refusal } = answerTo(policy, weighed.question);
    return { environment, counts_as: weighed.environment, decision, requirement, ...(refusal ? { refusal } : {}) };
  };

  const verdictIn = async (environment: Environment, planned: Planned): Promise<Verdict> => {
    const answer = await answerIn(environment, planned);
    const held_for: Effect[] = [];
    for (const effect of answer.decision === 'allow' ? [] : effectsOf(planned.impact)) {
      const alone = planned.impact.filter((line) => line.effect === effect);
      if ((await answerIn(environment, { ...planned, impact: alone })).decision !== 'allow') held_for.push(effect);
    }
    return { ...answer, held_for };
  };

  return {
    policy,
    environments,
    close: async () => await sandbox.close(),
    async judge(pair) {
      const transform = unexpandedIn(pair);
      if (transform !== undefined)
        return { outcome: 'not_judged', why: `what ${transform} makes of it, only AWS knows`, by_transform: true };
      const { comparison, stood_in, defaults_changed } = prepared(pair);
      const compared = sandbox.compare(stack, { ...comparison, exports: importedBy(comparison, { ...place, stack }) });
      if (compared.outcome === 'impossible') return { outcome: 'not_judged', why: compared.why };
      if (compared.outcome === 'same') return { outcome: 'same' };
      const { stackId: stack_id, changeSetId: id, names } = compared;
      const created_stack = pair.before === undefined;
      const made = { what: 'change set', id, stack_id, created_stack };
      const planned = await tool.plan(stored, await aws.readers(), made, config);
      const verdicts: Verdict[] = [];
      for (const environment of environments) verdicts.push(await verdictIn(environment, planned));
      const named = new Map([...names, [stack_id, 'the stack']]);
      const impact = planned.impact.map((line) => ({ ...line, resource: named.get(line.resource) ?? line.resource }));
      return { outcome: 'judged', impact, effects: effectsOf(impact), verdicts, stood_in, defaults_changed };
    },
  };
}
