/** Brings one resource of a stack to what its template says: makes it, changes it, replaces it, or leaves it. */

import { resolveObject, sameValue } from '../template/resolve.ts';
import { validationError } from '../wire/failure.ts';
import { executionReplaces, propertyChanges } from './difference.ts';
import type { StackResource } from './model.ts';
import { createResource, updateResource } from './provider.ts';
import { refuseIfOrdered } from './refusals.ts';
import { handlerOf, type Place, ResourceFailure, type ResourceHandler } from './resource.ts';
import { stackScope } from './scope.ts';
import { recordResourceEvent, setResourceStatus } from './stack.ts';
import { checkPolicy } from './stack-policy.ts';
import { type Completion, completion } from './waves.ts';

export interface Placement extends Place {
  /** Whether the stack's own tags differ from those of the last deployment. */
  readonly tagsChanged: boolean;
  /** Filled with the resources that were replaced: they are removed, or kept, when everything else is done. */
  readonly replaced: StackResource[];
}

function desired({ cloud, region, stack }: Placement, logicalId: string): StackResource {
  const template = stack.template;
  const definition = template?.resources.get(logicalId);
  if (!template || !definition) throw validationError(`Resource ${logicalId} does not exist in the template`);
  const { parameters, resources } = stack;
  const scope = stackScope(cloud, region, stack, { template, parameters }, resources);
  const shownScope = stackScope(cloud, region, stack, { template, parameters, masked: true }, resources);
  return {
    logicalId,
    type: definition.type,
    physicalId: '',
    definition,
    properties: resolveObject(definition.properties, scope),
    shown: resolveObject(definition.properties, shownScope),
    status: 'CREATE_IN_PROGRESS',
    reason: undefined,
    at: new Date(cloud.time()),
  };
}

function create(placement: Placement, wanted: StackResource): Completion {
  const { cloud, region, stack } = placement;
  recordResourceEvent(cloud, stack, wanted, 'CREATE_IN_PROGRESS');
  let created: ReturnType<typeof createResource>;
  try {
    refuseIfOrdered(region, stack, wanted.logicalId, 'create');
    created = createResource(placement, wanted);
  } catch (error) {
    // A resource that could not be made is still listed, without a physical id.
    stack.resources.set(wanted.logicalId, wanted);
    throw error;
  }
  const made = { ...wanted, physicalId: created.physicalId };
  stack.resources.set(made.logicalId, made);
  setResourceStatus(cloud, stack, made, 'CREATE_IN_PROGRESS', 'Resource creation Initiated');
  return completion(created.following, () => setResourceStatus(cloud, stack, made, 'CREATE_COMPLETE'));
}

function replace(placement: Placement, before: StackResource, wanted: StackResource): Completion {
  const { cloud, region, stack, replaced } = placement;
  const reason = 'Requested update requires the creation of a new physical resource; hence creating one.';
  recordResourceEvent(cloud, stack, before, 'UPDATE_IN_PROGRESS', reason);
  refuseIfOrdered(region, stack, before.logicalId, 'update');
  checkPolicy(stack, before, 'Update:Replace');
  let created: ReturnType<typeof createResource>;
  try {
    created = createResource(placement, wanted);
  } catch (error) {
    const taken = error instanceof ResourceFailure && / already exists /.test(error.message);
    if (!taken) throw error;
    throw new ResourceFailure(
      `CloudFormation cannot update a stack when a custom-named resource requires replacing. Rename ${before.physicalId} and update the stack again.`,
    );
  }
  const made = { ...wanted, physicalId: created.physicalId };
  replaced.push(before);
  stack.resources.set(made.logicalId, made);
  setResourceStatus(cloud, stack, made, 'UPDATE_IN_PROGRESS', 'Resource creation Initiated');
  return completion(created.following, () => setResourceStatus(cloud, stack, made, 'UPDATE_COMPLETE'));
}

function update(placement: Placement, before: StackResource, wanted: StackResource): () => void {
  const { cloud, region, stack } = placement;
  recordResourceEvent(cloud, stack, before, 'UPDATE_IN_PROGRESS');
  refuseIfOrdered(region, stack, before.logicalId, 'update');
  checkPolicy(stack, before, 'Update:Modify');
  updateResource(placement, before.physicalId, wanted);
  const made = { ...wanted, physicalId: before.physicalId };
  stack.resources.set(made.logicalId, made);
  made.status = 'UPDATE_IN_PROGRESS';
  return () => setResourceStatus(cloud, stack, made, 'UPDATE_COMPLETE');
}

function adapt(
  placement: Placement,
  own: NonNullable<ResourceHandler['adapt']>,
  before: StackResource,
  wanted: StackResource,
): Completion | undefined {
  const { cloud, stack } = placement;
  const made = { ...wanted, physicalId: before.physicalId, status: before.status, at: before.at };
  stack.resources.set(made.logicalId, made);
  const following = own(placement, before.physicalId, wanted);
  if (!following) return undefined;
  setResourceStatus(cloud, stack, made, 'UPDATE_IN_PROGRESS');
  return completion(following, () => setResourceStatus(cloud, stack, made, 'UPDATE_COMPLETE'));
}

/**
 * @returns what to do when the work is done; undefined where nothing had to change
 * @throws ResourceFailure, ApiFailure
 */
export function placeResource(placement: Placement, logicalId: string): Completion | undefined {
  const { cloud, stack, tagsChanged } = placement;
  const wanted = desired(placement, logicalId);
  const before = stack.resources.get(logicalId);
  if (!before?.physicalId) return create(placement, wanted);
  const own = handlerOf(cloud, wanted.type)?.adapt;
  if (own) return adapt(placement, own, before, wanted);
  const type = cloud.specification(wanted.type);
  const changes = propertyChanges(before.properties, wanted.properties, type);
  if (executionReplaces(wanted.type, changes)) return replace(placement, before, wanted);
  const sameMetadata = sameValue(before.definition.metadata, wanted.definition.metadata);
  if (changes.length > 0 || !sameMetadata || (tagsChanged && type?.taggable)) return update(placement, before, wanted);
  stack.resources.set(logicalId, { ...before, definition: wanted.definition });
  return undefined;
}
