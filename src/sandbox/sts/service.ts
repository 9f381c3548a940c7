import {
  AssumeRole$,
  type AssumeRoleRequest,
  type AssumeRoleResponse,
  GetCallerIdentity$,
  type GetCallerIdentityRequest,
  type GetCallerIdentityResponse,
} from '@aws-sdk/client-sts';
import { randomSuffix } from '../ids.ts';
import { ApiFailure, required } from '../wire/failure.ts';
import { type Context, operation, type ServiceDefinition } from '../wire/service.ts';
import { readPolicy } from './policy.ts';

const HOUR_S = 3600;

/** https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html */
function getCallerIdentity(
  _input: GetCallerIdentityRequest,
  { cloud, accessKeyId }: Context,
): GetCallerIdentityResponse {
  const session = cloud.sessions.get(accessKeyId);
  if (session) return { Account: cloud.accountId, Arn: session.arn, UserId: session.id };
  return {
    Account: cloud.accountId,
    Arn: `arn:aws:iam::${cloud.accountId}:user/sandbox`,
    UserId: 'AIDASANDBOXSANDBOXSAN',
  };
}

/** Any role of any name can be assumed. https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html */
function assumeRole(input: AssumeRoleRequest, { cloud, accessKeyId: caller }: Context): AssumeRoleResponse {
  const role = required(input.RoleArn, 'roleArn');
  const session = required(input.RoleSessionName, 'roleSessionName');
  const arn = `arn:aws:sts::${cloud.accountId}:assumed-role/${role.split('/').pop()}/${session}`;
  const accessKeyId = `ASIA${randomSuffix(16)}`;
  const id = `AROA${randomSuffix(17)}:${session}`;
  const inherited = cloud.sessions.get(caller)?.source_identity;
  if (inherited !== undefined && input.SourceIdentity !== undefined && input.SourceIdentity !== inherited)
    throw new ApiFailure(
      'AccessDenied',
      `User: ${cloud.sessions.get(caller)?.arn} is not authorized to perform: sts:SetSourceIdentity on resource: ${role}`,
      403,
    );
  const identity = input.SourceIdentity ?? inherited;
  const ends = cloud.time() + (input.DurationSeconds ?? HOUR_S) * 1000;
  cloud.sessions.set(accessKeyId, {
    arn,
    id,
    ends,
    tags: Object.fromEntries((input.Tags ?? []).map(({ Key = '', Value = '' }) => [Key, Value])),
    ...(identity === undefined ? {} : { source_identity: identity }),
    ...(input.Policy === undefined ? {} : { policy: readPolicy(input.Policy) }),
  });
  return {
    Credentials: {
      AccessKeyId: accessKeyId,
      SecretAccessKey: randomSuffix(40),
      SessionToken: randomSuffix(64),
      Expiration: new Date(ends),
    },
    AssumedRoleUser: { Arn: arn, AssumedRoleId: id },
  };
}

export const sts: ServiceDefinition = {
  name: 'sts',
  version: '2011-06-15',
  protocol: 'awsQuery',
  namespace: 'https://sts.amazonaws.com/doc/2011-06-15/',
  operations: [operation(AssumeRole$, assumeRole), operation(GetCallerIdentity$, getCallerIdentity)],
};
