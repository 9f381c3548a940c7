/** Letting go of resources: in reverse order of dependency, each by its policy. */

import type { Cloud, Region } from '../cloud.ts';
import type { TemplateResource } from '../template/document.ts';
import { dependenciesOf, dependencyWaves } from '../template/references.ts';
import type { Stack, StackOperation, StackResource } from './model.ts';
import type { Fate } from './policies.ts';
import { deleteResource } from './provider.ts';
import { refuseIfOrdered } from './refusals.ts';
import { type Following, ResourceFailure } from './resource.ts';
import { recordResourceEvent, setResourceStatus } from './stack.ts';
import { completion, type Failed, runWaves } from './waves.ts';

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
    if (fate(resource) === 'Retain') {
      setResourceStatus(cloud, stack, resource, 'DELETE_SKIPPED');
      return undefined;
    }
    setResourceStatus(cloud, stack, resource, 'DELETE_IN_PROGRESS');
    let following: Following | undefined;
    try {
      refuseIfOrdered(region, stack, resource.logicalId, 'delete');
      following = deleteResource({ cloud, region, stack }, resource);
    } catch (error) {
      kept.add(logicalId);
      if (error instanceof ResourceFailure) setResourceStatus(cloud, stack, resource, 'DELETE_FAILED', error.message);
      throw error;
    }
    return completion(following, () => setResourceStatus(cloud, stack, resource, 'DELETE_COMPLETE'));
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
    if (fate(resource) === 'Retain') {
      recordResourceEvent(cloud, stack, resource, 'DELETE_SKIPPED');
      return undefined;
    }
    recordResourceEvent(cloud, stack, resource, 'DELETE_IN_PROGRESS');
    let following: Following | undefined;
    try {
      refuseIfOrdered(region, stack, resource.logicalId, 'delete');
      following = deleteResource({ cloud, region, stack }, resource);
    } catch (error) {
      if (error instanceof ResourceFailure) recordResourceEvent(cloud, stack, resource, 'DELETE_FAILED', error.message);
      throw error;
    }
    return completion(following, () => recordResourceEvent(cloud, stack, resource, 'DELETE_COMPLETE'));
  };
  runWaves(cloud, stack, operation, [replaced.map((_, index) => String(index))], begin, ended);
}
