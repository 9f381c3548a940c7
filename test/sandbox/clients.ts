/** A sandbox with the SDK's own clients in front of it, and a clock that only the test moves. */
import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { EC2Client } from '@aws-sdk/client-ec2';
import { STSClient } from '@aws-sdk/client-sts';
import { onTestFinished } from 'vitest';
import { type SandboxOptions, startSandbox } from '../../src/sandbox/server.ts';

export async function cloudUnderTest(options: SandboxOptions = {}, accessKeyId = 'AKIATEST') {
  let clock = Date.parse('2026-01-01T00:00:00Z');
  const now = options.now ?? (() => clock);
  const sandbox = await startSandbox({ latencyMs: 100, ...options, now });
  const connect = (region: string, key = accessKeyId) => {
    const configuration = {
      endpoint: sandbox.endpoint,
      region,
      credentials: { accessKeyId: key, secretAccessKey: 'anything' },
      maxAttempts: 1,
    };
    const clients = {
      cf: new CloudFormationClient(configuration),
      ec2: new EC2Client(configuration),
      sts: new STSClient(configuration),
    };
    onTestFinished(() => {
      for (const client of Object.values(clients)) client.destroy();
    });
    for (const { config } of Object.values(clients)) signedBy(now, config);
    return clients;
  };
  onTestFinished(() => sandbox.close());
  return {
    sandbox,
    connect,
    ...connect('eu-west-1'),
    /** Lets `ms` pass. */
    pass(ms: number) {
      clock += ms;
    },
    /** Lets enough time pass for anything to end. */
    settle() {
      clock += 60_000;
    },
    now: () => clock,
    control: async (path: string, body?: unknown) => {
      const init = body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) };
      const response = await fetch(`${sandbox.endpoint}/_sandbox/${path}`, init);
      return { status: response.status, body: await response.json() };
    },
  };
}

/** A client with this configuration signs by the cloud's clock, however wrong ours is by it. */
export function signedBy(now: () => number, config: object): void {
  Object.defineProperty(config, 'systemClockOffset', { get: () => now() - Date.now(), set() {} });
}

/** The error that a call ends with. */
export async function failureOf(call: Promise<unknown>) {
  try {
    await call;
  } catch (error) {
    return error as Error & { $metadata?: { httpStatusCode?: number }; Code?: string };
  }
  throw new Error('the call succeeded');
}

export const DATABASE = `
AWSTemplateFormatVersion: 2010-09-09
Description: a database and what uses it
Parameters:
  Class: { Type: String, Default: db.t3.micro }
  Password: { Type: String, NoEcho: true, Default: "hunter2-hunter2" }
Resources:
  Database:
    Type: AWS::RDS::DBInstance
    Properties:
      DBInstanceIdentifier: orders
      DBInstanceClass: !Ref Class
      Engine: postgres
      AllocatedStorage: 20
      MasterUserPassword: !Ref Password
  Address:
    Type: AWS::SSM::Parameter
    Properties: { Name: /orders/db, Type: String, Value: !Sub "\${Database.Endpoint.Address}:\${Database.Endpoint.Port}" }
Outputs:
  Endpoint: { Value: !GetAtt Database.Endpoint.Address, Export: { Name: !Sub "\${AWS::StackName}-endpoint" } }
`;
