import { type Json, stableJson } from '../../../../../src/kernel/digest.ts';
import { isSettings, member } from '../resource-settings.ts';
import { documentOf, entriesIn, isUnreadable, numberOf } from './reading.ts';

/** What is done one after the other, and what of it holds up what comes after. */
export interface Flow {
  /** All that is done, by name, and what it does, wherever it stands. Null: that part can't be told, and may be any. */
  readonly steps: ReadonlyMap<string, readonly (string | null)[]>;
  /** What holds up others, by name, with all that says how. */
  readonly gates: ReadonlyMap<string, string>;
  /** Is the second begun only after the first? */
  readonly holds: (gate: string, step: string) => boolean;
  /** What may be left out altogether. */
  readonly skipped: ReadonlySet<string>;
}

/** More than that isn't followed: nobody reads it, and it takes time. */
const MOST_STEPS = 500;

/** Categories of actions that do something, and hold up others by their order alone. All others let through, or not. */
const DOING = new Set(['Source', 'Build', 'Deploy', 'Compute']);

/**
 * On what an action acts, by its provider; of any other provider all counts as the same. How it does it (by which
 * template, with which input) doesn't tell two apart: the attacker writes the second one.
 * https://docs.aws.amazon.com/codepipeline/latest/userguide/action-reference.html
 */
const ACTS_ON: Readonly<Record<string, readonly string[]>> = {
  AppConfig: ['Application', 'Environment'],
  CloudFormation: ['StackName'],
  CloudFormationStackInstances: ['StackSetName'],
  CloudFormationStackSet: ['StackSetName'],
  CodeBuild: ['ProjectName'],
  CodeDeploy: ['ApplicationName', 'DeploymentGroupName'],
  CodeDeployToECS: ['ApplicationName', 'DeploymentGroupName'],
  ECS: ['ClusterName', 'ServiceName'],
  EKS: ['ClusterName'],
  ElasticBeanstalk: ['ApplicationName', 'EnvironmentName'],
  Lambda: ['FunctionName'],
  S3: ['BucketName'],
  StepFunctions: ['StateMachineArn'],
};

function actedOn(provider: string, configuration: Json | undefined): readonly (string | null)[] {
  const names = Object.hasOwn(ACTS_ON, provider) ? (ACTS_ON[provider] ?? []) : [];
  return names.map((name) => {
    const value = member(configuration, name);
    // A variable of the pipeline's may have any value: `#{Variables.Stack}`.
    return typeof value !== 'string' || isUnreadable(value) || value.includes('#{') ? null : value;
  });
}

/**
 * The stages of a pipeline. https://docs.aws.amazon.com/codepipeline/latest/userguide/reference-pipeline-structure.html
 */
export function actionsIn(value: Json | undefined): Flow | undefined {
  const stages = entriesIn(value);
  if (!stages) return undefined;
  const [steps, gates] = [new Map<string, readonly (string | null)[]>(), new Map<string, string>()];
  const at = new Map<string, readonly [number, number]>();
  const skipped = new Set<string>();
  for (const [place, stage] of stages.entries()) {
    const stageName = String(member(stage, 'Name'));
    const conditions = [member(stage, 'BeforeEntry'), member(stage, 'OnFailure')];
    if (conditions.some((one) => /"SKIP"/i.test(stableJson(one ?? null)))) skipped.add(stageName);
    for (const action of entriesIn(member(stage, 'Actions')) ?? []) {
      const name = `${stageName}/${String(member(action, 'Name'))}`;
      const type = member(action, 'ActionTypeId') ?? null;
      const category = String(member(type, 'Category'));
      // What an approval is told with doesn't say whether it waits.
      const how = category === 'Approval' ? null : (member(action, 'Configuration') ?? null);
      const provider = String(member(type, 'Provider'));
      const isDone = category !== 'Approval' && category !== 'Source';
      steps.set(name, isDone ? [provider, ...actedOn(provider, member(action, 'Configuration'))] : [name]);
      gates.set(name, DOING.has(category) ? '' : stableJson([type, how, member(action, 'Commands') ?? null]));
      at.set(name, [place, numberOf(member(action, 'RunOrder')) ?? 1]);
    }
  }
  const holds = (gate: string, step: string) => {
    const [[stage, order], [later, then]] = [at.get(gate) ?? [0, 0], at.get(step) ?? [0, 0]];
    return stage < later || (stage === later && order < then);
  };
  return { steps, gates, holds, skipped };
}

interface FlowStep {
  readonly does: string;
  readonly says: string;
  readonly kind: 'waits' | 'chooses' | 'fails' | 'does';
  readonly next: readonly string[];
}

/** A task that waits for an answer: https://docs.aws.amazon.com/step-functions/latest/dg/connect-to-resource.html */
export const WAITS = /\.waitForTaskToken\b|:activity:/;

/** A state machine, in Amazon States Language: https://states-language.net/ */
export function statesIn(value: Json | undefined): Flow | undefined {
  const document = documentOf(value);
  if (!isSettings(document) || !isSettings(document.States)) return undefined;
  const steps = new Map<string, FlowStep>();
  const start = machine(document, [], steps);
  return start === undefined ? undefined : followed(steps, start);
}

/** @param after what comes when it has ended */
function machine(value: Json, after: readonly string[], steps: Map<string, FlowStep>): string | undefined {
  const states = member(value, 'States');
  if (!isSettings(states) || steps.size > MOST_STEPS) return undefined;
  for (const [name, state] of Object.entries(states)) {
    if (!isSettings(state)) continue;
    const { Next, End, Comment, Catch, Default, Choices, Branches, Iterator: iterator, ItemProcessor, ...does } = state;
    const type = String(state.Type);
    const own = type === 'Fail' ? [] : typeof Next === 'string' ? [Next] : type === 'Choice' ? [] : after;
    // All branches are done before what comes after them; in which order doesn't matter to that.
    const inner = [...(entriesIn(Branches) ?? []), iterator, ItemProcessor].filter((one) => one !== undefined);
    const first = inner.reduceRight<readonly string[]>((then, one) => {
      const begun = machine(one, then, steps);
      return begun === undefined ? then : [begun];
    }, own);
    const chosen = [...(entriesIn(Choices) ?? []).map((one) => member(one, 'Next')), Default];
    const caught = (entriesIn(Catch) ?? []).map((one) => member(one, 'Next'));
    const waits = WAITS.test(String(state.Resource));
    steps.set(name, {
      does: stableJson({ ...does, ResultPath: null }),
      says: stableJson({ ...state, Comment: null }),
      kind: waits ? 'waits' : type === 'Choice' ? 'chooses' : type === 'Fail' ? 'fails' : 'does',
      next: [...first, ...chosen, ...caught].filter((one) => typeof one === 'string'),
    });
  }
  const start = member(value, 'StartAt');
  return typeof start === 'string' ? start : undefined;
}

/** Actions of Automation and Image Builder that wait for a person, or go on only if something holds. */
const ASKS = /^(aws:(approve|pause|assert|waitFor)\w*|WaitForAction)$/;

/**
 * A runbook of Automation, or a workflow of Image Builder.
 * https://docs.aws.amazon.com/systems-manager/latest/userguide/automation-actions.html
 * https://docs.aws.amazon.com/imagebuilder/latest/userguide/wfdoc-step-actions.html
 */
export function stepsIn(value: Json | undefined): Flow | undefined {
  const document = documentOf(value);
  const list = entriesIn(member(document, 'mainSteps') ?? member(document, 'steps'));
  if (!isSettings(document) || !list) return undefined;
  const names = list.map((step) => String(member(step, 'name')));
  const steps = new Map<string, FlowStep>();
  for (const [at, step] of list.entries()) {
    if (!isSettings(step)) continue;
    const { description, nextStep, isEnd, onFailure, onCancel, ...does } = step;
    const isBranch = step.action === 'aws:branch';
    const inputs = member(step, 'inputs');
    const chosen = [...(entriesIn(member(inputs, 'Choices')) ?? []).map((one) => member(one, 'NextStep'))];
    const following = String(isEnd) === 'true' ? undefined : (nextStep ?? names[at + 1]);
    const next = isBranch ? [...chosen, member(inputs, 'Default')] : [following];
    const jumps = [onFailure, onCancel].map((one) => /^step:(.+)$/.exec(String(one))?.[1]);
    steps.set(names[at] ?? '', {
      does: stableJson({ ...does, name: null }),
      says: stableJson({ ...step, description: null }),
      kind: ASKS.test(String(step.action)) ? 'waits' : isBranch ? 'chooses' : 'does',
      next: [...next, ...jumps].filter((one) => typeof one === 'string'),
    });
  }
  return followed(steps, names[0]);
}

/** What waits is a gate, and so is what chooses whether it is reached, or whether to give up. */
function followed(steps: ReadonlyMap<string, FlowStep>, start: string | undefined): Flow | undefined {
  if (steps.size > MOST_STEPS) return undefined;
  const reached = (from: readonly string[], without?: string) => {
    const [seen, left] = [new Set<string>(), from.filter((one) => one !== without)];
    for (let name = left.pop(); name !== undefined; name = left.pop()) {
      if (seen.has(name)) continue;
      seen.add(name);
      left.push(...(steps.get(name)?.next ?? []).filter((one) => one !== without));
    }
    return seen;
  };
  const kindOf = (name: string) => steps.get(name)?.kind;
  const isGate = ({ kind, next }: FlowStep) =>
    kind === 'waits' ||
    (kind === 'chooses' &&
      (next.some((one) => kindOf(one) === 'fails') || [...reached(next)].some((one) => kindOf(one) === 'waits')));
  const gates = new Map([...steps].flatMap(([name, step]) => (isGate(step) ? [[name, step.says] as const] : [])));
  const begin = start === undefined ? [] : [start];
  const ways = new Map<string, ReadonlySet<string>>();
  const all = reached(begin);
  const holds = (gate: string, step: string) => {
    const around = ways.get(gate) ?? reached(begin, gate);
    ways.set(gate, around);
    return !around.has(step);
  };
  const done = new Map([...steps].flatMap(([name, { does }]) => (all.has(name) ? [[name, [does]] as const] : [])));
  return { steps: done, gates, holds, skipped: new Set() };
}

/** Steps of a document as text that may hold up others, where the text can't be followed. */
export function mayHold(value: Json | undefined): boolean {
  return /waitForTaskToken|:activity:|aws:(approve|pause|assert|waitFor)|WaitForAction/.test(stableJson(value ?? null));
}
