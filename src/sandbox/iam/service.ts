import {
  ListInstanceProfileTags$,
  type ListInstanceProfileTagsRequest,
  ListPolicyTags$,
  type ListPolicyTagsRequest,
  ListRoleTags$,
  type ListRoleTagsRequest,
  ListUserTags$,
  type ListUserTagsRequest,
} from '@aws-sdk/client-iam';
import { taggedResources } from '../cloudformation/tagged.ts';
import { ApiFailure } from '../wire/failure.ts';
import { type Context, operation, type ServiceDefinition } from '../wire/service.ts';

/** IAM is one for all regions: what stacks of any region made. */
function tagsIn({ cloud }: Context, type: string, name: string | undefined) {
  const found = cloud
    .regions()
    .flatMap((region) => taggedResources(cloud, region))
    .find((one) => one.type === type && one.physicalId === name);
  if (!found) throw new ApiFailure('NoSuchEntity', `The ${type} with name ${name} cannot be found.`, 404);
  return { Tags: found.tags as { Key: string; Value: string }[], IsTruncated: false };
}

/** https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListRoleTags.html and its like */
export const iam: ServiceDefinition = {
  name: 'iam',
  version: '2010-05-08',
  protocol: 'awsQuery',
  namespace: 'https://iam.amazonaws.com/doc/2010-05-08/',
  operations: [
    operation(ListRoleTags$, (input: ListRoleTagsRequest, context: Context) =>
      tagsIn(context, 'AWS::IAM::Role', input.RoleName),
    ),
    operation(ListInstanceProfileTags$, (input: ListInstanceProfileTagsRequest, context: Context) =>
      tagsIn(context, 'AWS::IAM::InstanceProfile', input.InstanceProfileName),
    ),
    operation(ListUserTags$, (input: ListUserTagsRequest, context: Context) =>
      tagsIn(context, 'AWS::IAM::User', input.UserName),
    ),
    operation(ListPolicyTags$, (input: ListPolicyTagsRequest, context: Context) =>
      tagsIn(context, 'AWS::IAM::ManagedPolicy', input.PolicyArn),
    ),
  ],
};
