import type { ExecuteChangeSetInput } from '@aws-sdk/client-cloudformation';
import type { Region } from '../cloud.ts';
import { ApiFailure, validationError } from '../wire/failure.ts';
import type { Context } from '../wire/service.ts';
import { checkUpdatable, dropObsolete, knownChangeSet, makeObsolete, within } from './changeset.ts';
import { startCreate } from './create.ts';
import { startImport } from './import.ts';
import type { ChangeSet } from './model.ts';
import { findStack } from './stack.ts';
import { changeSetsIn, requestTokensIn, stacksIn } from './state.ts';
import { isRepeated } from './tokens.ts';
import { startUpdate } from './update.ts';

/** A set that was executed is no longer found by its name, but the token that executed it still knows it. */
function executedBefore(region: Region, input: ExecuteChangeSetInput): ChangeSet | undefined {
  const operation = requestTokensIn(region).get(input.ClientRequestToken ?? '');
  const set = changeSetsIn(region).get(operation?.replace(/^ExecuteChangeSet /, '') ?? '');
  const stack = input.StackName ? findStack(region, input.StackName) : undefined;
  return set?.name === input.ChangeSetName && set?.stackId === stack?.id ? set : undefined;
}

/** @throws ApiFailure InvalidChangeSetStatus, ChangeSetNotFound, TokenAlreadyExistsException, ValidationError */
export function executeChangeSet(input: ExecuteChangeSetInput, { cloud, region }: Context): object {
  const token = input.ClientRequestToken;
  const set = executedBefore(region, input) ?? knownChangeSet(region, input);
  if (isRepeated(region, token, `ExecuteChangeSet ${set.id}`)) return {};
  if (set.rootId !== undefined)
    throw validationError(`ChangeSet [${set.id}] is of a nested stack: execute the root change set [${set.rootId}]`);
  const stack = stacksIn(region).get(set.stackId);
  if (!stack) throw validationError(`Stack [${set.stackId}] does not exist`);
  if (set.status !== 'CREATE_COMPLETE' || set.executionStatus !== 'AVAILABLE') {
    const current =
      set.status === 'CREATE_COMPLETE' ? `execution status of [${set.executionStatus}]` : `status of [${set.status}]`;
    throw new ApiFailure(
      'InvalidChangeSetStatus',
      `ChangeSet [${set.id}] cannot be executed in its current ${current}`,
    );
  }
  // Whatever executes one has taken it for another: pretending would hide that.
  if (set.revertsDrift) throw validationError('the sandbox does not execute drift-aware change sets');
  const creating = stack.status === 'REVIEW_IN_PROGRESS';
  if (!creating) checkUpdatable(stack);
  if (token !== undefined) requestTokensIn(region).set(token, `ExecuteChangeSet ${set.id}`);
  makeObsolete(region, stack, set);
  set.executionStatus = 'EXECUTE_IN_PROGRESS';
  stack.changeSetId = set.id;
  const finished = (succeeded: boolean) => {
    set.executionStatus = succeeded ? 'EXECUTE_COMPLETE' : 'EXECUTE_FAILED';
    for (const one of within(region, set)) changeSetsIn(region).delete(one.id);
    if (succeeded) dropObsolete(region, stack);
  };
  const disableRollback = input.DisableRollback ?? false;
  if (set.type === 'IMPORT')
    startImport(cloud, region, stack, set.deployment, { token, imports: set.imports, finished });
  else if (creating) {
    const wanted =
      set.onStackFailure === 'DELETE' || set.onStackFailure === 'DO_NOTHING' ? set.onStackFailure : 'ROLLBACK';
    const onFailure = disableRollback ? 'DO_NOTHING' : wanted;
    startCreate(cloud, region, stack, set.deployment, { token, onFailure, finished });
  } else startUpdate(cloud, region, stack, set.deployment, { token, disableRollback, finished });
  return {};
}
