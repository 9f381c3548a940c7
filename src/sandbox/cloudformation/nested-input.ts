/** What a stack within a stack is made from. */
import type { Tag } from '@aws-sdk/client-cloudformation';
import type { Cloud, Region } from '../cloud.ts';
import { randomSuffix } from '../ids.ts';
import { isObject, type Json, type JsonObject } from '../template/json.ts';
import type { DeploymentInput } from './deployment.ts';
import type { Stack } from './model.ts';
import { createdStack } from './stack.ts';
import { stacksIn } from './state.ts';

function childrenOf(region: Region, stack: Stack): Stack[] {
  return [...stacksIn(region).values()].filter(
    ({ parent, status }) => parent?.stackId === stack.id && status !== 'DELETE_COMPLETE',
  );
}

/** The empty stack that a change set made for a nested stack, or a new one. */
export function shellFor(cloud: Cloud, region: Region, stack: Stack, logicalId: string): Stack {
  const shell = childrenOf(region, stack).find(
    ({ parent, status }) => parent?.logicalId === logicalId && status === 'REVIEW_IN_PROGRESS',
  );
  const name = `${stack.name}-${logicalId}-${randomSuffix(12, cloud.bytes)}`;
  return shell ?? createdStack(cloud, region, name, { stackId: stack.id, logicalId });
}

function text(value: Json): string {
  if (Array.isArray(value)) return value.map(text).join(',');
  return isObject(value) ? JSON.stringify(value) : String(value);
}

/** Is there no template to be had at its address, where that is no reason to fail? */
export function isUnseen(cloud: Cloud, { TemplateURL }: JsonObject): boolean {
  return cloud.makeUp !== undefined && !cloud.templates.has(String(TemplateURL ?? ''));
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
