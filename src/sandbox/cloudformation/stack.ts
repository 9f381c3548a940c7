import type { ResourceStatus, StackStatus } from '@aws-sdk/client-cloudformation';
import type { Cloud, Region } from '../cloud.ts';
import { uuid, uuidFrom } from '../ids.ts';
import type { JsonObject } from '../template/json.ts';
import { validationError } from '../wire/failure.ts';
import type { Stack, StackResource } from './model.ts';
import { stacksIn } from './state.ts';

/**
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_ListStacks.html: "up to 90 days after the stack
 * has been deleted"
 */
const DELETED_STACKS_KEPT_MS = 90 * 24 * 3600_000;

/** @param id its ARN, where it is a copy of one elsewhere */
export function createdStack(
  cloud: Cloud,
  region: Region,
  name: string,
  parent?: Stack['parent'],
  id = `arn:aws:cloudformation:${region.name}:${cloud.accountId}:stack/${name}/${uuidFrom(cloud.bytes)}`,
): Stack {
  const stack: Stack = {
    id,
    name,
    region: region.name,
    createdAt: new Date(cloud.time()),
    updatedAt: undefined,
    deletedAt: undefined,
    status: 'REVIEW_IN_PROGRESS',
    reason: undefined,
    template: undefined,
    parameters: new Map(),
    tags: [],
    capabilities: [],
    roleArn: undefined,
    notificationArns: [],
    rollbackConfiguration: {},
    disableRollback: false,
    terminationProtection: false,
    changeSetId: undefined,
    resources: new Map(),
    outputs: [],
    exports: [],
    imports: new Set(),
    parent,
    events: [],
    current: undefined,
    policy: undefined,
    undo: undefined,
    drift: undefined,
  };
  stacksIn(region).set(id, stack);
  return stack;
}

export function forgetOldStacks(cloud: Cloud, region: Region): void {
  for (const stack of stacksIn(region).values()) {
    if (stack.deletedAt && cloud.time() - stack.deletedAt.getTime() > DELETED_STACKS_KEPT_MS)
      stacksIn(region).delete(stack.id);
  }
}

/** The name in a stack's ARN, or the name itself. */
export function stackNameOf(nameOrId: string): string {
  return nameOrId.startsWith('arn:') ? (nameOrId.split('/')[1] ?? nameOrId) : nameOrId;
}

/** By name a stack that is not deleted; by ARN any. */
export function findStack(region: Region, nameOrId: string): Stack | undefined {
  if (nameOrId.startsWith('arn:')) return stacksIn(region).get(nameOrId);
  for (const stack of stacksIn(region).values()) {
    if (stack.name === nameOrId && stack.status !== 'DELETE_COMPLETE') return stack;
  }
  return undefined;
}

export function knownStack(region: Region, nameOrId: string): Stack {
  const stack = findStack(region, nameOrId);
  if (!stack) throw validationError(`Stack with id ${nameOrId} does not exist`);
  return stack;
}

export function setStackStatus(cloud: Cloud, stack: Stack, status: StackStatus, reason?: string): void {
  stack.status = status;
  stack.reason = reason;
  stack.events.push({
    EventId: uuid(),
    StackId: stack.id,
    StackName: stack.name,
    LogicalResourceId: stack.name,
    PhysicalResourceId: stack.id,
    ResourceType: 'AWS::CloudFormation::Stack',
    Timestamp: new Date(cloud.time()),
    ResourceStatus: status as ResourceStatus,
    ResourceStatusReason: reason,
    ClientRequestToken: stack.current?.token,
  });
}

export interface ResourceEvent {
  readonly logicalId: string;
  readonly type: string;
  readonly physicalId: string;
  readonly shown?: JsonObject;
}

export function recordResourceEvent(
  cloud: Cloud,
  stack: Stack,
  resource: ResourceEvent,
  status: ResourceStatus,
  reason?: string,
): void {
  const at = new Date(cloud.time());
  stack.events.push({
    EventId: `${resource.logicalId}-${status}-${uuid()}`,
    StackId: stack.id,
    StackName: stack.name,
    LogicalResourceId: resource.logicalId,
    PhysicalResourceId: resource.physicalId,
    ResourceType: resource.type,
    Timestamp: at,
    ResourceStatus: status,
    ResourceStatusReason: reason,
    ResourceProperties: resource.shown && JSON.stringify(resource.shown),
    ClientRequestToken: stack.current?.token,
  });
}

/** An event about a resource that the stack holds, which also becomes its status. */
export function setResourceStatus(
  cloud: Cloud,
  stack: Stack,
  resource: StackResource,
  status: ResourceStatus,
  reason?: string,
): void {
  resource.status = status;
  resource.reason = reason;
  resource.at = new Date(cloud.time());
  recordResourceEvent(cloud, stack, resource, status, reason);
}
