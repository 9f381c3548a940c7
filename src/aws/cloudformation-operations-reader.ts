import type { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import type { StackOperationsReader } from '../../tools/ports/cloudformation-operations.ts';

export function stackOperationsReader(_client: CloudFormationClient): StackOperationsReader {
  return {};
}
