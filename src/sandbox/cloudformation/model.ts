/** What CloudFormation keeps: stacks, what they hold, and what is under way with them. */
import type {
  Change,
  ChangeSetStatus,
  ChangeSetType,
  ExecutionStatus,
  Output,
  ResourceStatus,
  ResourceToImport,
  RollbackConfiguration,
  StackEvent,
  StackResourceDrift,
  StackStatus,
  Tag,
} from '@aws-sdk/client-cloudformation';
import type { JsonObject } from '../template/json.ts';
import type { Template, TemplateResource } from '../template/model.ts';
import type { ParameterValues } from '../template/parameters.ts';

export interface Deployment {
  readonly template: Template;
  readonly parameters: ParameterValues;
  readonly tags: readonly Tag[];
  readonly capabilities: readonly string[];
  readonly roleArn: string | undefined;
  readonly notificationArns: readonly string[];
  /** Kept and told: no alarm is watched. */
  readonly rollbackConfiguration: RollbackConfiguration;
}

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
  rollbackConfiguration: RollbackConfiguration;
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

export type Finished = ((succeeded: boolean) => void) | undefined;

/** What an update that fails goes back to. */
export interface Snapshot {
  readonly deployment: Deployment;
  readonly resources: Map<string, StackResource>;
}

/** What a stack keeps until its update has come to a good end, or has been rolled back. */
export interface Undo {
  readonly before: Snapshot;
  readonly finished: Finished;
  /** Physical resources that the rollback has let go of, and removes at its end. */
  readonly surplus: StackResource[];
}

export interface ChangeSet {
  readonly id: string;
  readonly name: string;
  readonly stackId: string;
  readonly type: ChangeSetType;
  /** For the change set of a nested stack: the one of the stack around it, and of the outermost. */
  readonly parentId: string | undefined;
  readonly rootId: string | undefined;
  readonly includesNested: boolean;
  readonly imports: readonly ResourceToImport[];
  readonly createdAt: Date;
  readonly description: string | undefined;
  readonly deployment: Deployment;
  readonly clientToken: string | undefined;
  readonly onStackFailure: string | undefined;
  /** It compares with the actual state. */
  readonly revertsDrift: boolean;
  status: ChangeSetStatus;
  reason: string | undefined;
  executionStatus: ExecutionStatus;
  changes: readonly Change[];
  /** False once the set is no longer listed and can be found by its ARN alone. */
  listed: boolean;
}

export interface DriftStatus {
  readonly status: 'DRIFTED' | 'IN_SYNC';
  readonly at: Date;
  readonly resources: readonly StackResourceDrift[];
}

export interface DriftDetection {
  readonly stackId: string;
  readonly at: Date;
  found: DriftStatus | undefined;
}
