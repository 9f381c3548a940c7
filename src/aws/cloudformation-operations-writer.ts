import type { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import type { StackOperationsWriter } from '../../tools/ports/cloudformation-operations.ts';

/** Each method sends one request, once: the client must have been made with one attempt. */
export function stackOperationsWriter(_client: CloudFormationClient): StackOperationsWriter {
  return {};
}
