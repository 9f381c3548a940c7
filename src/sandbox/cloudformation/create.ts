import type { Cloud, Region } from '../cloud.ts';
import { dependencyWaves } from '../template/references.ts';
import { ApiFailure } from '../wire/failure.ts';
import { applyDeployment } from './deployment.ts';
import { importsOf, stackOutputs } from './exports.ts';
import type { Deployment, Stack, StackOperation } from './model.ts';
import { placeResource } from './place.ts';
import { deletionFate } from './policies.ts';
import { removalWaves, removeResources } from './remove.ts';
import { presentResources, stackScope } from './scope.ts';
import { recordResourceEvent, setResourceStatus, setStackStatus } from './stack.ts';
import { type Failed, runWaves } from './waves.ts';

export type OnFailure = 'ROLLBACK' | 'DELETE' | 'DO_NOTHING';

/**
 * Marks the resources that failed and says which in the words of a stack's status reason. What an update adds fails as
 * a creation does.
 */
export function recordFailures(
  cloud: Cloud,
  stack: Stack,
  failures: readonly Failed[],
  verb: 'create' | 'update',
): string {
  const failed = { create: new Set<string>(), update: new Set<string>() };
  for (const { logicalId, reason } of failures) {
    const resource = stack.resources.get(logicalId);
    const isNew = verb === 'create' || !resource || resource.status === 'CREATE_IN_PROGRESS';
    const status = isNew ? 'CREATE_FAILED' : 'UPDATE_FAILED';
    failed[isNew ? 'create' : 'update'].add(logicalId);
    const type = stack.template?.resources.get(logicalId)?.type ?? '';
    if (resource) setResourceStatus(cloud, stack, resource, status, reason);
    // One whose properties couldn't be worked out isn't there at all.
    else recordResourceEvent(cloud, stack, { logicalId, type, physicalId: '' }, status, reason);
  }
  return Object.entries(failed)
    .filter(([, names]) => names.size > 0)
    .map(([what, names]) => `The following resource(s) failed to ${what}: [${[...names].join(', ')}]. `)
    .join('');
}

/** Evaluates outputs, exports and imports of the stack as it stands. @throws ApiFailure */
export function settleOutputs(cloud: Cloud, region: Region, stack: Stack): void {
  if (!stack.template) return;
  const { template, parameters, resources } = stack;
  const scope = stackScope(cloud, region, stack, { template, parameters }, resources);
  const { outputs, exports } = stackOutputs(region, stack, scope);
  const present = [...presentResources(scope).values()];
  stack.imports = new Set(present.flatMap(({ properties }) => importsOf(properties, scope)));
  stack.outputs = outputs;
  stack.exports = exports;
}

export function undo(
  cloud: Cloud,
  region: Region,
  stack: Stack,
  operation: StackOperation,
  reason: string,
  mode: OnFailure,
): void {
  if (mode === 'DO_NOTHING') {
    setStackStatus(cloud, stack, 'CREATE_FAILED', reason);
    stack.current = undefined;
    return;
  }
  const [doing, done] =
    mode === 'DELETE'
      ? (['DELETE_IN_PROGRESS', 'DELETE_COMPLETE'] as const)
      : (['ROLLBACK_IN_PROGRESS', 'ROLLBACK_COMPLETE'] as const);
  setStackStatus(cloud, stack, doing, `${reason}${mode === 'DELETE' ? 'Delete' : 'Rollback'} requested by user.`);
  const fate = (resource: { definition: Parameters<typeof deletionFate>[0] }) =>
    deletionFate(resource.definition, true);
  removeResources(cloud, region, stack, operation, removalWaves(stack), fate, (failures) => {
    const failed = mode === 'DELETE' ? 'DELETE_FAILED' : 'ROLLBACK_FAILED';
    setStackStatus(cloud, stack, failures.length > 0 ? failed : done);
    if (stack.status === 'DELETE_COMPLETE') stack.deletedAt = new Date(cloud.time());
    stack.current = undefined;
  });
}

/**
 * Begins to create a stack that is new or in review.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/view-stack-events.html
 */
export function startCreate(
  cloud: Cloud,
  region: Region,
  stack: Stack,
  deployment: Deployment,
  options: { token: string | undefined; onFailure: OnFailure; finished?: (succeeded: boolean) => void },
): void {
  const operation: StackOperation = { token: options.token };
  applyDeployment(stack, deployment);
  stack.current = operation;
  setStackStatus(cloud, stack, 'CREATE_IN_PROGRESS', 'User Initiated');
  const { template, parameters } = deployment;
  const present = presentResources(stackScope(cloud, region, stack, { template, parameters }, stack.resources));
  const placement = { cloud, region, stack, tagsChanged: false, replaced: [] };
  const fail = (reason: string) => {
    options.finished?.(false);
    undo(cloud, region, stack, operation, reason, options.onFailure);
  };
  const begin = (id: string) => placeResource(placement, id);
  runWaves(cloud, stack, operation, dependencyWaves(present), begin, (failures) => {
    if (failures.length > 0) return fail(recordFailures(cloud, stack, failures, 'create'));
    try {
      settleOutputs(cloud, region, stack);
    } catch (error) {
      if (!(error instanceof ApiFailure)) throw error;
      return fail(`${error.message}. `);
    }
    setStackStatus(cloud, stack, 'CREATE_COMPLETE');
    stack.current = undefined;
    options.finished?.(true);
  });
}
