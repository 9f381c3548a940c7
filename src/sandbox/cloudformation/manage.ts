/** The operations that change stacks directly. */

import type {
  CreateStackInput,
  CreateStackOutput,
  DeleteChangeSetInput,
  DeleteStackInput,
  UpdateStackInput,
  UpdateStackOutput,
  UpdateTerminationProtectionInput,
  UpdateTerminationProtectionOutput,
} from '@aws-sdk/client-cloudformation';
import { ApiFailure, required, validationError } from '../wire/failure.ts';
import type { Context } from '../wire/service.ts';
import { planChanges } from './changes.ts';
import { checkUpdatable, dropObsolete, forgetChangeSet, knownChangeSet, makeObsolete } from './changeset.ts';
import { type OnFailure, startCreate } from './create.ts';
import { checkDeletable, startDelete } from './delete.ts';
import { prepareDeployment } from './deployment.ts';
import type { Stack } from './model.ts';
import { createdStack, findStack, stackNameOf } from './stack.ts';
import { requestTokensIn, stacksIn } from './state.ts';
import { isRepeated } from './tokens.ts';
import { startUpdate } from './update.ts';

function checkName(name: string): void {
  if (/^[a-zA-Z][-a-zA-Z0-9]{0,127}$/.test(name)) return;
  throw validationError(
    `1 validation error detected: Value '${name}' at 'stackName' failed to satisfy constraint: Member must satisfy regular expression pattern: [a-zA-Z][-a-zA-Z0-9]*`,
  );
}

export function createStack(input: CreateStackInput, { cloud, region }: Context): CreateStackOutput {
  const name = required(input.StackName, 'stackName');
  checkName(name);
  const token = input.ClientRequestToken;
  const same = findStack(region, name);
  if (isRepeated(region, token, `CreateStack ${name}`)) return { StackId: same?.id };
  if (same) throw new ApiFailure('AlreadyExistsException', `Stack [${name}] already exists`);
  const stack = createdStack(cloud, region, name);
  try {
    const deployment = prepareDeployment(cloud, region, stack, input);
    if (token !== undefined) requestTokensIn(region).set(token, `CreateStack ${name}`);
    stack.disableRollback = input.DisableRollback ?? false;
    stack.terminationProtection = input.EnableTerminationProtection ?? false;
    const onFailure: OnFailure = input.OnFailure ?? (stack.disableRollback ? 'DO_NOTHING' : 'ROLLBACK');
    startCreate(cloud, region, stack, deployment, { token, onFailure });
  } catch (error) {
    // A request that is refused leaves no stack behind.
    stacksIn(region).delete(stack.id);
    throw error;
  }
  return { StackId: stack.id };
}

function existing(stack: Stack | undefined, name: string): Stack {
  if (!stack || stack.status === 'DELETE_COMPLETE') throw validationError(`Stack [${name}] does not exist`);
  return stack;
}

export function updateStack(input: UpdateStackInput, { cloud, region }: Context): UpdateStackOutput {
  const name = required(input.StackName, 'stackName');
  const stack = existing(findStack(region, name), name);
  const token = input.ClientRequestToken;
  if (isRepeated(region, token, `UpdateStack ${stack.id}`)) return { StackId: stack.id };
  checkUpdatable(stack);
  const deployment = prepareDeployment(cloud, region, stack, input);
  if (!planChanges(cloud, region, stack, deployment).effective)
    throw validationError('No updates are to be performed.');
  if (token !== undefined) requestTokensIn(region).set(token, `UpdateStack ${stack.id}`);
  makeObsolete(region, stack);
  const finished = (succeeded: boolean) => {
    if (succeeded) dropObsolete(region, stack);
  };
  startUpdate(cloud, region, stack, deployment, { token, disableRollback: input.DisableRollback ?? false, finished });
  return { StackId: stack.id };
}

/** A stack that isn't there is no error: the result is what was asked for. */
export function deleteStack(input: DeleteStackInput, { cloud, region }: Context): undefined {
  const name = required(input.StackName, 'stackName');
  const token = input.ClientRequestToken;
  const deletion = `DeleteStack ${stackNameOf(name)}`;
  if (isRepeated(region, token, deletion)) return undefined;
  const stack = findStack(region, name);
  if (!stack || stack.status === 'DELETE_COMPLETE' || stack.status === 'DELETE_IN_PROGRESS') return undefined;
  const retain = input.RetainResources ?? [];
  checkDeletable(stack, retain);
  if (token !== undefined) requestTokensIn(region).set(token, deletion);
  startDelete(cloud, region, stack, { token, retain });
  return undefined;
}

export function deleteChangeSet(input: DeleteChangeSetInput, { region }: Context): object {
  const set = knownChangeSet(region, input);
  if (set.executionStatus === 'EXECUTE_IN_PROGRESS') {
    throw new ApiFailure('InvalidChangeSetStatus', `ChangeSet [${set.id}] is being executed and cannot be deleted`);
  }
  if (set.rootId !== undefined)
    throw validationError(`ChangeSet [${set.id}] is of a nested stack: delete the root change set [${set.rootId}]`);
  forgetChangeSet(region, set);
  return {};
}

export function updateTerminationProtection(
  input: UpdateTerminationProtectionInput,
  { region }: Context,
): UpdateTerminationProtectionOutput {
  const name = required(input.StackName, 'stackName');
  const stack = existing(findStack(region, name), name);
  if (stack.status.startsWith('DELETE_')) {
    throw validationError(
      `Termination protection of stack [${stack.name}] cannot be changed in status ${stack.status}`,
    );
  }
  stack.terminationProtection = input.EnableTerminationProtection ?? false;
  return { StackId: stack.id };
}
