/** What CloudFormation needs to know of a type of resource that isn't like the others: a row of the table, and it. */
import type { Tag } from '@aws-sdk/client-cloudformation';
import type { Cloud, Region } from '../cloud.ts';
import type { Json, JsonObject } from '../template/json.ts';
import type { Stack } from './model.ts';

/** Why a resource can't be made or removed, in the provider's words: it becomes the event's ResourceStatusReason. */
export class ResourceFailure extends Error {}

/** The stack that a resource is in, and where. */
export interface Place {
  readonly cloud: Cloud;
  readonly region: Region;
  readonly stack: Stack;
}

export interface ResourceRequest {
  readonly logicalId: string;
  readonly type: string;
  readonly properties: JsonObject;
}

/** With the tags that the resource gets: its own, those of its stack, and AWS's. */
export interface TaggedRequest extends ResourceRequest {
  readonly tags: readonly Tag[];
}

export interface PhysicalResource {
  readonly type: string;
  readonly physicalId: string;
  readonly properties: JsonObject;
}

/** Work that takes as long as it takes. */
export interface Following {
  pending(): boolean;
  /** Before then it isn't worth another look, in milliseconds since 1970. Absent: after each step. */
  readonly until?: number;
  /** Why it failed, once it isn't pending. */
  failure(): string | undefined;
}

/** What a type does in its own way; what isn't here it does as every other. All may throw a ResourceFailure. */
export interface ResourceHandler {
  create?(place: Place, request: TaggedRequest): { physicalId: string; following?: Following };
  update?(place: Place, physicalId: string, request: TaggedRequest): void;
  /**
   * For a resource that alone can tell whether anything in it changes: its properties aren't compared.
   * @returns undefined where nothing had to change
   */
  adapt?(place: Place, physicalId: string, request: ResourceRequest): Following | undefined;
  /** Back to what it was before the update of its stack began; without it, an update to the request of then. */
  rollBack?(place: Place, physicalId: string): void;
  remove?(place: Place, resource: PhysicalResource): Following | undefined;
  /** What Fn::GetAtt gives, where that isn't made up from the properties. */
  attribute?(region: Region, physicalId: string, name: string): Json | undefined;
}

const tables = new WeakMap<Cloud, ReadonlyMap<string, ResourceHandler>>();

/** Which types do what in their own way, in this cloud. */
export function provideHandlers(cloud: Cloud, handlers: ReadonlyMap<string, ResourceHandler>): void {
  tables.set(cloud, handlers);
}

export function handlerOf(cloud: Cloud, type: string): ResourceHandler | undefined {
  return tables.get(cloud)?.get(type);
}
