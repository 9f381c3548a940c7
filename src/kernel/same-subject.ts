import { stableJson } from './digest.ts';
import { asciiJson, type PlanRecord } from './plan.ts';
import { namesOf, type Target } from './target.ts';
import type { Unsettled } from './unsettled.ts';

/** What tells whether two plans are about the same. */
export type Subject = Pick<
  PlanRecord,
  'agent' | 'tool' | 'account' | 'region' | 'arguments' | 'targets' | 'effects' | 'created_at'
> & { readonly impact: readonly { readonly resource: string }[] };

/**
 * An agent that makes something once more, in other words, because it doesn't know whether the first came to be, does
 * it soon.
 */
const SOON_MS = 3_600_000;

/**
 * Is this call about what the unsettled ticket is about? The danger is the second effect: an agent that doesn't know
 * whether something happened asks for it once more. What has a target is known by it, whatever is done to it. What
 * makes something new has none: the same arguments count, no matter who asks, and any call of that tool by the same
 * agent soon after.
 */
export function isAboutTheSame(call: Subject, other: Subject & { readonly state: Unsettled['state'] }): boolean {
  if (call.account !== other.account || call.region !== other.region) return false;
  if (meet(changed(call), changed(other))) return true;
  if (call.tool !== other.tool || changed(call).length > 0) return false;
  if (stableJson(call.arguments) === stableJson(other.arguments)) return true;
  const soon = Date.parse(call.created_at) - Date.parse(other.created_at) < SOON_MS;
  return other.state === 'unknown' && call.agent === other.agent && soon;
}

/**
 * What every plan that is about the same as this call has: a store finds the few by it that are worth reading, of all
 * that are under way. `names`: its text has one of these, each as a sealed plan writes it between its quotes.
 * Otherwise: it is of this tool.
 */
export function signsOf(call: Subject): { readonly names: readonly string[] } | { readonly tool: string } {
  const targets = changed(call);
  if (targets.length === 0) return { tool: call.tool };
  const names = new Set(targets.flatMap((target) => [target.id, ...Object.values(namesOf(target))]));
  return { names: [...names].map((name) => asciiJson(name).slice(1, -1)) };
}

/**
 * The targets that are changed. Those of a creation only say where something new is put, and what is only reached as
 * whom it acts: two of them may well come into one place, or act as one role.
 */
function changed({ targets, impact, effects }: Subject): readonly Target[] {
  const named = targets.filter(
    (target) =>
      wholesOf(target).some((whole) => isWhole(target, whole)) ||
      (target.reached !== 'acts as' && impact.some(({ resource }) => resource === target.id)),
  );
  return named.length > 0 || effects.includes('create') ? named : targets;
}

/** A whole meets what is part of it; two parts of one whole don't meet for that. */
function meet(some: readonly Target[], others: readonly Target[]): boolean {
  const same = (a: Target, b: Target) =>
    a.id === b.id ||
    wholesOf(a).some((whole) => wholesOf(b).includes(whole) && (isWhole(a, whole) || isWhole(b, whole)));
  return some.some((one) => others.some((other) => same(one, other)));
}

/** Kind and name in one, to be compared. */
function wholesOf(target: Target): readonly string[] {
  return Object.entries(namesOf(target)).map(([kind, name]) => `${kind} ${name}`);
}

function isWhole({ name }: Target, whole: string): boolean {
  return whole.slice(whole.indexOf(' ') + 1) === name;
}
