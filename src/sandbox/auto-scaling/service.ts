import { DescribeTags$, type DescribeTagsType, type TagsType } from '@aws-sdk/client-auto-scaling';
import { taggedResources } from '../cloudformation/tagged.ts';
import { page } from '../wire/paging.ts';
import { type Context, operation, type ServiceDefinition } from '../wire/service.ts';

/** By one filter alone: https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_DescribeTags.html */
function describeTags(input: DescribeTagsType, { cloud, region }: Context): TagsType {
  const wanted = input.Filters?.find(({ Name }) => Name === 'auto-scaling-group')?.Values;
  const all = taggedResources(cloud, region)
    .filter(
      ({ type, physicalId }) => type === 'AWS::AutoScaling::AutoScalingGroup' && (wanted?.includes(physicalId) ?? true),
    )
    .flatMap(({ physicalId, tags }) =>
      tags.map(({ Key, Value }) => ({
        ResourceId: physicalId,
        ResourceType: 'auto-scaling-group',
        Key,
        Value,
        PropagateAtLaunch: false,
      })),
    );
  const { items, NextToken } = page(all, input.NextToken, input.MaxRecords ?? 50);
  return { Tags: items, NextToken };
}

export const autoScaling: ServiceDefinition = {
  name: 'auto-scaling',
  version: '2011-01-01',
  protocol: 'awsQuery',
  namespace: 'http://autoscaling.amazonaws.com/doc/2011-01-01/',
  operations: [operation(DescribeTags$, describeTags)],
};
