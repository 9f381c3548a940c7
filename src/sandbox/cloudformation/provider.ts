/** Makes, changes and removes the physical resources behind a stack's resources. */

import type { Tag } from '@aws-sdk/client-cloudformation';
import type { Cloud } from '../cloud.ts';
import { UNPUBLISHED } from '../spec/resources.ts';
import { isCustomType } from '../template/document.ts';
import { isObject, type Json } from '../template/json.ts';
import type { Stack } from './model.ts';
import { newPhysicalId } from './physical.ts';
import {
  type Following,
  handlerOf,
  type PhysicalResource,
  type Place,
  ResourceFailure,
  type ResourceRequest,
  type TaggedRequest,
} from './resource.ts';
import { identifiersIn } from './state.ts';

function tagList(value: Json | undefined): Tag[] {
  if (!Array.isArray(value)) return [];
  return value.filter(isObject).map((tag) => ({ Key: String(tag.Key), Value: String(tag.Value ?? '') }));
}

/**
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cfn-console-add-tags.html: stack tags reach the
 * resources
 */
function stackTags(stack: Stack, request: ResourceRequest): Tag[] {
  return [
    ...stack.tags.filter(({ Key }) => !tagList(request.properties.Tags).some((own) => own.Key === Key)),
    { Key: 'aws:cloudformation:stack-name', Value: stack.name },
    { Key: 'aws:cloudformation:stack-id', Value: stack.id },
    { Key: 'aws:cloudformation:logical-id', Value: request.logicalId },
  ];
}

function validate(cloud: Cloud, { logicalId, type, properties }: ResourceRequest): void {
  const written = cloud.specification(type);
  if (!written || written === UNPUBLISHED || isCustomType(type) || cloud.tolerant) return;
  const foreign = Object.keys(properties).find((name) => !written.properties.has(name));
  if (foreign !== undefined) {
    throw new ResourceFailure(
      `Properties validation failed for resource ${logicalId} with message: #: extraneous key [${foreign}] is not permitted`,
    );
  }
  const absent = written.required.find((name) => properties[name] === undefined);
  if (absent !== undefined) {
    throw new ResourceFailure(
      `Properties validation failed for resource ${logicalId} with message: #: required key [${absent}] not found`,
    );
  }
}

/** Its own, those of its stack, and AWS's. */
export function tagsOf(stack: Stack, request: ResourceRequest): readonly Tag[] {
  return [...tagList(request.properties.Tags), ...stackTags(stack, request)];
}

function tagged(stack: Stack, request: ResourceRequest): TaggedRequest {
  return { ...request, tags: tagsOf(stack, request) };
}

/** The ids that a copied stack's resources have where they really are, by their logical ids. */
const known = new WeakMap<Stack, ReadonlyMap<string, string>>();

/** What is made of this stack while `make` runs has the ids that are known of it. */
export function withKnownIds(stack: Stack, ids: ReadonlyMap<string, string>, make: () => void): void {
  known.set(stack, ids);
  try {
    make();
  } finally {
    known.delete(stack);
  }
}

/** @throws ResourceFailure when a property is not the type's, or the name is taken */
export function createResource(
  place: Place,
  request: ResourceRequest,
): { readonly physicalId: string; readonly following?: Following } {
  const { cloud, region, stack } = place;
  validate(cloud, request);
  const made = handlerOf(cloud, request.type)?.create?.(place, tagged(stack, request));
  if (made) return made;
  const physicalId = known.get(stack)?.get(request.logicalId) ?? newPhysicalId(cloud, region, stack, request);
  const identifier = `${request.type} ${physicalId}`;
  const identifiers = identifiersIn(region);
  if (identifiers.has(identifier) && !cloud.tolerant) {
    const [, service, kind] = request.type.split('::');
    throw new ResourceFailure(`${physicalId} already exists (Service: ${service}, Resource: ${kind})`);
  }
  identifiers.add(identifier);
  return { physicalId };
}

/** @throws ResourceFailure */
export function updateResource(place: Place, physicalId: string, request: ResourceRequest): void {
  validate(place.cloud, request);
  handlerOf(place.cloud, request.type)?.update?.(place, physicalId, tagged(place.stack, request));
}

/** Properties that make a service refuse the deletion of the resource, with its words for it. */
const PROTECTIONS: [type: RegExp, property: string, refusal: string][] = [
  [
    /^AWS::RDS::DBInstance$/,
    'DeletionProtection',
    'Cannot delete protected DB Instance, please disable deletion protection and try again.',
  ],
  [
    /^AWS::RDS::DBCluster$/,
    'DeletionProtection',
    'Cannot delete protected Cluster, please disable deletion protection and try again.',
  ],
  [
    /^AWS::DynamoDB::(Global)?Table$/,
    'DeletionProtectionEnabled',
    'Resource cannot be deleted as it is currently protected against deletion. Disable deletion protection first.',
  ],
];

/**
 * @returns what to wait for, where it takes a while
 * @throws ResourceFailure when the resource is protected
 */
export function deleteResource(place: Place, resource: PhysicalResource): Following | undefined {
  const { type, physicalId, properties } = resource;
  for (const [pattern, property, refusal] of PROTECTIONS) {
    if (pattern.test(type) && String(properties[property]) === 'true') throw new ResourceFailure(refusal);
  }
  const following = handlerOf(place.cloud, type)?.remove?.(place, resource);
  identifiersIn(place.region).delete(`${type} ${physicalId}`);
  return following;
}
