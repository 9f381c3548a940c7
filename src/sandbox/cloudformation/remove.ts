/** Letting go of resources: in reverse order of dependency, each by its policy. */

import type { ResourceStatus } from '@aws-sdk/client-cloudformation';
import type { Cloud, Region } from '../cloud.ts';
import type { TemplateResource } from '../template/model.ts';
import { dependenciesOf, dependencyWaves } from '../template/references.ts';
import type { Stack, StackOperation, StackResource } from './model.ts';
import type { Fate } from './policies.ts';
import { deleteResource } from './provider.ts';
import { refuseIfOrdered } from './refusals.ts';
import { type Following, ResourceFailure } from './resource.ts';
import { recordResourceEvent, setResourceStatus } from './stack.ts';
import { type Completion, completion, type Failed, runWaves } from './waves.ts';

/** Resources of the stack in groups, dependents first, by what they were when they were deployed. */
export function removalWaves(stack: Stack, ids: Iterable<string> = stack.resources.keys()): string[][] {
  const definitions = new Map<string, TemplateResource>();
  for (const id of ids) {
    const resource = stack.resources.get(id);
    if (resource) definitions.set(id, resource.definition);
  }
  return dependencyWaves(definitions).reverse();
}

/** Such resources stay listed, as a deleted stack's resources do. */
const GONE: readonly string[] = ['DELETE_COMPLETE', 'DELETE_SKIPPED'];

/** A resource whose dependent could not be removed stays with it. */
function isNeeded(stack: Stack, logicalId: string, kept: ReadonlySet<string>): boolean {
  return [...kept].some((id) => {
    const dependent = stack.resources.get(id);
    return dependent !== undefined && dependenciesOf(dependent.definition).has(logicalId);
  });
}

/**
 * Lets go of resources of the stack and, where `fate` says so, removes them from the world.
 * A physical resource that is protected stays, as DELETE_FAILED; so do those that it needs. All others go.
 */
export function removeResources(
  cloud: Cloud,
  region: Region,
  stack: Stack,
  operation: StackOperation,
  waves: readonly (readonly string[])[],
  fate: (resource: StackResource) => Fate,
  ended: (failures: readonly Failed[]) => void,
): void {
  const kept = new Set<string>();
  const begin = (logicalId: string) => {
    const resource = stack.resources.get(logicalId);
    if (!resource || GONE.includes(resource.status)) return undefined;
    if (isNeeded(stack, logicalId, kept)) {
      kept.add(logicalId);
      return undefined;
    }
    if (resource.physicalId === '') {
      setResourceStatus(cloud, stack, resource, 'DELETE_COMPLETE');
      return undefined;
    }
    const write: Write = (...what) => setResourceStatus(cloud, stack, resource, ...what);
    try {
      return letGo({ cloud, region, stack }, resource, fate, write);
    } catch (error) {
      kept.add(logicalId);
      throw error;
    }
  };
  runWaves(cloud, stack, operation, waves, begin, ended, 'go on');
}

/** Removes physical resources that the stack no longer lists: those that were replaced. */
export function removeReplaced(
  cloud: Cloud,
  region: Region,
  stack: Stack,
  operation: StackOperation,
  replaced: readonly StackResource[],
  fate: (resource: StackResource) => Fate,
  ended: () => void,
): void {
  const begin = (index: string) => {
    const resource = replaced[Number(index)];
    if (!resource) return undefined;
    return letGo({ cloud, region, stack }, resource, fate, (...what) =>
      recordResourceEvent(cloud, stack, resource, ...what),
    );
  };
  runWaves(cloud, stack, operation, [replaced.map((_, index) => String(index))], begin, ended);
}

/** Writes down what becomes of a resource: in its row and as an event, or as an event alone. */
type Write = (status: ResourceStatus, reason?: string) => void;

/** Removes one physical resource, unless it is to stay. @throws ResourceFailure where its service refuses */
function letGo(
  placement: { readonly cloud: Cloud; readonly region: Region; readonly stack: Stack },
  resource: StackResource,
  fate: (resource: StackResource) => Fate,
  write: Write,
): Completion | undefined {
  if (fate(resource) === 'Retain') {
    write('DELETE_SKIPPED');
    return undefined;
  }
  write('DELETE_IN_PROGRESS');
  let following: Following | undefined;
  try {
    refuseIfOrdered(placement.region, placement.stack, resource.logicalId, 'delete');
    following = deleteResource(placement, resource);
  } catch (error) {
    if (error instanceof ResourceFailure) write('DELETE_FAILED', error.message);
    throw error;
  }
  return completion(following, () => write('DELETE_COMPLETE'));
}
