import {
  CancelUpdateStackCommand,
  type CloudFormationClient,
  ContinueUpdateRollbackCommand,
  RollbackStackCommand,
  SetStackPolicyCommand,
  UpdateTerminationProtectionCommand,
} from '@aws-sdk/client-cloudformation';
import type { StackOperationsWriter } from '../../../tools/ports/cloudformation-operations.ts';
import { called } from '../request/call.ts';
import { demand, STACK_ARN } from './writer.ts';

/** Each method sends one request, once: the client must have been made with one attempt. */
export function stackOperationsWriter(client: CloudFormationClient): StackOperationsWriter {
  const named = (stack_id: string) => {
    demand(STACK_ARN, stack_id, 'a stack ARN');
    return { StackName: stack_id };
  };
  return {
    async updateTerminationProtection({ stack_id, enabled }) {
      const input = { ...named(stack_id), EnableTerminationProtection: enabled };
      await called(client.send(new UpdateTerminationProtectionCommand(input)), 'UpdateTerminationProtection');
    },
    async setStackPolicy({ stack_id, body }) {
      const input = { ...named(stack_id), StackPolicyBody: body };
      await called(client.send(new SetStackPolicyCommand(input)), 'SetStackPolicy');
    },
    async cancelUpdateStack({ stack_id, token }) {
      const input = { ...named(stack_id), ClientRequestToken: token };
      await called(client.send(new CancelUpdateStackCommand(input)), 'CancelUpdateStack');
    },
    async continueUpdateRollback({ stack_id, resources_to_skip, token }) {
      const skipped = resources_to_skip.length > 0 ? { ResourcesToSkip: [...resources_to_skip] } : {};
      const input = { ...named(stack_id), ...skipped, ClientRequestToken: token };
      await called(client.send(new ContinueUpdateRollbackCommand(input)), 'ContinueUpdateRollback');
    },
    async rollbackStack({ stack_id, token }) {
      const input = { ...named(stack_id), ClientRequestToken: token };
      await called(client.send(new RollbackStackCommand(input)), 'RollbackStack');
    },
  };
}
