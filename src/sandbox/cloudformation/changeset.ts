import type {
  Change,
  ChangeSetStatus,
  ChangeSetType,
  CreateChangeSetInput,
  CreateChangeSetOutput,
  ExecuteChangeSetInput,
  ExecutionStatus,
} from '@aws-sdk/client-cloudformation';
import type { Cloud, Region } from '../cloud.ts';
import { uuid } from '../ids.ts';
import { ApiFailure, required, validationError } from '../wire/failure.ts';
import type { Context } from '../wire/service.ts';
import { planChanges } from './changes.ts';
import { startCreate } from './create.ts';
import { type Deployment, prepareDeployment } from './deployment.ts';
import { createdStack, findStack, type Stack, setStackStatus } from './stack.ts';
import { isRepeated } from './tokens.ts';
import { startUpdate } from './update.ts';

export interface ChangeSet {
  readonly id: string;
  readonly name: string;
  readonly stackId: string;
  readonly type: ChangeSetType;
  readonly createdAt: Date;
  readonly description: string | undefined;
  readonly deployment: Deployment;
  readonly clientToken: string | undefined;
  readonly onStackFailure: string | undefined;
  status: ChangeSetStatus;
  reason: string | undefined;
  executionStatus: ExecutionStatus;
  changes: readonly Change[];
  /** False once the set is no longer listed and can be found by its ARN alone. */
  listed: boolean;
}

const NO_CHANGES =
  "The submitted information didn't contain changes. Submit different information to create a change set.";

export function changeSetsOf(region: Region, stack: Stack): ChangeSet[] {
  return [...region.changeSets.values()].filter(({ stackId, listed }) => stackId === stack.id && listed);
}

/** @throws ApiFailure ChangeSetNotFound, ValidationError */
export function knownChangeSet(
  region: Region,
  input: { ChangeSetName?: string | undefined; StackName?: string | undefined },
): ChangeSet {
  const name = required(input.ChangeSetName, 'changeSetName');
  const missing = () => new ApiFailure('ChangeSetNotFound', `ChangeSet [${name}] does not exist`, 404);
  if (name.startsWith('arn:')) {
    const found = region.changeSets.get(name);
    if (!found) throw missing();
    return found;
  }
  if (!input.StackName)
    throw validationError('StackName must be specified if ChangeSetName is not specified as an ARN.');
  const stack = findStack(region, input.StackName);
  if (!stack) throw validationError(`Stack [${input.StackName}] does not exist`);
  const found = changeSetsOf(region, stack).find((set) => set.name === name);
  if (!found) throw missing();
  return found;
}

function stackFor(cloud: Cloud, region: Region, name: string, type: ChangeSetType): { stack: Stack; isNew: boolean } {
  const known = findStack(region, name);
  if (type === 'CREATE') {
    if (!known || known.status === 'DELETE_COMPLETE') return { stack: createdStack(cloud, region, name), isNew: true };
    if (known.status !== 'REVIEW_IN_PROGRESS') {
      throw validationError(`Stack [${name}] already exists and cannot be created again with the changeSet [CREATE].`);
    }
    return { stack: known, isNew: false };
  }
  if (type === 'IMPORT') throw validationError('ChangeSetType IMPORT is not supported by the sandbox');
  if (!known || known.status === 'DELETE_COMPLETE') throw validationError(`Stack [${name}] does not exist`);
  checkUpdatable(known);
  return { stack: known, isNew: false };
}

const UPDATABLE = [
  'CREATE_COMPLETE',
  'UPDATE_COMPLETE',
  'UPDATE_ROLLBACK_COMPLETE',
  'UPDATE_FAILED',
  'IMPORT_COMPLETE',
  'IMPORT_ROLLBACK_COMPLETE',
];

/** @throws ApiFailure ValidationError */
export function checkUpdatable(stack: Stack): void {
  if (UPDATABLE.includes(stack.status)) return;
  throw validationError(`Stack:${stack.id} is in ${stack.status} state and can not be updated.`);
}

/** What the set holds is only known a little later, as with AWS: first CREATE_PENDING, then CREATE_IN_PROGRESS. */
function schedule(cloud: Cloud, region: Region, stack: Stack, set: ChangeSet): void {
  const stillWanted = () => region.changeSets.get(set.id) === set && set.executionStatus !== 'OBSOLETE';
  cloud.after(cloud.latencyMs / 2, () => {
    if (stillWanted()) set.status = 'CREATE_IN_PROGRESS';
  });
  cloud.after(cloud.latencyMs, () => {
    if (!stillWanted()) return;
    try {
      const { changes, effective } = planChanges(cloud, region, stack, set.deployment);
      set.changes = changes;
      set.status = effective ? 'CREATE_COMPLETE' : 'FAILED';
      set.reason = effective ? undefined : NO_CHANGES;
      if (effective) set.executionStatus = 'AVAILABLE';
    } catch (error) {
      if (!(error instanceof ApiFailure)) throw error;
      set.status = 'FAILED';
      set.reason = error.message;
    }
  });
}

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_CreateChangeSet.html */
export function createChangeSet(input: CreateChangeSetInput, { cloud, region }: Context): CreateChangeSetOutput {
  const stackName = required(input.StackName, 'stackName');
  const name = required(input.ChangeSetName, 'changeSetName');
  if (!/^[a-zA-Z][-a-zA-Z0-9]{0,127}$/.test(name)) {
    throw validationError(
      `1 validation error detected: Value '${name}' at 'changeSetName' failed to satisfy constraint: Member must satisfy regular expression pattern: [a-zA-Z][-a-zA-Z0-9]*`,
    );
  }
  const type = input.ChangeSetType ?? 'UPDATE';
  const { stack, isNew } = stackFor(cloud, region, stackName, type);
  try {
    const same = changeSetsOf(region, stack).find((set) => set.name === name);
    if (same && input.ClientToken !== undefined && same.clientToken === input.ClientToken) {
      return { Id: same.id, StackId: stack.id };
    }
    if (same)
      throw new ApiFailure(
        'AlreadyExistsException',
        `ChangeSet ${name} cannot be created due to a mismatch with existing attribute Template`,
      );
    const set: ChangeSet = {
      id: `arn:aws:cloudformation:${region.name}:${cloud.accountId}:changeSet/${name}/${uuid()}`,
      name,
      stackId: stack.id,
      type,
      createdAt: new Date(cloud.time()),
      description: input.Description,
      deployment: prepareDeployment(cloud, region, stack, input),
      clientToken: input.ClientToken,
      onStackFailure: input.OnStackFailure,
      status: 'CREATE_PENDING',
      reason: undefined,
      executionStatus: 'UNAVAILABLE',
      changes: [],
      listed: true,
    };
    if (isNew) setStackStatus(cloud, stack, 'REVIEW_IN_PROGRESS', 'User Initiated');
    region.changeSets.set(set.id, set);
    schedule(cloud, region, stack, set);
    return { Id: set.id, StackId: stack.id };
  } catch (error) {
    // A request that is refused leaves no stack behind.
    if (isNew) region.stacks.delete(stack.id);
    throw error;
  }
}

/** The stack is about to be another one: no set made for it before fits any more. */
export function makeObsolete(region: Region, stack: Stack, except?: ChangeSet): void {
  for (const set of changeSetsOf(region, stack)) if (set !== except) set.executionStatus = 'OBSOLETE';
}

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_ExecuteChangeSet.html: "deletes all change sets associated with the stack" */
export function dropObsolete(region: Region, stack: Stack): void {
  for (const set of changeSetsOf(region, stack)) {
    if (set.executionStatus === 'OBSOLETE') region.changeSets.delete(set.id);
    else if (set.executionStatus === 'EXECUTE_COMPLETE') set.listed = false;
  }
}

/** A set that was executed is no longer found by its name, but the token that executed it still knows it. */
function executedBefore(region: Region, input: ExecuteChangeSetInput): ChangeSet | undefined {
  const operation = region.requestTokens.get(input.ClientRequestToken ?? '');
  const set = region.changeSets.get(operation?.replace(/^ExecuteChangeSet /, '') ?? '');
  const stack = input.StackName ? findStack(region, input.StackName) : undefined;
  return set?.name === input.ChangeSetName && set?.stackId === stack?.id ? set : undefined;
}

/** @throws ApiFailure InvalidChangeSetStatus, ChangeSetNotFound, TokenAlreadyExistsException, ValidationError */
export function executeChangeSet(input: ExecuteChangeSetInput, { cloud, region }: Context): object {
  const token = input.ClientRequestToken;
  const set = executedBefore(region, input) ?? knownChangeSet(region, input);
  if (isRepeated(region, token, `ExecuteChangeSet ${set.id}`)) return {};
  const stack = region.stacks.get(set.stackId);
  if (!stack) throw validationError(`Stack [${set.stackId}] does not exist`);
  if (set.status !== 'CREATE_COMPLETE' || set.executionStatus !== 'AVAILABLE') {
    const current =
      set.status === 'CREATE_COMPLETE' ? `execution status of [${set.executionStatus}]` : `status of [${set.status}]`;
    throw new ApiFailure(
      'InvalidChangeSetStatus',
      `ChangeSet [${set.id}] cannot be executed in its current ${current}`,
    );
  }
  const creating = stack.status === 'REVIEW_IN_PROGRESS';
  if (!creating) checkUpdatable(stack);
  if (token !== undefined) region.requestTokens.set(token, `ExecuteChangeSet ${set.id}`);
  makeObsolete(region, stack, set);
  set.executionStatus = 'EXECUTE_IN_PROGRESS';
  stack.changeSetId = set.id;
  const finished = (succeeded: boolean) => {
    set.executionStatus = succeeded ? 'EXECUTE_COMPLETE' : 'EXECUTE_FAILED';
    if (succeeded) dropObsolete(region, stack);
  };
  const disableRollback = input.DisableRollback ?? false;
  if (creating) {
    const wanted =
      set.onStackFailure === 'DELETE' || set.onStackFailure === 'DO_NOTHING' ? set.onStackFailure : 'ROLLBACK';
    const onFailure = disableRollback ? 'DO_NOTHING' : wanted;
    startCreate(cloud, region, stack, set.deployment, { token, onFailure, finished });
  } else startUpdate(cloud, region, stack, set.deployment, { token, disableRollback, finished });
  return {};
}
