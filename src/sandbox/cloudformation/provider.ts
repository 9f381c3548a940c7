/** Makes, changes and removes the physical resources behind a stack's resources. */
import type { Tag } from '@aws-sdk/client-cloudformation';
import type { Cloud, Region } from '../cloud.ts';
import { launchForStack, reconfigure, terminate } from '../ec2/instances.ts';
import { createVolume, removeVolume, resizeVolume } from '../ec2/volumes.ts';
import { isCustomType, isObject, type Json, type JsonObject } from '../template/document.ts';
import { newPhysicalId, type ResourceRequest } from './physical.ts';
import type { Stack } from './stack.ts';

/** Why a resource can't be made or removed, in the provider's words: it becomes the event's ResourceStatusReason. */
export class ResourceFailure extends Error {}

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
  const known = cloud.specification(type);
  if (!known || isCustomType(type)) return;
  const foreign = Object.keys(properties).find((name) => !known.properties.has(name));
  if (foreign !== undefined) {
    throw new ResourceFailure(
      `Properties validation failed for resource ${logicalId} with message: #: extraneous key [${foreign}] is not permitted`,
    );
  }
  const absent = known.required.find((name) => properties[name] === undefined);
  if (absent !== undefined) {
    throw new ResourceFailure(
      `Properties validation failed for resource ${logicalId} with message: #: required key [${absent}] not found`,
    );
  }
}

/**
 * @returns the physical id
 * @throws ResourceFailure when a property is not the type's, or the name is taken
 */
export function createResource(cloud: Cloud, region: Region, stack: Stack, request: ResourceRequest): string {
  validate(cloud, request);
  const tags = [...tagList(request.properties.Tags), ...stackTags(stack, request)];
  if (request.type === 'AWS::EC2::Instance') return launchForStack(cloud, region, request.properties, tags);
  if (request.type === 'AWS::EC2::Volume')
    return createVolume(cloud, region, volumeRequest(request.properties), tags).id;
  const physicalId = newPhysicalId(cloud, region, stack, request);
  const identifier = `${request.type} ${physicalId}`;
  if (region.identifiers.has(identifier)) {
    const [, service, kind] = request.type.split('::');
    throw new ResourceFailure(`${physicalId} already exists (Service: ${service}, Resource: ${kind})`);
  }
  region.identifiers.add(identifier);
  return physicalId;
}

function volumeRequest(properties: JsonObject): { size: number; zone: string; type: string } {
  return {
    size: Number(properties.Size ?? 8),
    zone: String(properties.AvailabilityZone ?? ''),
    type: String(properties.VolumeType ?? 'gp2'),
  };
}

/** @throws ResourceFailure */
export function updateResource(
  cloud: Cloud,
  region: Region,
  stack: Stack,
  physicalId: string,
  request: ResourceRequest,
): void {
  validate(cloud, request);
  const tags = [...tagList(request.properties.Tags), ...stackTags(stack, request)];
  if (request.type === 'AWS::EC2::Instance') reconfigure(cloud, region, physicalId, request.properties, tags);
  if (request.type === 'AWS::EC2::Volume') resizeVolume(region, physicalId, volumeRequest(request.properties), tags);
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

/** @throws ResourceFailure when the resource is protected */
export function deleteResource(
  cloud: Cloud,
  region: Region,
  resource: { type: string; physicalId: string; properties: JsonObject },
): void {
  const { type, physicalId, properties } = resource;
  for (const [pattern, property, refusal] of PROTECTIONS) {
    if (pattern.test(type) && String(properties[property]) === 'true') throw new ResourceFailure(refusal);
  }
  if (type === 'AWS::EC2::Instance') {
    const instance = region.instances.get(physicalId);
    if (instance?.disableApiTermination) {
      throw new ResourceFailure(
        `The instance '${physicalId}' may not be terminated. Modify its 'disableApiTermination' instance attribute and try again.`,
      );
    }
    if (instance) terminate(cloud, region, instance);
  } else if (type === 'AWS::EC2::Volume') removeVolume(cloud, region, physicalId);
  if (type === 'AWS::S3::Bucket' && (region.objects.get(physicalId)?.size ?? 0) > 0) {
    throw new ResourceFailure(
      'The bucket you tried to delete is not empty. You must delete all versions in the bucket. (Service: S3, Status Code: 409)',
    );
  }
  region.identifiers.delete(`${type} ${physicalId}`);
}
