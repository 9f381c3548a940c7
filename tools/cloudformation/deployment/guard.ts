import { digestOf, type Json, stableJson } from '../../../src/kernel/digest.ts';
import type { Guard } from '../../../src/kernel/plan.ts';
import type { ResourceChange, StackResource } from '../../ports/cloudformation.ts';
import { NESTED_STACK, type OwnedResource } from '../stack/inventory.ts';
import type { Level } from './levels.ts';

const LABEL = 'holdshort/guard/v1';

/**
 * All that a deployment's plan rests on. The same for two change sets that do the same: nothing in it is what planning
 * itself made.
 */
export function deploymentGuard(levels: readonly Level[]): Guard {
  const [root, ...nested] = levels;
  if (!root) return {};
  return {
    ...guardOf(root),
    nested_digest: nested.length > 0 ? digestOf(LABEL, nested.map(nestedText).join('\n')) : null,
  };
}

function guardOf({ creating, stack, present, future, changeSet, resources, removed }: Level): Guard {
  return {
    stack_id: creating ? null : stack.stack_id,
    stack_status: stack.stack_status,
    last_updated_time: (creating ? undefined : stack.last_updated_time) ?? null,
    template_sha256: present?.sha256 ?? null,
    new_template_sha256: future.sha256,
    drift_status: stack.drift?.status ?? null,
    resources: resources.length,
    resources_digest: digestOf(LABEL, resources.map(identity).sort().join('\n')),
    change_set_status: changeSet.status,
    change_set_execution_status: changeSet.execution_status,
    changes_digest: digestOf(LABEL, changesText(changeSet.changes)),
    removed_digest: digestOf(LABEL, [...removed.values()].flat().map(owned).sort().join('\n')),
  };
}

function nestedText(level: Level): string {
  return stableJson({ path: [...level.path], ...guardOf(level) });
}

function identity({ logical_id, physical_id, type, drift }: StackResource): string {
  return [logical_id, physical_id ?? '', type, drift ?? ''].join(' ');
}

function owned(resource: OwnedResource): string {
  return [...resource.path, identity(resource)].join('/');
}

/** The changes as one text, without the ids that are new with each change set, and in an order of our own. */
function changesText(changes: readonly ResourceChange[]): string {
  return changes
    .map(({ nested_change_set, physical_id, properties, scope, ...change }) => {
      // A nested stack that is to be added has an empty shell already, another one for each change set.
      const shell = change.action === 'Add' && change.type === NESTED_STACK;
      const plain: Json = {
        ...change,
        ...(physical_id === undefined || shell ? {} : { physical_id }),
        nested: nested_change_set !== undefined,
        scope: [...scope].sort(),
        properties: properties.map((property) => stableJson({ ...property })).sort(),
      };
      return stableJson(plain);
    })
    .sort()
    .join('\n');
}
