import {
  GetResources$,
  type GetResourcesInput,
  type GetResourcesOutput,
} from '@aws-sdk/client-resource-groups-tagging-api';
import { taggedResources } from '../cloudformation/tagged.ts';
import { ApiFailure } from '../wire/failure.ts';
import { page } from '../wire/paging.ts';
import { type Context, operation, type ServiceDefinition } from '../wire/service.ts';

/** What it leaves out: https://docs.aws.amazon.com/resourcegroupstagging/latest/APIReference/supported-services.html */
const LEFT_OUT = /^AWS::(IAM::Role|IAM::InstanceProfile|IAM::User|AutoScaling::AutoScalingGroup)$/;

/** https://docs.aws.amazon.com/resourcegroupstagging/latest/APIReference/API_GetResources.html */
function getResources(input: GetResourcesInput, { cloud, region }: Context): GetResourcesOutput {
  const wanted = input.ResourceARNList;
  if (wanted && wanted.length > 100)
    throw new ApiFailure('InvalidParameterException', 'ResourceARNList has more than 100 entries');
  if (wanted?.some((arn) => !/^arn:[^:]+:[^:]+:[^:]*:[^:]*:.+$/.test(arn)))
    throw new ApiFailure('InvalidParameterException', 'ResourceARNList has something that is not an ARN');
  const all = taggedResources(cloud, region).filter(
    ({ type, arn }) => !LEFT_OUT.test(type) && (!wanted || wanted.includes(arn)),
  );
  const { items, NextToken } = page(all, input.PaginationToken, input.ResourcesPerPage ?? 100);
  return {
    PaginationToken: NextToken ?? '',
    ResourceTagMappingList: items.map(({ arn, tags }) => ({
      ResourceARN: arn,
      Tags: tags as { Key: string; Value: string }[],
    })),
  };
}

export const tagging: ServiceDefinition = {
  name: 'tagging',
  version: 'ResourceGroupsTaggingAPI_20170126',
  protocol: 'awsJson',
  namespace: '',
  operations: [operation(GetResources$, getResources)],
};
