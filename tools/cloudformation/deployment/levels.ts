import type { Readers } from '../../define.ts';
import type {
  ChangeSet,
  Opinion,
  ResourceChange,
  Stack,
  StackResource,
  TemplateFacts,
} from '../../ports/cloudformation.ts';
import { every } from '../../ports/pages.ts';
import { inventory, NESTED_STACK, type OwnedResource } from '../stack/inventory.ts';
import { type Values, valuesOf } from './parameter-values.ts';
import { withoutUnmoved } from './unmoved.ts';
import { differing, factsOf } from './written-differences.ts';

/** A stack that a change set changes: the one that was asked for, or one that is nested in it. */
export interface Level {
  /** Logical ids of the nested stacks around it, outermost first; empty for the stack that was asked for. */
  readonly path: readonly string[];
  readonly stack: Stack;
  readonly creating: boolean;
  readonly changeSet: ChangeSet;
  /** The template that the stack runs; undefined for one that isn't created yet. */
  readonly present: TemplateFacts | undefined;
  readonly future: TemplateFacts;
  /** What the stack itself has now. */
  readonly resources: readonly StackResource[];
  /** What became of looking into each nested stack that stays, by its logical id. */
  readonly nested: ReadonlyMap<string, Looked>;
  /** All that is in each nested stack that is removed, by its logical id. */
  readonly removed: ReadonlyMap<string, readonly OwnedResource[]>;
  readonly opinions: readonly Opinion[];
}

/** The stack's own level first. */
export type Levels = readonly [Level, ...Level[]];

/** `listed`: its own changes are in a level of its own; `same`: AWS found none; `hidden`: nobody knows. */
export type Looked = 'listed' | 'same' | 'hidden';

/**
 * AWS's own limits are lower or far beyond what a person can judge; what is deeper or more stays `hidden`, which is
 * `unknown`.
 */
const LEVELS = 8;
const NESTED_SETS = 50;

/**
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_DescribeChangeSet.html: AWS has no code for it.
 */
export const NO_CHANGES = /didn't contain changes|No updates are to be performed/;

/**
 * The change set's own level first, then those of the stacks nested in it, to the leaves.
 * @param given the parameters of the call, as the record keeps them
 */
export async function readLevels(
  changeSet: ChangeSet,
  stack: Stack,
  readers: Readers,
  given: Readonly<Record<string, string>> = {},
): Promise<Levels> {
  const left = { sets: NESTED_SETS };
  return await levelsFrom([], changeSet, stack, readers, left, given);
}

async function levelsFrom(
  path: readonly string[],
  asAnswered: ChangeSet,
  stack: Stack,
  readers: Readers,
  left: { sets: number },
  given: Values = {},
): Promise<Levels> {
  const { cloudformation } = readers;
  const { stack_id } = stack;
  const changeSet = { ...asAnswered, changes: withoutUnmoved(asAnswered.changes) };
  const creating = stack.stack_status === 'REVIEW_IN_PROGRESS';
  const { before, after } = valuesOf(stack, changeSet, given);
  const future = await cloudformation.template(stack_id, changeSet.change_set_id, {
    stack_id,
    values: after,
    ...(creating ? { is_new: true } : {}),
  });
  const hidden_later = future.no_echo_parameters;
  const present = creating
    ? undefined
    : await cloudformation.template(stack_id, undefined, { stack_id, values: before, hidden_later });
  const nested = new Map<string, Looked>();
  const removed = new Map<string, readonly OwnedResource[]>();
  const below: Level[] = [];
  for (const change of changeSet.changes) {
    const { logical_id } = change;
    const inner = [...path, logical_id];
    if (change.action === 'Remove') {
      if (change.type === NESTED_STACK) removed.set(logical_id, await everythingIn(change, inner, readers));
    } else if (change.nested_change_set !== undefined) {
      const looked = await lookInto(change, stack_id, inner, readers, left);
      const mayBe = looked !== 'same' || (await staysSame(change, { present, future }, readers));
      const found = mayBe ? looked : 'hidden';
      nested.set(logical_id, typeof found === 'string' ? found : 'listed');
      if (typeof found !== 'string') below.push(...found);
    }
  }
  const resources = creating ? [] : await resourcesOf(stack_id, readers);
  return [{ path, stack, creating, changeSet, present, future, resources, nested, removed, opinions: [] }, ...below];
}

/** @param parent the ARN of the stack in which the nested one is */
async function lookInto(
  { action, physical_id, nested_change_set = '' }: ResourceChange,
  parent: string,
  path: readonly string[],
  readers: Readers,
  left: { sets: number },
): Promise<readonly Level[] | Looked> {
  left.sets -= 1;
  if (left.sets < 0 || path.length > LEVELS) return 'hidden';
  const changeSet = await readers.cloudformation.changeSet(undefined, nested_change_set);
  if (!changeSet) return 'hidden';
  // A change set of a stack that is elsewhere says nothing of this one; a new one has no id yet in every answer.
  if (changeSet.stack_id !== physical_id && !(action === 'Add' && physical_id === undefined)) return 'hidden';
  if (changeSet.status === 'FAILED' && NO_CHANGES.test(changeSet.status_reason ?? '')) return 'same';
  // Only the root can be executed: whatever the execution status of a nested one says until then, it isn't one that is
  // over.
  if (changeSet.status !== 'CREATE_COMPLETE' || /^(EXECUTE_|OBSOLETE)/.test(changeSet.execution_status))
    return 'hidden';
  const stack = await readers.cloudformation.stack(changeSet.stack_id);
  if (!stack || (stack.parent_id ?? parent) !== parent) return 'hidden';
  if (action === 'Add' && stack.stack_status !== 'REVIEW_IN_PROGRESS') return 'hidden';
  return await levelsFrom(path, changeSet, stack, readers, left);
}

/**
 * May a nested stack have no changes? It is the same where it gets the same parameters, and what is now at its address
 * is the template that it has. The attacker says so of one that is given another template.
 */
async function staysSame(
  { logical_id, physical_id = '', nested_change_set = '' }: ResourceChange,
  { present, future }: { readonly present: TemplateFacts | undefined; readonly future: TemplateFacts },
  { cloudformation }: Readers,
): Promise<boolean> {
  const [before, after] = [factsOf(present, logical_id), factsOf(future, logical_id)];
  const given = before && after ? differing(before, after) : [];
  if (given.length === 0) return true;
  if (given.some((name) => name !== 'TemplateURL')) return false;
  const was = await cloudformation.template(physical_id);
  return was.sha256 === (await cloudformation.template(physical_id, nested_change_set)).sha256;
}

/** A retained nested stack stays with all that it has. */
async function everythingIn(
  { physical_id, policy_action }: ResourceChange,
  path: readonly string[],
  readers: Readers,
): Promise<readonly OwnedResource[]> {
  if (policy_action === 'Retain' || !physical_id?.startsWith('arn:')) return [];
  if (!(await readers.cloudformation.stack(physical_id))) return [];
  return await inventory(physical_id, await readers.cloudformation.template(physical_id), readers, path);
}

async function resourcesOf(stackId: string, { cloudformation }: Readers): Promise<readonly StackResource[]> {
  return await every('ListStackResources', (cursor) => cloudformation.resources(stackId, cursor));
}
