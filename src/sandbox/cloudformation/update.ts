import type { Cloud, Region } from '../cloud.ts';
import { dependencyWaves } from '../template/references.ts';
import { ApiFailure } from '../wire/failure.ts';
import { recordFailures, settleOutputs } from './create.ts';
import { applyDeployment } from './deployment.ts';
import type { Deployment, Finished, Snapshot, Stack, StackOperation, StackResource, Undo } from './model.ts';
import { placeResource } from './place.ts';
import { deletionFate, replacementFate } from './policies.ts';
import { updateResource } from './provider.ts';
import { refuseIfOrdered } from './refusals.ts';
import { removalWaves, removeReplaced, removeResources } from './remove.ts';
import { handlerOf } from './resource.ts';
import { presentResources, stackScope } from './scope.ts';
import { recordResourceEvent, setResourceStatus, setStackStatus } from './stack.ts';
import { deniedRemovals } from './stack-policy.ts';
import { runWaves } from './waves.ts';

function snapshot(stack: Stack): Snapshot | undefined {
  const { template, parameters, tags, capabilities, roleArn, notificationArns, rollbackConfiguration } = stack;
  if (!template) return undefined;
  const given = { template, parameters, tags, capabilities, roleArn };
  const deployment = { ...given, notificationArns, rollbackConfiguration };
  return { deployment, resources: new Map(stack.resources) };
}

/**
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/stack-failure-options.html: the default undoes
 * everything
 */
export function rollBack(
  cloud: Cloud,
  region: Region,
  stack: Stack,
  operation: StackOperation,
  { before, surplus }: Undo,
  reason: string,
): void {
  setStackStatus(cloud, stack, 'UPDATE_ROLLBACK_IN_PROGRESS', reason);
  // What failed may have been changed in part, and is put back too.
  const touched = [...stack.resources].filter(
    ([id, resource]) => before.resources.get(id) !== resource || resource.status === 'UPDATE_FAILED',
  );
  applyDeployment(stack, before.deployment);
  const begin = (id: string) => {
    const now = stack.resources.get(id);
    const then = before.resources.get(id);
    if (then) recordResourceEvent(cloud, stack, then, 'UPDATE_IN_PROGRESS');
    if (then) refuseIfOrdered(region, stack, id, 'rollback');
    if (now && now.physicalId !== '' && now.physicalId !== then?.physicalId) surplus.push(now);
    if (!then) {
      stack.resources.delete(id);
      return undefined;
    }
    const place = { cloud, region, stack };
    const own = handlerOf(cloud, then.type)?.rollBack;
    if (own) own(place, then.physicalId);
    else if (now?.physicalId === then.physicalId) updateResource(place, then.physicalId, then);
    stack.resources.set(id, then);
    then.status = 'UPDATE_IN_PROGRESS';
    return () => setResourceStatus(cloud, stack, then, 'UPDATE_COMPLETE');
  };
  const ids = touched.map(([id]) => id);
  runWaves(cloud, stack, operation, [ids], begin, (failures) => {
    if (failures.length > 0) {
      setStackStatus(cloud, stack, 'UPDATE_ROLLBACK_FAILED', recordFailures(cloud, stack, failures, 'update'));
      stack.current = undefined;
      return;
    }
    setStackStatus(cloud, stack, 'UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS');
    const fate = (resource: StackResource) => deletionFate(resource.definition, true);
    removeReplaced(cloud, region, stack, operation, surplus, fate, () => {
      setStackStatus(cloud, stack, 'UPDATE_ROLLBACK_COMPLETE');
      stack.current = undefined;
      stack.undo = undefined;
    });
  });
}

function cleanUp(
  cloud: Cloud,
  region: Region,
  stack: Stack,
  operation: StackOperation,
  gone: { replaced: readonly StackResource[]; removed: readonly string[] },
): void {
  const newFate = ({ logicalId, definition }: StackResource) =>
    replacementFate(stack.template?.resources.get(logicalId) ?? definition);
  const fate = ({ definition }: StackResource) => deletionFate(definition);
  removeReplaced(cloud, region, stack, operation, gone.replaced, newFate, () => {
    const waves = removalWaves(stack, gone.removed);
    removeResources(cloud, region, stack, operation, waves, fate, (failures) => {
      // What can't be deleted in the clean-up leaves the stack all the same; it is then nobody's.
      for (const id of gone.removed) stack.resources.delete(id);
      const reason = failures.length > 0 ? 'Update successful. One or more resources could not be deleted.' : undefined;
      setStackStatus(cloud, stack, 'UPDATE_COMPLETE', reason);
      stack.current = undefined;
      stack.undo = undefined;
    });
  });
}

/**
 * Begins an update: adds and changes first, then, in the clean-up, removes what was replaced and what the template
 * dropped.
 */
export function startUpdate(
  cloud: Cloud,
  region: Region,
  stack: Stack,
  deployment: Deployment,
  options: { token: string | undefined; disableRollback: boolean; finished?: Finished },
): void {
  // A stack whose update failed goes back to what it was before that.
  const before = stack.undo?.before ?? snapshot(stack);
  if (!before) return;
  const undo: Undo = { before, finished: options.finished, surplus: [] };
  stack.undo = undo;
  const operation: StackOperation = { token: options.token };
  const tagsChanged = JSON.stringify(stack.tags) !== JSON.stringify(deployment.tags);
  applyDeployment(stack, deployment);
  stack.current = operation;
  stack.updatedAt = new Date(cloud.time());
  setStackStatus(cloud, stack, 'UPDATE_IN_PROGRESS', 'User Initiated');
  const { template, parameters } = deployment;
  const present = presentResources(stackScope(cloud, region, stack, { template, parameters }, stack.resources));
  const placement = { cloud, region, stack, tagsChanged, replaced: [] as StackResource[] };
  const fail = (reason: string) => {
    options.finished?.(false);
    if (!options.disableRollback) return rollBack(cloud, region, stack, operation, undo, reason);
    setStackStatus(cloud, stack, 'UPDATE_FAILED', reason);
    stack.current = undefined;
  };
  const begin = (id: string) => placeResource(placement, id);
  const kept = deniedRemovals(stack, present);
  if (kept.length > 0) {
    fail(recordFailures(cloud, stack, kept, 'update'));
    return;
  }
  runWaves(cloud, stack, operation, dependencyWaves(present), begin, (failures) => {
    if (failures.length > 0) return fail(recordFailures(cloud, stack, failures, 'update'));
    try {
      settleOutputs(cloud, region, stack);
    } catch (error) {
      if (!(error instanceof ApiFailure)) throw error;
      return fail(error.message);
    }
    setStackStatus(cloud, stack, 'UPDATE_COMPLETE_CLEANUP_IN_PROGRESS');
    options.finished?.(true);
    const removed = [...stack.resources.keys()].filter((id) => !present.has(id));
    cleanUp(cloud, region, stack, operation, { replaced: placement.replaced, removed });
  });
}
