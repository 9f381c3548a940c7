import { CreateStackCommand, DescribeStackEventsCommand, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import type { cloudUnderTest } from './clients.ts';

export type Cloud = Awaited<ReturnType<typeof cloudUnderTest>>;

export async function stackOf({ cf }: Cloud, StackName: string) {
  const { Stacks } = await cf.send(new DescribeStacksCommand({ StackName }));
  return Stacks![0]!;
}

export async function history({ cf }: Cloud, StackName: string) {
  const { StackEvents } = await cf.send(new DescribeStackEventsCommand({ StackName }));
  return StackEvents!.reverse().map((event) => `${event.LogicalResourceId} ${event.ResourceStatus}`);
}

export async function created(cloud: Cloud, StackName: string, TemplateBody: string, more = {}) {
  const { StackId } = await cloud.cf.send(new CreateStackCommand({ StackName, TemplateBody, ...more }));
  cloud.settle();
  return StackId!;
}

export const buckets = (resources: Record<string, object>) =>
  JSON.stringify({
    Resources: Object.fromEntries(
      Object.entries(resources).map(([id, more]) => [id, { Type: 'AWS::S3::Bucket', ...more }]),
    ),
  });
