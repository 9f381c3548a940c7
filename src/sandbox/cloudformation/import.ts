/**
 * Taking what exists under a stack's management.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/import-resources-manually.html
 */

import type { Change, ResourceToImport } from '@aws-sdk/client-cloudformation';
import type { Cloud, Region } from '../cloud.ts';
import { instancesIn, volumesIn } from '../ec2/state.ts';
import { resolveObject } from '../template/resolve.ts';
import { validationError } from '../wire/failure.ts';
import { planChanges } from './changes.ts';
import { applyDeployment } from './deployment.ts';
import type { Deployment, Stack, StackResource } from './model.ts';
import { stackScope } from './scope.ts';
import { setResourceStatus, setStackStatus } from './stack.ts';
import { identifiersIn, stacksIn } from './state.ts';

/** @throws ApiFailure ValidationError for what AWS refuses at once */
export function checkImport({
  type,
  imports,
  deployment,
}: {
  type: string;
  imports: readonly ResourceToImport[];
  deployment: Deployment;
}): void {
  if (type !== 'IMPORT') {
    if (imports.length > 0) throw validationError('ResourcesToImport can only be specified for ChangeSetType IMPORT');
    return;
  }
  if (imports.length === 0) throw validationError('ResourcesToImport must be specified for ChangeSetType IMPORT');
  for (const { LogicalResourceId: id = '', ResourceType } of imports) {
    const definition = deployment.template.resources.get(id);
    if (definition?.type !== ResourceType)
      throw validationError(
        `As part of the import operation, the template has no resource ${id} of type ${ResourceType}`,
      );
    if (definition?.deletionPolicy === undefined)
      throw validationError(
        `Resources [${id}] to import must have DeletionPolicy attribute specified in the template.`,
      );
  }
}

function physicalIdOf({ ResourceIdentifier = {} }: ResourceToImport): string {
  return Object.values(ResourceIdentifier).join('|');
}

function exists(region: Region, type: string, physicalId: string): boolean {
  if (type === 'AWS::EC2::Instance')
    return (instancesIn(region).get(physicalId)?.state ?? 'terminated') !== 'terminated';
  if (type === 'AWS::EC2::Volume') return volumesIn(region).has(physicalId);
  return identifiersIn(region).has(`${type} ${physicalId}`);
}

/** @throws ApiFailure ValidationError: the change set fails with it */
export function planImport(
  cloud: Cloud,
  region: Region,
  stack: Stack,
  deployment: Deployment,
  imports: readonly ResourceToImport[],
): { changes: Change[]; effective: boolean } {
  const wanted = new Map(imports.map((one) => [one.LogicalResourceId ?? '', one]));
  const { changes } = planChanges(cloud, region, stack, deployment);
  const others = changes.filter(({ ResourceChange }) => !wanted.has(ResourceChange?.LogicalResourceId ?? ''));
  if (others.length > 0) {
    const ids = others.map(({ ResourceChange }) => ResourceChange?.LogicalResourceId).join(', ');
    throw validationError(
      `You have modified resources [${ids}] in your template that are not being imported. Update, create or delete operations cannot be executed during import operations.`,
    );
  }
  for (const [id, one] of wanted) {
    const physicalId = physicalIdOf(one);
    const type = one.ResourceType ?? '';
    const owner = [...stacksIn(region).values()].find(
      ({ status, resources }) =>
        status !== 'DELETE_COMPLETE' &&
        [...resources.values()].some((resource) => resource.type === type && resource.physicalId === physicalId),
    );
    if (owner) throw validationError(`Resource ${physicalId} already exists in stack ${owner.id}`);
    if (!exists(region, type, physicalId))
      throw validationError(`Resource of type '${type}' with identifier '${physicalId}' was not found. (${id})`);
  }
  const imported = changes.map(({ ResourceChange }): Change => {
    const one = wanted.get(ResourceChange?.LogicalResourceId ?? '');
    return {
      Type: 'Resource',
      ResourceChange: { ...ResourceChange, Action: 'Import', PhysicalResourceId: one && physicalIdOf(one) },
    };
  });
  return { changes: imported, effective: true };
}

export function startImport(
  cloud: Cloud,
  region: Region,
  stack: Stack,
  deployment: Deployment,
  options: {
    token: string | undefined;
    imports: readonly ResourceToImport[];
    finished: (succeeded: boolean) => void;
  },
): void {
  const operation = { token: options.token };
  applyDeployment(stack, deployment);
  stack.current = operation;
  stack.updatedAt = new Date(cloud.time());
  setStackStatus(cloud, stack, 'IMPORT_IN_PROGRESS', 'User Initiated');
  const { template, parameters } = deployment;
  for (const one of options.imports) {
    const logicalId = one.LogicalResourceId ?? '';
    const definition = template.resources.get(logicalId);
    if (!definition) continue;
    const scope = (masked: boolean) =>
      stackScope(cloud, region, stack, { template, parameters, masked }, stack.resources);
    const resource: StackResource = {
      logicalId,
      type: definition.type,
      physicalId: physicalIdOf(one),
      definition,
      properties: resolveObject(definition.properties, scope(false)),
      shown: resolveObject(definition.properties, scope(true)),
      status: 'IMPORT_IN_PROGRESS',
      reason: undefined,
      at: new Date(cloud.time()),
    };
    stack.resources.set(logicalId, resource);
    setResourceStatus(cloud, stack, resource, 'IMPORT_IN_PROGRESS', 'Resource import started.');
  }
  cloud.after(cloud.latencyMs, () => {
    if (stack.current !== operation) return;
    for (const { LogicalResourceId = '' } of options.imports) {
      const resource = stack.resources.get(LogicalResourceId);
      if (resource) setResourceStatus(cloud, stack, resource, 'IMPORT_COMPLETE', 'Resource import completed.');
    }
    setStackStatus(cloud, stack, 'IMPORT_COMPLETE');
    stack.current = undefined;
    options.finished(true);
  });
}
