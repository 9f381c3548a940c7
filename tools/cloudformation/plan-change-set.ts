import { type Json, sha256, stableJson } from '../../src/kernel/digest.ts';
import { EFFECTS, type Effect } from '../../src/kernel/effects.ts';
import type { Impact } from '../../src/kernel/plan.ts';
import { bounded } from '../../src/kernel/safe-text.ts';
import type { ChangeSet, ResourceChange, Stack, TemplateFacts } from '../ports/cloudformation.ts';
import { impactOf } from './change-effect.ts';
import { weakenedPolicies } from './deletion-policies.ts';
import { NESTED_STACK } from './stack-inventory.ts';
import { wrongState } from './stack-target.ts';
import type { StoredDeployment } from './stored-deployment.ts';

/** How the reader masks secrets. */
const MASKED = '****';

interface Deployment {
  readonly stored: StoredDeployment;
  readonly stack: Stack;
  readonly creating: boolean;
  readonly changeSet: ChangeSet;
  /** The template that the stack runs; undefined for one that isn't created yet. */
  readonly present: TemplateFacts | undefined;
  readonly future: TemplateFacts;
}

/** What executing a change set would do. Throws `wrong_state` when it can't be executed. */
export function planChangeSet(deployment: Deployment): {
  readonly summary: string;
  readonly impact: readonly Impact[];
} {
  const { stack, creating, changeSet, present, future } = deployment;
  if (changeSet.status !== 'CREATE_COMPLETE' || changeSet.execution_status !== 'AVAILABLE') {
    throw wrongState(
      `the change set is ${changeSet.status} and ${changeSet.execution_status}, not available for execution`,
      'ask again: a new change set is made',
    );
  }
  const policiesOf = (facts: TemplateFacts | undefined, id: string) =>
    facts && Object.hasOwn(facts.resources, id) ? facts.resources[id] : undefined;
  const changed = new Set(
    changeSet.changes.filter(({ action }) => action === 'Modify').map((change) => change.logical_id),
  );
  const impact = [
    ...changeSet.changes.map((change) =>
      impactOf(change, policiesOf(present, change.logical_id), policiesOf(future, change.logical_id)),
    ),
    // A policy alone isn't a change of the resource, and AWS lists none.
    ...Object.keys(present?.resources ?? {}).flatMap((id) =>
      changed.has(id) ? [] : policyLine(id, policiesOf(present, id), policiesOf(future, id)),
    ),
    ...stackLines(deployment),
  ].sort(byEffect);
  const verb = creating ? 'create' : 'update';
  return { summary: `${verb} stack ${stack.stack_name}: ${counted(impact)}`, impact };
}

/** The changes as one text, the same for two change sets that do the same: without their ids, and in an order of our own. */
export function changesText(changes: readonly ResourceChange[]): string {
  return changes
    .map(({ nested_change_set, properties, scope, ...change }) => {
      const plain: Json = {
        ...change,
        nested: nested_change_set !== undefined,
        scope: [...scope].sort(),
        properties: properties.map((property) => stableJson({ ...property })).sort(),
      };
      return stableJson(plain);
    })
    .sort()
    .join('\n');
}

function policyLine(id: string, before: Policies, after: Policies): readonly Impact[] {
  const weakened = weakenedPolicies(before, after);
  if (weakened.length === 0) return [];
  const type = after?.type ?? 'unknown';
  return [{ resource: id, type, effect: 'weaken', detail: `${id}: ${weakened.join('; ')}`, recoverable: true }];
}

type Policies = TemplateFacts['resources'][string] | undefined;

/** What happens to the stack itself: its tags, its parameters, and everything that isn't a resource's change. */
function stackLines({ stored, stack, creating, changeSet }: Deployment): readonly Impact[] {
  const line = { resource: stack.stack_id, type: NESTED_STACK, recoverable: true };
  const lines: Impact[] = [];
  // Rules that choose an environment match on tags: one that is added may choose a milder one as well as one that changes.
  const { tags = stack.tags } = stored;
  const touched = creating
    ? []
    : [...new Set([...Object.keys(stack.tags), ...Object.keys(tags)])].filter(
        (key) => !Object.hasOwn(tags, key) || !Object.hasOwn(stack.tags, key) || tags[key] !== stack.tags[key],
      );
  if (touched.length > 0) {
    const names = touched.map((key) => JSON.stringify(bounded(key, 40, sha256))).join(', ');
    lines.push({ ...line, effect: 'weaken', detail: `tags of the stack are added, changed or removed: ${names}` });
  }
  const parameters = creating ? [] : changedParameters(stored, stack, changeSet);
  if (changeSet.changes.length === 0) {
    // moto lists no change for an update of parameters alone, whatever it replaces.
    if (parameters.length > 0) {
      const detail = `AWS lists no resource that changes, although parameters do (${parameters.join(', ')})`;
      lines.push({ ...line, effect: 'unknown', detail, recoverable: false });
    } else if (lines.length === 0) {
      lines.push({
        ...line,
        effect: creating ? 'create' : 'modify',
        detail: 'no resource changes: only outputs, tags or descriptions',
      });
    }
  } else if (parameters.length > 0) {
    lines.push({ ...line, effect: 'modify', detail: `parameters change: ${parameters.join(', ')}` });
  }
  return lines;
}

/**
 * Parameters that aren't surely what they are now: as AWS has them in the change set, and where it masks or doesn't tell them, those that
 * the call gives.
 */
function changedParameters(
  { parameters = {} }: StoredDeployment,
  stack: Stack,
  changeSet: ChangeSet,
): readonly string[] {
  const present = new Map(stack.parameters.map(({ key, value }) => [key, value]));
  const future = new Map([
    ...Object.keys(parameters).map((key): [string, string] => [key, MASKED]),
    ...changeSet.parameters.map(({ key, value }): [string, string] => [key, value]),
  ]);
  return [...future].flatMap(([key, value]) => {
    const name = bounded(key, 80, sha256);
    if (value === MASKED) return Object.hasOwn(parameters, key) ? [`${name} (not shown)`] : [];
    const was = present.get(key);
    if (was === value) return [];
    const shown = (text: string) => JSON.stringify(bounded(text, 60, sha256));
    return [`${name} ${was === undefined ? 'new' : shown(was)} -> ${shown(value)}`];
  });
}

function byEffect(a: Impact, b: Impact): number {
  return (
    EFFECTS.indexOf(b.effect) - EFFECTS.indexOf(a.effect) ||
    (a.resource < b.resource ? -1 : a.resource > b.resource ? 1 : 0)
  );
}

const VERBS: Readonly<Record<Effect, string>> = {
  read: 'reads',
  create: 'creates',
  modify: 'modifies',
  disrupt: 'interrupts',
  expose: 'opens access with',
  weaken: 'weakens',
  replace: 'replaces',
  delete: 'deletes',
  unknown: 'does something that can not be told to',
};

function counted(impact: readonly Impact[]): string {
  const counts = [...EFFECTS].reverse().flatMap((effect) => {
    const count = impact.filter((line) => line.effect === effect).length;
    return count > 0 ? [`${VERBS[effect]} ${count}`] : [];
  });
  return counts.join(', ');
}
