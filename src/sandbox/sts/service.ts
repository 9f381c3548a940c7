import {
  AssumeRole$,
  GetCallerIdentity$,
  type GetCallerIdentityRequest,
  type GetCallerIdentityResponse,
} from '@aws-sdk/client-sts';
import { type Context, operation, type ServiceDefinition } from '../wire/service.ts';
import { assumeRole, userOf } from './assume-role.ts';

/** https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html */
function getCallerIdentity(
  _input: GetCallerIdentityRequest,
  { cloud, accessKeyId }: Context,
): GetCallerIdentityResponse {
  const session = cloud.sessions.get(accessKeyId);
  if (session) return { Account: cloud.accountId, Arn: session.arn, UserId: session.id };
  return { Account: cloud.accountId, Arn: userOf(cloud).arn, UserId: 'AIDASANDBOXSANDBOXSAN' };
}

export const sts: ServiceDefinition = {
  name: 'sts',
  version: '2011-06-15',
  protocol: 'awsQuery',
  namespace: 'https://sts.amazonaws.com/doc/2011-06-15/',
  operations: [operation(AssumeRole$, assumeRole), operation(GetCallerIdentity$, getCallerIdentity)],
};
