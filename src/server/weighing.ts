import type { ChangeTool, Planned, ReadTool } from '../../tools/define.ts';
import { amended } from '../kernel/amended.ts';
import { type Circumstances, recreatableOf, recreates } from '../kernel/circumstances.ts';
import type { Json } from '../kernel/digest.ts';
import { effectsOf } from '../kernel/effects.ts';
import { countsAs, type Environment, environmentOf } from '../kernel/environment.ts';
import { HoldshortError } from '../kernel/errors.ts';
import type { Lifecycle } from '../kernel/lifecycle.ts';
import { callDigest } from '../kernel/plan.ts';
import type { Rehearsal } from '../kernel/rehearsal.ts';
import type { Requirement } from '../kernel/requirement.ts';
import type { Restores } from '../kernel/undo.ts';
import type { PolicyEngine, PolicyQuestion } from '../policy/engine.ts';
import { questionFor, questionOf } from '../policy/question.ts';
import type { AgentStore, Grounds } from '../store/port.ts';
import type { ServerContext, ServerRules } from './context.ts';

/** What weighing a call needs; nothing in it writes. */
export type Weighing = Pick<ServerContext, 'agent' | 'operator' | 'rules' | 'policy'> & {
  readonly store: Pick<AgentStore, 'asked' | 'deletion' | 'news' | 'unsettled' | 'now'>;
};

interface Place {
  readonly account: string;
  readonly region: string;
}

/** What is known of a call beside its plan. */
interface Beside {
  readonly restores?: Restores | undefined;
  readonly rehearsal?: Rehearsal | undefined;
}

/** A planned change with everything that policy is asked about, and what it answered. */
export interface Weighed {
  /** The plan with what its circumstances add. */
  readonly planned: Planned;
  readonly call: string;
  readonly circumstances: Circumstances;
  /** What was read from the store to weigh it. */
  readonly grounds: Grounds;
  readonly environment: Environment;
  readonly rules: ServerRules;
  readonly policy: PolicyEngine;
  readonly question: PolicyQuestion;
  /** Undefined when nothing would make policy permit it. */
  readonly requirement: Requirement | undefined;
}

/**
 * The least that is asked where a ticket about the same isn't settled, whatever policy would allow: that someone has
 * looked.
 */
const SOMEBODY_LOOKED: Requirement = { approvals: 1, assurance: 'client', operator_may_approve: true };

export async function weigh(
  { agent, operator, store, ...installation }: Weighing,
  tool: ChangeTool,
  stored: Record<string, Json>,
  fresh: Planned,
  { account, region }: Place,
  { restores, rehearsal }: Beside = {},
): Promise<Weighed> {
  const news = await store.news();
  const of = restores && { restores: { ticket: restores.ticket, part: restores.part } };
  // Asked for with a rehearsal it is another call: the one that waits without would be no answer.
  const given = rehearsal ? { ...stored, rehearse: true } : stored;
  const call = callDigest({
    agent,
    operator,
    tool: tool.name,
    account,
    region,
    arguments: given,
    guard: fresh.guard,
    ...of,
  });
  const subject = {
    agent,
    tool: tool.name,
    account,
    region,
    arguments: stored,
    created_at: await store.now(),
    targets: [...fresh.targets],
    impact: fresh.impact,
    effects: [...effectsOf(fresh.impact)],
  };
  const { lifecycle } = fresh;
  const before = lifecycle && (await deletionBefore(store, lifecycle, { account, region }));
  const deletion = lifecycle && before?.found && recreates(lifecycle, before.found) ? before.found : undefined;
  const unsettled = await store.unsettled(subject);
  const asked = await store.asked(call);
  const circumstances = {
    asked,
    ...(deletion && { deletion }),
    ...(unsettled.length > 0 && { unsettled: [...unsettled] }),
  };
  const planned = amended(fresh, circumstances);
  demandDeclared(tool, planned);
  const { targets } = planned;
  const [rules, policy] = [await installation.rules(), await installation.policy()];
  const environment = countsAs(rules, { account, region, targets, restores });
  const plan = {
    agent,
    operator,
    tool: tool.name,
    account,
    region,
    environment,
    circumstances,
    effects: [...effectsOf(planned.impact)],
    impact: [...planned.impact],
    targets: [...targets],
    ...(planned.steps ? { steps: [...planned.steps] } : {}),
    ...(planned.undo ? { undo: planned.undo } : {}),
    ...(planned.snapshot_first ? { snapshot_first: planned.snapshot_first } : {}),
    ...(restores ? { restores } : {}),
    ...(rehearsal ? { rehearsal } : {}),
  };
  const question = questionOf(plan, rules, await store.now());
  const wanted = policy.requirement(question);
  const requirement = wanted?.approvals === 0 && unsettled.length > 0 ? SOMEBODY_LOOKED : wanted;
  const grounds = { news, subject, asked, unsettled, deletion: before };
  return { planned, call, circumstances, grounds, environment, rules, policy, question, requirement };
}

/**
 * Clients are told beforehand what a tool's plans can do, and may ask nobody about one that is announced as harmless:
 * an effect that wasn't announced doesn't become a ticket, nor run.
 */
function demandDeclared(tool: ChangeTool, { impact, steps = [] }: Planned): void {
  const surprise =
    effectsOf(impact).find((effect) => !tool.effects.includes(effect)) ??
    steps.find((step) => !tool.several?.tools.includes(step.tool))?.tool ??
    steps.find(({ action }) => action !== undefined && !tool.several?.actions?.includes(action))?.action;
  if (surprise === undefined) return;
  const message = `the plan has the effect or step ${surprise}, which ${tool.name} is not announced to have`;
  throw new HoldshortError('internal', message, 'report it to whoever runs holdshort; do not try another way');
}

/** The ticket that may make this plan the second half of deleting and recreating the same. */
async function deletionBefore(
  store: Weighing['store'],
  lifecycle: Lifecycle,
  place: Place,
): Promise<Grounds['deletion']> {
  const of = recreatableOf({ ...place, lifecycle });
  return of && { of, found: await store.deletion(of) };
}

/**
 * What a read asks policy. Its environment is that of what it names; what else it will read isn't known before.
 */
export async function readQuestion(
  { agent, operator, rules, store }: Omit<Weighing, 'policy'>,
  { name }: ReadTool,
  input: { readonly [key: string]: Json },
  place: Place,
): Promise<PolicyQuestion> {
  const named = Object.entries(input).flatMap(([key, value]) =>
    key.endsWith('_name') && typeof value === 'string' ? [[key, nameOf(value)]] : [],
  );
  const now = await rules();
  const environment = environmentOf(now, [{ ...place, names: Object.fromEntries(named), tags: {} }]);
  const call = { agent, operator, tool: name, environment, ...place, effects: ['read'] as const, resources: 0 };
  return questionFor(call, now, await store.now());
}

/** `arn:aws:SERVICE:REGION:ACCOUNT:KIND/NAME/UUID` → NAME. */
function nameOf(nameOrArn: string): string {
  return nameOrArn.startsWith('arn:') ? (nameOrArn.split('/')[1] ?? nameOrArn) : nameOrArn;
}
