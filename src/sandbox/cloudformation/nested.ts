/**
 * Stacks within stacks: as resources that are made, changed and removed, and in change sets.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-nested-stacks.html
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/change-sets-for-nested-stacks.html
 */
import type { Tag } from '@aws-sdk/client-cloudformation';
import type { Cloud, Region } from '../cloud.ts';
import { randomSuffix } from '../ids.ts';
import { isObject, type Json, type JsonObject } from '../template/document.ts';
import { ApiFailure } from '../wire/failure.ts';
import { planChanges } from './changes.ts';
import { startCreate } from './create.ts';
import { startDelete } from './delete.ts';
import { type Deployment, type DeploymentInput, prepareDeployment } from './deployment.ts';
import { ResourceFailure } from './provider.ts';
import { createdStack, type Stack } from './stack.ts';
import { startUpdate } from './update.ts';
import type { Completion } from './waves.ts';

export const NESTED_STACK = 'AWS::CloudFormation::Stack';

/**
 * What a nested stack was before the update that is under way: an update of the stack around it may have to go back.
 */
const earlier = new WeakMap<Stack, Deployment>();

function childrenOf(region: Region, stack: Stack): Stack[] {
  return [...region.stacks.values()].filter(
    ({ parent, status }) => parent?.stackId === stack.id && status !== 'DELETE_COMPLETE',
  );
}

/** The empty stack that a change set made for a nested stack, or a new one. */
export function shellFor(cloud: Cloud, region: Region, stack: Stack, logicalId: string): Stack {
  const shell = childrenOf(region, stack).find(
    ({ parent, status }) => parent?.logicalId === logicalId && status === 'REVIEW_IN_PROGRESS',
  );
  const name = `${stack.name}-${logicalId}-${randomSuffix(12)}`;
  return shell ?? createdStack(cloud, region, name, { stackId: stack.id, logicalId });
}

function text(value: Json): string {
  if (Array.isArray(value)) return value.map(text).join(',');
  return isObject(value) ? JSON.stringify(value) : String(value);
}

/** What the properties of the resource ask for. Tags and capabilities of the stack around it hold for it too. */
export function nestedInput(
  properties: JsonObject,
  around: { tags: readonly Tag[]; capabilities: readonly string[] },
): DeploymentInput {
  const parameters = isObject(properties.Parameters) ? properties.Parameters : {};
  const own = Array.isArray(properties.Tags) ? properties.Tags.filter(isObject) : [];
  const tags = own.map((tag) => ({ Key: String(tag.Key), Value: String(tag.Value ?? '') }));
  return {
    TemplateURL: String(properties.TemplateURL ?? ''),
    Parameters: Object.entries(parameters).map(([ParameterKey, value]) => ({
      ParameterKey,
      ParameterValue: text(value),
    })),
    Tags: [...tags, ...around.tags.filter(({ Key }) => !tags.some((tag) => tag.Key === Key))],
    Capabilities: [...around.capabilities],
  };
}

function prepared(cloud: Cloud, region: Region, child: Stack, input: DeploymentInput): Deployment {
  try {
    return prepareDeployment(cloud, region, child, input);
  } catch (error) {
    if (error instanceof ApiFailure) throw new ResourceFailure(error.message);
    throw error;
  }
}

/** Done when the nested stack is; failed when it isn't in the wanted state by then. */
function following(child: Stack, wanted: RegExp, complete: () => void): Completion {
  return {
    complete,
    pending: () => child.current !== undefined,
    failure: () =>
      wanted.test(child.status) ? undefined : `Embedded stack ${child.id} is ${child.status}: ${child.reason ?? ''}`,
  };
}

export function createNested(
  cloud: Cloud,
  region: Region,
  stack: Stack,
  request: { logicalId: string; properties: JsonObject },
): { physicalId: string; following: (complete: () => void) => Completion } {
  const child = shellFor(cloud, region, stack, request.logicalId);
  const deployment = prepared(cloud, region, child, nestedInput(request.properties, stack));
  startCreate(cloud, region, child, deployment, { token: stack.current?.token, onFailure: 'ROLLBACK' });
  return { physicalId: child.id, following: (complete) => following(child, /^CREATE_COMPLETE$/, complete) };
}

/** @returns undefined where nothing in it changes */
export function updateNested(
  cloud: Cloud,
  region: Region,
  stack: Stack,
  physicalId: string,
  properties: JsonObject,
): ((complete: () => void) => Completion) | undefined {
  const child = region.stacks.get(physicalId);
  if (!child) throw new ResourceFailure(`Embedded stack ${physicalId} does not exist`);
  const deployment = prepared(cloud, region, child, nestedInput(properties, stack));
  if (!planChanges(cloud, region, child, deployment).effective) return undefined;
  const { template, parameters, tags, capabilities, roleArn, notificationArns } = child;
  if (template) earlier.set(child, { template, parameters, tags, capabilities, roleArn, notificationArns });
  startUpdate(cloud, region, child, deployment, { token: stack.current?.token, disableRollback: false });
  return (complete) => following(child, /^UPDATE_COMPLETE$/, complete);
}

/** Back to what it was before the update of the stack around it began. */
export function rollBackNested(cloud: Cloud, region: Region, stack: Stack, physicalId: string): void {
  const child = region.stacks.get(physicalId);
  const before = child && earlier.get(child);
  if (!child || !before || child.status !== 'UPDATE_COMPLETE') return;
  startUpdate(cloud, region, child, before, { token: stack.current?.token, disableRollback: true });
}

export function deleteNested(
  cloud: Cloud,
  region: Region,
  stack: Stack,
  physicalId: string,
): ((complete: () => void) => Completion) | undefined {
  const child = region.stacks.get(physicalId);
  if (!child || child.status === 'DELETE_COMPLETE') return undefined;
  startDelete(cloud, region, child, { token: stack.current?.token, retain: [] });
  return (complete) => following(child, /^DELETE_COMPLETE$/, complete);
}

export function nestedOutput(region: Region, physicalId: string, key: string): string | undefined {
  return region.stacks.get(physicalId)?.outputs.find(({ OutputKey }) => OutputKey === key)?.OutputValue;
}
