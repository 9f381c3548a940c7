import type { AwsOptions } from '../aws/index.ts';
import type { Config } from '../config.ts';

/** The roles that the configuration names; everything else is by the SDK's own conventions. */
export function awsOptions({ aws }: Config): AwsOptions {
  return { readRoleArn: aws.read_role_arn, executionRoleArn: aws.execution_role_arn, externalId: aws.external_id };
}
