import type { Cloud, Region } from '../cloud.ts';
import { validationError } from '../wire/failure.ts';
import { importersOf } from './exports.ts';
import type { Stack, StackOperation, StackResource } from './model.ts';
import { deletionFate } from './policies.ts';
import { removalWaves, removeResources } from './remove.ts';
import { setStackStatus } from './stack.ts';
import { changeSetsIn } from './state.ts';

function finish(cloud: Cloud, region: Region, stack: Stack): void {
  setStackStatus(cloud, stack, 'DELETE_COMPLETE');
  stack.deletedAt = new Date(cloud.time());
  stack.current = undefined;
  stack.exports = [];
  stack.imports = new Set();
  for (const changeSet of changeSetsIn(region).values()) {
    if (changeSet.stackId === stack.id) changeSetsIn(region).delete(changeSet.id);
  }
}

/**
 * Refuses what DeleteStack refuses.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_DeleteStack.html
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-protect-stacks.html
 * @throws ApiFailure ValidationError
 */
export function checkDeletable(stack: Stack, retain: readonly string[]): void {
  if (stack.terminationProtection) {
    throw validationError(`Stack [${stack.name}] cannot be deleted while TerminationProtection is enabled`);
  }
  if (/^UPDATE_.*IN_PROGRESS$/.test(stack.status)) {
    throw validationError(`Stack [${stack.id}] cannot be deleted while in status ${stack.status}`);
  }
  if (retain.length > 0 && stack.status !== 'DELETE_FAILED') {
    throw validationError(
      `Invalid operation on stack [${stack.id}]. When you delete a stack, specify which resources to retain only when the stack is in the DELETE_FAILED state.`,
    );
  }
  if (retain.some((id) => stack.resources.get(id)?.status === 'DELETE_COMPLETE')) {
    throw validationError(
      'The specified resources to retain must be in a valid state. Do not specify resources that are in the DELETE_COMPLETE state.',
    );
  }
  const foreign = retain.filter((id) => !stack.resources.has(id));
  if (foreign.length > 0) {
    throw validationError(
      `The following resources to retain do not exist in stack [${stack.id}]: [${foreign.join(', ')}]`,
    );
  }
}

export function startDelete(
  cloud: Cloud,
  region: Region,
  stack: Stack,
  options: { token: string | undefined; retain: readonly string[] },
): void {
  const operation: StackOperation = { token: options.token };
  stack.current = operation;
  const used = stack.exports.find(({ name }) => importersOf(region, name).length > 0);
  setStackStatus(cloud, stack, 'DELETE_IN_PROGRESS', 'User Initiated');
  if (used) {
    const users = importersOf(region, used.name).join(', ');
    const reason = `Delete canceled. Cannot delete export ${used.name} as it is in use by ${users}.`;
    setStackStatus(cloud, stack, 'DELETE_FAILED', reason);
    stack.current = undefined;
    return;
  }
  const fate = ({ logicalId, definition }: StackResource) =>
    options.retain.includes(logicalId) ? 'Retain' : deletionFate(definition);
  removeResources(cloud, region, stack, operation, removalWaves(stack), fate, (failures) => {
    if (failures.length === 0) return finish(cloud, region, stack);
    const names = failures.map(({ logicalId }) => logicalId).join(', ');
    setStackStatus(cloud, stack, 'DELETE_FAILED', `The following resource(s) failed to delete: [${names}]. `);
    stack.current = undefined;
  });
}
