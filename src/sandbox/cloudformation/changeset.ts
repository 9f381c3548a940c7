import type { ChangeSetType, CreateChangeSetInput, CreateChangeSetOutput } from '@aws-sdk/client-cloudformation';
import type { Cloud, Region } from '../cloud.ts';
import { uuidFrom } from '../ids.ts';
import { ApiFailure, required, validationError } from '../wire/failure.ts';
import type { Context } from '../wire/service.ts';
import { type NestedPlanner, planChanges } from './changes.ts';
import { prepareDeployment } from './deployment.ts';
import { comparedWithActual } from './drift-aware.ts';
import { checkImport, planImport } from './import.ts';
import type { ChangeSet, Stack } from './model.ts';
import { isUnseen, nestedInput, shellFor } from './nested-input.ts';
import { createdStack, findStack, setStackStatus } from './stack.ts';
import { changeSetsIn, stacksIn } from './state.ts';

const NO_CHANGES =
  "The submitted information didn't contain changes. Submit different information to create a change set.";

export function changeSetsOf(region: Region, stack: Stack): ChangeSet[] {
  return [...changeSetsIn(region).values()].filter(({ stackId, listed }) => stackId === stack.id && listed);
}

/** @throws ApiFailure ChangeSetNotFound, ValidationError */
export function knownChangeSet(
  region: Region,
  input: { ChangeSetName?: string | undefined; StackName?: string | undefined },
): ChangeSet {
  const name = required(input.ChangeSetName, 'changeSetName');
  const missing = () => new ApiFailure('ChangeSetNotFound', `ChangeSet [${name}] does not exist`, 404);
  if (name.startsWith('arn:')) {
    const found = changeSetsIn(region).get(name);
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
  if (type === 'IMPORT' && (!known || known.status === 'DELETE_COMPLETE'))
    return { stack: createdStack(cloud, region, name), isNew: true };
  if (type === 'IMPORT' && known?.status === 'REVIEW_IN_PROGRESS') return { stack: known, isNew: false };
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

function setFor(
  cloud: Cloud,
  region: Region,
  stack: Stack,
  given: Pick<ChangeSet, 'name' | 'type' | 'deployment'> & Partial<ChangeSet>,
): ChangeSet {
  return {
    id: `arn:aws:cloudformation:${region.name}:${cloud.accountId}:changeSet/${given.name}/${uuidFrom(cloud.bytes)}`,
    stackId: stack.id,
    parentId: undefined,
    rootId: undefined,
    includesNested: false,
    imports: [],
    createdAt: new Date(cloud.time()),
    description: undefined,
    clientToken: undefined,
    onStackFailure: undefined,
    revertsDrift: false,
    status: 'CREATE_PENDING',
    reason: undefined,
    executionStatus: 'UNAVAILABLE',
    changes: [],
    listed: true,
    ...given,
  };
}

/** Change sets for the stacks within one, each as soon as the one around it is made. */
function nestedPlanner(cloud: Cloud, region: Region, stack: Stack, around: ChangeSet): NestedPlanner | undefined {
  if (!around.includesNested) return undefined;
  return (logicalId, properties, physicalId) => {
    if (isUnseen(cloud, properties)) return undefined;
    const child = physicalId ? stacksIn(region).get(physicalId) : shellFor(cloud, region, stack, logicalId);
    if (!child) return undefined;
    if (child.events.length === 0) setStackStatus(cloud, child, 'REVIEW_IN_PROGRESS', 'User Initiated');
    const type = child.status === 'REVIEW_IN_PROGRESS' ? 'CREATE' : 'UPDATE';
    const deployment = prepareDeployment(cloud, region, child, nestedInput(properties, around.deployment));
    const set = setFor(cloud, region, child, {
      name: `${around.name}-${uuidFrom(cloud.bytes).slice(0, 8)}`.slice(-128).replace(/^[^A-Za-z]+/, ''),
      type,
      deployment,
      includesNested: true,
      parentId: around.id,
      rootId: around.rootId ?? around.id,
    });
    changeSetsIn(region).set(set.id, set);
    const { changes, effective } = planChanges(
      cloud,
      region,
      child,
      deployment,
      nestedPlanner(cloud, region, child, set),
    );
    set.changes = changes;
    set.status = effective ? 'CREATE_COMPLETE' : 'FAILED';
    set.reason = effective ? undefined : NO_CHANGES;
    if (effective) set.executionStatus = 'AVAILABLE';
    return { id: set.id, effective };
  };
}

/** The change sets of nested stacks that were made along with one. */
export function within(region: Region, root: ChangeSet): ChangeSet[] {
  return [...changeSetsIn(region).values()].filter(({ rootId }) => rootId === root.id);
}

/** Removes a set with those of nested stacks, and the empty stacks that it was made for there. */
export function forgetChangeSet(region: Region, set: ChangeSet): void {
  const nested = within(region, set);
  for (const one of [set, ...nested]) changeSetsIn(region).delete(one.id);
  for (const { stackId } of nested) {
    const shell = stacksIn(region).get(stackId);
    if (shell?.status === 'REVIEW_IN_PROGRESS' && changeSetsOf(region, shell).length === 0)
      stacksIn(region).delete(shell.id);
  }
}

/** What the set holds is only known a little later, as with AWS: first CREATE_PENDING, then CREATE_IN_PROGRESS. */
function schedule(cloud: Cloud, region: Region, stack: Stack, set: ChangeSet): void {
  const stillWanted = () => changeSetsIn(region).get(set.id) === set && set.executionStatus !== 'OBSOLETE';
  cloud.after(cloud.latencyMs / 2, () => {
    if (stillWanted()) set.status = 'CREATE_IN_PROGRESS';
  });
  cloud.after(cloud.latencyMs, () => {
    if (!stillWanted()) return;
    try {
      const { changes, effective } =
        set.type === 'IMPORT'
          ? planImport(cloud, region, stack, set.deployment, set.imports)
          : planChanges(cloud, region, stack, set.deployment, nestedPlanner(cloud, region, stack, set));
      set.changes = set.revertsDrift ? comparedWithActual(region, stack, changes, cloud.time()) : changes;
      const any = set.revertsDrift ? set.changes.length > 0 || effective : effective;
      set.status = any ? 'CREATE_COMPLETE' : 'FAILED';
      set.reason = any ? undefined : NO_CHANGES;
      if (any) set.executionStatus = 'AVAILABLE';
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
  if (input.DeploymentMode !== undefined && (input.DeploymentMode !== 'REVERT_DRIFT' || type !== 'UPDATE'))
    throw validationError(`DeploymentMode ${input.DeploymentMode} is not supported for the changeSet [${type}].`);
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
    const set = setFor(cloud, region, stack, {
      name,
      type,
      description: input.Description,
      deployment: prepareDeployment(cloud, region, stack, input),
      clientToken: input.ClientToken,
      onStackFailure: input.OnStackFailure,
      includesNested: input.IncludeNestedStacks ?? false,
      revertsDrift: input.DeploymentMode === 'REVERT_DRIFT',
      imports: input.ResourcesToImport ?? [],
    });
    checkImport(set);
    if (isNew) setStackStatus(cloud, stack, 'REVIEW_IN_PROGRESS', 'User Initiated');
    changeSetsIn(region).set(set.id, set);
    schedule(cloud, region, stack, set);
    return { Id: set.id, StackId: stack.id };
  } catch (error) {
    // A request that is refused leaves no stack behind.
    if (isNew) stacksIn(region).delete(stack.id);
    throw error;
  }
}

/** The stack is about to be another one: no set made for it before fits any more. */
export function makeObsolete(region: Region, stack: Stack, except?: ChangeSet): void {
  for (const set of changeSetsOf(region, stack))
    if (set !== except) for (const one of [set, ...within(region, set)]) one.executionStatus = 'OBSOLETE';
}

/**
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_ExecuteChangeSet.html: "deletes all change sets
 * associated with the stack"
 */
export function dropObsolete(region: Region, stack: Stack): void {
  for (const set of changeSetsOf(region, stack)) {
    if (set.executionStatus === 'OBSOLETE') forgetChangeSet(region, set);
    else if (set.executionStatus === 'EXECUTE_COMPLETE') set.listed = false;
  }
}
