import { randomInt } from 'node:crypto';
import { startSandbox } from '../sandbox/server.ts';

/**
 * What `serve --sandbox`, `sandbox` and `demo` start with: a small shop in production, and its copy for development.
 */
const EXAMPLE_REGION = 'eu-west-1';

/** Accepted by the embedded cloud, worthless anywhere else. */
export const EXAMPLE_CREDENTIALS = { accessKeyId: 'AKIDSANDBOX', secretAccessKey: 'sandbox' } as const;

/**
 * The template of the shop. `identifier` names the database: changing it makes CloudFormation build a new, empty one.
 */
export function shopTemplate(options: { readonly identifier: string; readonly alarms?: boolean }): string {
  return `AWSTemplateFormatVersion: "2010-09-09"
Description: The shop
Parameters:
  DatabasePassword: { Type: String, NoEcho: true, Default: change-me-please }
Resources:
  Orders:
    Type: AWS::RDS::DBInstance
    DeletionPolicy: Delete
    UpdateReplacePolicy: Delete
    Properties:
      DBInstanceIdentifier: ${options.identifier}
      Engine: postgres
      DBInstanceClass: db.m6g.large
      AllocatedStorage: "500"
      MasterUsername: shop
      MasterUserPassword: !Ref DatabasePassword
  Web:
    Type: AWS::EC2::Instance
    Properties:
      ImageId: ami-0abcdef1234567890
      InstanceType: t3.large
  Jobs:
    Type: AWS::SQS::Queue
  Invoices:
    Type: AWS::S3::Bucket
${
  options.alarms
    ? `  DeadJobs:
    Type: AWS::SQS::Queue
`
    : ''
}`;
}

/**
 * @param options.ownAccount an account number that no other embedded cloud has, so that executors can tell theirs from
 *   another's
 */
export async function startExampleCloud(options: { readonly port?: number; readonly ownAccount?: boolean } = {}) {
  const { port, ownAccount } = options;
  const sandbox = await startSandbox({
    ...(port === undefined ? {} : { port }),
    ...(ownAccount ? { accountId: `000000${randomInt(100_000, 1_000_000)}` } : {}),
    region: EXAMPLE_REGION,
    seed: {
      region: EXAMPLE_REGION,
      stacks: [
        {
          name: 'shop-production',
          template: shopTemplate({ identifier: 'shop-orders' }),
          tags: { env: 'production', team: 'payments' },
        },
        {
          name: 'dev-shop',
          template: shopTemplate({ identifier: 'dev-shop-orders' }),
          tags: { env: 'development', team: 'payments' },
        },
      ],
    },
  });
  return { ...sandbox, region: EXAMPLE_REGION, credentials: EXAMPLE_CREDENTIALS };
}
