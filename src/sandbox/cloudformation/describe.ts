/** The operations that read stacks. */

import type {
  DescribeStackEventsInput,
  DescribeStackEventsOutput,
  DescribeStackResourcesInput,
  DescribeStackResourcesOutput,
  DescribeStacksInput,
  DescribeStacksOutput,
  ListStackResourcesInput,
  ListStackResourcesOutput,
  ListStacksInput,
  ListStacksOutput,
  Stack as StackShape,
} from '@aws-sdk/client-cloudformation';
import type { Region } from '../cloud.ts';
import { shownParameters } from '../template/parameters.ts';
import { required, validationError } from '../wire/failure.ts';
import { page } from '../wire/paging.ts';
import type { Context } from '../wire/service.ts';
import type { Stack, StackResource } from './model.ts';
import { findStack, forgetOldStacks, knownStack } from './stack.ts';
import { stacksIn } from './state.ts';

/** What the last detection found; or what a seed says that it found. */
function driftOf({ drift, resources, createdAt }: Stack) {
  if (drift) return { StackDriftStatus: drift.status, LastCheckTimestamp: drift.at };
  const seeded = [...resources.values()].some((resource) => resource.drift !== undefined);
  if (!seeded) return { StackDriftStatus: 'NOT_CHECKED' as const };
  return { StackDriftStatus: 'DRIFTED' as const, LastCheckTimestamp: createdAt };
}

function rootOf(region: Region, stack: Stack): Stack {
  const parent = stack.parent && stacksIn(region).get(stack.parent.stackId);
  return parent ? rootOf(region, parent) : stack;
}

function describe(region: Region, stack: Stack): StackShape {
  return {
    StackId: stack.id,
    StackName: stack.name,
    ChangeSetId: stack.changeSetId,
    Description: stack.template?.description,
    Parameters:
      stack.template && stack.parameters.size > 0 ? shownParameters(stack.template, stack.parameters) : undefined,
    CreationTime: stack.createdAt,
    LastUpdatedTime: stack.updatedAt,
    DeletionTime: stack.deletedAt,
    RollbackConfiguration: stack.rollbackConfiguration,
    StackStatus: stack.status,
    StackStatusReason: stack.reason,
    DisableRollback: stack.disableRollback,
    NotificationARNs: [...stack.notificationArns],
    Capabilities: stack.capabilities.length > 0 ? ([...stack.capabilities] as StackShape['Capabilities']) : undefined,
    Outputs: stack.outputs.length > 0 ? [...stack.outputs] : undefined,
    RoleARN: stack.roleArn,
    Tags: [...stack.tags],
    EnableTerminationProtection: stack.terminationProtection,
    DriftInformation: driftOf(stack),
    ...(stack.parent ? { ParentId: stack.parent.stackId, RootId: rootOf(region, stack).id } : {}),
  };
}

export function describeStacks(input: DescribeStacksInput, { cloud, region }: Context): DescribeStacksOutput {
  if (input.StackName) return { Stacks: [describe(region, knownStack(region, input.StackName))] };
  forgetOldStacks(cloud, region);
  const living = [...stacksIn(region).values()].filter(({ status }) => status !== 'DELETE_COMPLETE').reverse();
  const { items, NextToken } = page(living, input.NextToken, 100);
  return { Stacks: items.map((stack) => describe(region, stack)), NextToken };
}

export function listStacks(input: ListStacksInput, { cloud, region }: Context): ListStacksOutput {
  forgetOldStacks(cloud, region);
  const wanted = input.StackStatusFilter ?? [];
  const chosen = [...stacksIn(region).values()]
    .filter(({ status }) => wanted.length === 0 || wanted.includes(status))
    .reverse();
  const { items, NextToken } = page(chosen, input.NextToken, 100);
  return {
    StackSummaries: items.map((stack) => ({
      StackId: stack.id,
      StackName: stack.name,
      TemplateDescription: stack.template?.description,
      CreationTime: stack.createdAt,
      LastUpdatedTime: stack.updatedAt,
      DeletionTime: stack.deletedAt,
      StackStatus: stack.status,
      StackStatusReason: stack.reason,
      DriftInformation: driftOf(stack),
      ParentId: stack.parent?.stackId,
    })),
    NextToken,
  };
}

function summary(resource: StackResource) {
  return {
    LogicalResourceId: resource.logicalId,
    PhysicalResourceId: resource.physicalId || undefined,
    ResourceType: resource.type,
    ResourceStatus: resource.status,
    ResourceStatusReason: resource.reason,
    DriftInformation: { StackResourceDriftStatus: resource.drift ?? ('NOT_CHECKED' as const) },
  };
}

export function listStackResources(input: ListStackResourcesInput, { region }: Context): ListStackResourcesOutput {
  const stack = knownStack(region, required(input.StackName, 'stackName'));
  const { items, NextToken } = page([...stack.resources.values()], input.NextToken, 100);
  return {
    StackResourceSummaries: items.map((resource) => ({ ...summary(resource), LastUpdatedTimestamp: resource.at })),
    NextToken,
  };
}

export function describeStackResources(
  input: DescribeStackResourcesInput,
  { region }: Context,
): DescribeStackResourcesOutput {
  const byPhysicalId = input.PhysicalResourceId;
  const stack = byPhysicalId
    ? [...stacksIn(region).values()].find(({ resources }) =>
        [...resources.values()].some((one) => one.physicalId === byPhysicalId && one.status !== 'DELETE_COMPLETE'),
      )
    : knownStack(region, required(input.StackName, 'stackName'));
  if (!stack) throw validationError(`Stack for ${byPhysicalId} does not exist`);
  const chosen = [...stack.resources.values()].filter(
    ({ logicalId }) => !input.LogicalResourceId || logicalId === input.LogicalResourceId,
  );
  return {
    // More than a hundred are only to be had from ListStackResources.
    StackResources: chosen.slice(0, 100).map((resource) => ({
      ...summary(resource),
      StackId: stack.id,
      StackName: stack.name,
      Timestamp: resource.at,
    })),
  };
}

export function describeStackEvents(input: DescribeStackEventsInput, { region }: Context): DescribeStackEventsOutput {
  const name = required(input.StackName, 'stackName');
  const stack = findStack(region, name);
  if (!stack) throw validationError(`Stack [${name}] does not exist`);
  const { items, NextToken } = page([...stack.events].reverse(), input.NextToken, 100);
  return { StackEvents: items, NextToken };
}
