/** The operations that end an update, or take a stack back from where it failed. */

import type {
  CancelUpdateStackInput,
  ContinueUpdateRollbackInput,
  RollbackStackInput,
  RollbackStackOutput,
} from '@aws-sdk/client-cloudformation';
import { required, validationError } from '../wire/failure.ts';
import type { Context } from '../wire/service.ts';
import { undo as undoCreation } from './create.ts';
import type { Stack, StackOperation, Undo } from './model.ts';
import { knownStack, setResourceStatus } from './stack.ts';
import { requestTokensIn } from './state.ts';
import { isRepeated } from './tokens.ts';
import { rollBack } from './update.ts';

/** The stack, and whether the request is a repetition of one that was carried out. */
function begin(
  name: 'CancelUpdateStack' | 'ContinueUpdateRollback' | 'RollbackStack',
  input: { StackName?: string | undefined; ClientRequestToken?: string | undefined },
  { region }: Context,
): { stack: Stack; repeated: boolean; accept: () => StackOperation } {
  const stack = knownStack(region, required(input.StackName, 'stackName'));
  const token = input.ClientRequestToken;
  const operation = `${name} ${stack.id}`;
  return {
    stack,
    repeated: isRepeated(region, token, operation),
    accept() {
      if (token !== undefined) requestTokensIn(region).set(token, operation);
      stack.current = { token };
      return stack.current;
    },
  };
}

function undoOf(stack: Stack): Undo {
  if (stack.undo) return stack.undo;
  throw validationError(`Stack [${stack.id}] has nothing to go back to`);
}

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_CancelUpdateStack.html */
export function cancelUpdateStack(input: CancelUpdateStackInput, context: Context): undefined {
  const { cloud, region } = context;
  const { stack, repeated, accept } = begin('CancelUpdateStack', input, context);
  if (repeated) return;
  if (stack.status !== 'UPDATE_IN_PROGRESS')
    throw validationError('CancelUpdateStack cannot be called from current stack status');
  const undo = undoOf(stack);
  const operation = accept();
  undo.finished?.(false);
  for (const resource of stack.resources.values()) {
    if (resource.status === 'UPDATE_IN_PROGRESS')
      setResourceStatus(cloud, stack, resource, 'UPDATE_FAILED', 'Resource update cancelled');
    if (resource.status === 'CREATE_IN_PROGRESS')
      setResourceStatus(cloud, stack, resource, 'CREATE_FAILED', 'Resource creation cancelled');
  }
  rollBack(cloud, region, stack, operation, undo, 'User Initiated');
}

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_ContinueUpdateRollback.html */
export function continueUpdateRollback(input: ContinueUpdateRollbackInput, context: Context): object {
  const { cloud, region } = context;
  const { stack, repeated, accept } = begin('ContinueUpdateRollback', input, context);
  if (repeated) return {};
  if (stack.status !== 'UPDATE_ROLLBACK_FAILED')
    throw validationError(`Stack:${stack.id} is in ${stack.status} state and can not continue rollback.`);
  const undo = undoOf(stack);
  const skipped = input.ResourcesToSkip ?? [];
  const wrong = skipped.find((id) => stack.resources.get(id)?.status !== 'UPDATE_FAILED');
  if (wrong !== undefined)
    throw validationError(`The following resource(s) to skip are not in the UPDATE_FAILED state: [${wrong}]`);
  const operation = accept();
  for (const id of skipped) {
    const then = undo.before.resources.get(id);
    const now = stack.resources.get(id);
    if (!then || !now) continue;
    // Recorded as rolled back, while the physical resource stays as it is.
    stack.resources.set(id, then);
    setResourceStatus(cloud, stack, then, 'UPDATE_COMPLETE', 'Resource skipped during rollback');
  }
  rollBack(cloud, region, stack, operation, undo, 'User Initiated');
  return {};
}

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_RollbackStack.html */
export function rollbackStack(input: RollbackStackInput, context: Context): RollbackStackOutput {
  const { cloud, region } = context;
  const { stack, repeated, accept } = begin('RollbackStack', input, context);
  const answer = { StackId: stack.id };
  if (repeated) return answer;
  if (stack.status === 'CREATE_FAILED') {
    // "This operation will delete a stack if it doesn't contain a last known stable state."
    undoCreation(cloud, region, stack, accept(), '', 'DELETE');
    return answer;
  }
  if (stack.status !== 'UPDATE_FAILED')
    throw validationError(`Stack:${stack.id} is in ${stack.status} state and can not be rolled back.`);
  rollBack(cloud, region, stack, accept(), undoOf(stack), 'User Initiated');
  return answer;
}
