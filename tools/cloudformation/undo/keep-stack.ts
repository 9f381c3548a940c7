import type { Json } from '../../../src/kernel/digest.ts';
import { HoldshortError } from '../../../src/kernel/errors.ts';
import type { KitCall } from '../../../src/kernel/kit.ts';
import type { PlanRecord } from '../../../src/kernel/plan.ts';
import type { StackAsItIs } from '../../ports/cloudformation-keeper.ts';
import { hideCredentials } from '../../ports/credentials.ts';
import type { Keepers, ToKeep } from '../../ports/keepers.ts';
import { hideValue } from '../../ports/redaction.ts';
import { NESTED_STACK } from '../stack/inventory.ts';
import { policyProblem } from '../stack/policy.ts';
import { stackIdOf } from '../stack/target.ts';
import { settingsOf } from './settings.ts';

/** How many levels of nested stacks are kept, and how many stacks in all. */
const [LEVELS, STACKS] = [8, 100];

/** A stack that is about to be deleted, and the calls that make it again. */
export async function keepForCreation(plan: Pick<PlanRecord, 'targets'>, keepers: Keepers): Promise<ToKeep> {
  const stack = await keepers.cloudformation.stack(stackIdOf(plan));
  const { stack_name, stack_policy } = stack;
  const guard = stack_policy !== undefined && isGivable(stack_policy) ? [setPolicy(stack_name, stack_policy)] : [];
  return {
    calls: [deploy(stack, stack_name), ...guard],
    as_it_was: await asItWas(stack, keepers),
  };
}

/** A stack that is about to be changed, and the call that makes it as it was. */
export async function keepForUpdate(plan: Pick<PlanRecord, 'targets'>, keepers: Keepers): Promise<ToKeep> {
  const stack = await keepers.cloudformation.stack(stackIdOf(plan));
  return { calls: [deploy(stack, stack.stack_id)], as_it_was: await asItWas(stack, keepers) };
}

/** Parameters that AWS doesn't tell are left out: they keep their value, or the person who restores gives one. */
function deploy({ template, parameters, tags, capabilities }: StackAsItIs, stack_name: string): KitCall {
  return {
    tool: 'cloudformation_deploy_stack',
    arguments: {
      stack_name,
      template_body: template,
      ...(Object.keys(parameters).length > 0 ? { parameters: { ...parameters } } : {}),
      // Those that AWS and Holdshort set aren't to be given, and those that read like a secret are taken by no tool.
      tags: Object.fromEntries(
        Object.entries(tags).filter(
          ([key, value]) => !/^(aws|holdshort):/i.test(key) && hideValue(key, value) === value,
        ),
      ),
      ...(capabilities.length > 0 ? { capabilities: [...capabilities] } : {}),
    },
  };
}

/** Does the tool take this policy? One that reads like a secret it doesn't. */
export function isGivable(policy: string): boolean {
  return policyProblem(policy) === undefined && hideCredentials(policy) === policy;
}

export function setPolicy(stack_name: string, stack_policy_body: string): KitCall {
  return { tool: 'cloudformation_set_stack_policy', arguments: { stack_name, stack_policy_body } };
}

async function asItWas(stack: StackAsItIs, keepers: Keepers): Promise<Json> {
  const nested = await nestedStacks(stack, keepers);
  const settings = await settingsOf([stack, ...nested.flatMap(allIn)], keepers);
  return JSON.parse(JSON.stringify({ ...stack, nested, settings })) as Json;
}

/** A nested stack that is told, and those in it. */
function allIn(one: NestedAsItIs): readonly Pick<StackAsItIs, 'resources'>[] {
  return 'left_out' in one ? [] : [one, ...one.nested.flatMap(allIn)];
}

/** What is in a nested stack, or why that isn't told. */
export type NestedAsItIs = { readonly logical_id: string } & (
  | (StackAsItIs & { readonly nested: readonly NestedAsItIs[] })
  | { readonly stack_id: string; readonly left_out: string }
);

/** The stacks nested in this one, to the leaves. */
export async function nestedStacks(stack: StackAsItIs, keepers: Keepers): Promise<readonly NestedAsItIs[]> {
  return await nestedIn(stack, keepers, LEVELS, { stacks: STACKS });
}

async function nestedIn(
  { resources }: StackAsItIs,
  keepers: Keepers,
  levels: number,
  left: { stacks: number },
): Promise<readonly NestedAsItIs[]> {
  const kept: NestedAsItIs[] = [];
  for (const { type, physical_id, logical_id, status } of resources) {
    if (type !== NESTED_STACK || !physical_id?.startsWith('arn:') || /^DELETE_(COMPLETE|SKIPPED)$/.test(status))
      continue;
    left.stacks -= 1;
    if (levels === 0 || left.stacks < 0) {
      kept.push({ logical_id, stack_id: physical_id, left_out: 'too many nested stacks' });
      continue;
    }
    const inner = await unlessGone(keepers.cloudformation.stack(physical_id));
    if (!inner) {
      kept.push({ logical_id, stack_id: physical_id, left_out: 'it is gone' });
      continue;
    }
    kept.push({ logical_id, ...inner, nested: await nestedIn(inner, keepers, levels - 1, left) });
  }
  return kept;
}

async function unlessGone<T>(found: Promise<T>): Promise<T | undefined> {
  return await found.catch((error: unknown) => {
    if (error instanceof HoldshortError && error.code === 'not_found') return undefined;
    throw error;
  });
}
