import type { Output, ResourceStatus, StackEvent, StackStatus, Tag } from '@aws-sdk/client-cloudformation';
import type { Cloud, Region } from '../cloud.ts';
import { uuid } from '../ids.ts';
import type { JsonObject, Template, TemplateResource } from '../template/document.ts';
import type { ParameterValues } from '../template/parameters.ts';
import { validationError } from '../wire/failure.ts';
import type { DriftStatus } from './drift.ts';
import type { Undo } from './update.ts';

export interface StackResource {
  readonly logicalId: string;
  readonly type: string;
  readonly physicalId: string;
  /** As it was deployed: policies are read from here, not from a newer template. */
  readonly definition: TemplateResource;
  /** Every function applied. */
  readonly properties: JsonObject;
  /** The same with NoEcho parameters as `****`. */
  readonly shown: JsonObject;
  status: ResourceStatus;
  reason: string | undefined;
  at: Date;
  /** What drift detection would find, where someone changed it outside its stack. */
  drift?: 'MODIFIED' | 'DELETED' | undefined;
}

export interface Export {
  readonly name: string;
  readonly value: string;
}

/**
 * What a create, update or delete that is under way needs to know. Steps of an operation that is no longer `current` do
 * nothing.
 */
export interface StackOperation {
  readonly token: string | undefined;
}

export interface Stack {
  readonly id: string;
  readonly name: string;
  readonly region: string;
  readonly createdAt: Date;
  updatedAt: Date | undefined;
  deletedAt: Date | undefined;
  status: StackStatus;
  reason: string | undefined;
  /** Undefined only for a stack in REVIEW_IN_PROGRESS. */
  template: Template | undefined;
  parameters: ParameterValues;
  tags: readonly Tag[];
  capabilities: readonly string[];
  roleArn: string | undefined;
  notificationArns: readonly string[];
  disableRollback: boolean;
  terminationProtection: boolean;
  changeSetId: string | undefined;
  resources: Map<string, StackResource>;
  outputs: readonly Output[];
  exports: readonly Export[];
  imports: ReadonlySet<string>;
  /** For a nested stack: what it is nested in, and as what. */
  readonly parent: { readonly stackId: string; readonly logicalId: string } | undefined;
  /** Oldest first. */
  readonly events: StackEvent[];
  current: StackOperation | undefined;
  /** JSON text of the stack policy. */
  policy: string | undefined;
  /** What the update under way, or the one that failed, goes back to. */
  undo: Undo | undefined;
  /** What the last detection found. */
  drift: DriftStatus | undefined;
}

/**
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_ListStacks.html: "up to 90 days after the stack
 * has been deleted"
 */
const DELETED_STACKS_KEPT_MS = 90 * 24 * 3600_000;

export function createdStack(cloud: Cloud, region: Region, name: string, parent?: Stack['parent']): Stack {
  const id = `arn:aws:cloudformation:${region.name}:${cloud.accountId}:stack/${name}/${uuid()}`;
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
  region.stacks.set(id, stack);
  return stack;
}

export function forgetOldStacks(cloud: Cloud, region: Region): void {
  for (const stack of region.stacks.values()) {
    if (stack.deletedAt && cloud.time() - stack.deletedAt.getTime() > DELETED_STACKS_KEPT_MS)
      region.stacks.delete(stack.id);
  }
}

/** The name in a stack's ARN, or the name itself. */
export function stackNameOf(nameOrId: string): string {
  return nameOrId.startsWith('arn:') ? (nameOrId.split('/')[1] ?? nameOrId) : nameOrId;
}

/** By name a stack that is not deleted; by ARN any. */
export function findStack(region: Region, nameOrId: string): Stack | undefined {
  if (nameOrId.startsWith('arn:')) return region.stacks.get(nameOrId);
  for (const stack of region.stacks.values()) {
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
