import {
  CreateChangeSetCommand,
  type CreateChangeSetCommandInput,
  CreateStackCommand,
  DescribeChangeSetCommand,
  DescribeStacksCommand,
  ExecuteChangeSetCommand,
  type ResourceChange,
} from '@aws-sdk/client-cloudformation';
import { cloudUnderTest, DATABASE } from './clients.ts';

export type Cloud = Awaited<ReturnType<typeof cloudUnderTest>>;

export async function withStack(TemplateBody = DATABASE, more = {}) {
  const cloud = await cloudUnderTest();
  await cloud.cf.send(new CreateStackCommand({ StackName: 'orders', TemplateBody, ...more }));
  cloud.settle();
  return cloud;
}

export function propose({ cf }: Cloud, ChangeSetName: string, input: Partial<CreateChangeSetCommandInput>) {
  return cf.send(new CreateChangeSetCommand({ StackName: 'orders', ChangeSetName, ...input }));
}

export const storage = (size: number) => DATABASE.replace('AllocatedStorage: 20', `AllocatedStorage: ${size}`);

/** Makes a change set and describes it once it is done. */
export async function proposed(
  cloud: Cloud,
  input: Partial<CreateChangeSetCommandInput>,
  IncludePropertyValues = true,
) {
  const name = `set-${Math.random().toString(36).slice(2)}`;
  await propose(cloud, name, input);
  cloud.settle();
  return cloud.cf.send(
    new DescribeChangeSetCommand({ StackName: 'orders', ChangeSetName: name, IncludePropertyValues }),
  );
}

export async function changesOf(
  cloud: Cloud,
  input: Partial<CreateChangeSetCommandInput>,
): Promise<Record<string, ResourceChange>> {
  const { Changes } = await proposed(cloud, input);
  return Object.fromEntries(Changes!.map(({ ResourceChange: change }) => [change!.LogicalResourceId, change!]));
}

export const execute = ({ cf }: Cloud, ChangeSetName: string, ClientRequestToken?: string) =>
  cf.send(new ExecuteChangeSetCommand({ StackName: 'orders', ChangeSetName, ClientRequestToken }));

export const statusOf = async ({ cf }: Cloud) =>
  (await cf.send(new DescribeStacksCommand({ StackName: 'orders' }))).Stacks![0]!.StackStatus;
