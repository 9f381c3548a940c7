/** From a request to something that can be deployed: every check that CloudFormation makes before it answers. */

import type { Parameter, RollbackConfiguration, Tag } from '@aws-sdk/client-cloudformation';
import type { Cloud, Region } from '../cloud.ts';
import { isCustomType, parseTemplate } from '../template/document.ts';
import type { Template } from '../template/model.ts';
import { type ParameterValues, resolveParameters } from '../template/parameters.ts';
import { dependencyWaves, referencesOf } from '../template/references.ts';
import { ApiFailure, validationError } from '../wire/failure.ts';
import type { Deployment, Stack } from './model.ts';
import { presentResources, pseudoParameters, stackScope } from './scope.ts';

/** What CreateStack, UpdateStack and CreateChangeSet have in common. */
export interface DeploymentInput {
  TemplateBody?: string | undefined;
  TemplateURL?: string | undefined;
  UsePreviousTemplate?: boolean | undefined;
  Parameters?: Parameter[] | undefined;
  Tags?: Tag[] | undefined;
  Capabilities?: string[] | undefined;
  RoleARN?: string | undefined;
  NotificationARNs?: string[] | undefined;
  RollbackConfiguration?: RollbackConfiguration | undefined;
}

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_CreateStack.html, Capabilities */
const IAM_TYPES = [
  'AccessKey',
  'Group',
  'InstanceProfile',
  'ManagedPolicy',
  'Policy',
  'Role',
  'User',
  'UserToGroupAddition',
].map((name) => `AWS::IAM::${name}`);
const IAM_NAMES = ['GroupName', 'InstanceProfileName', 'ManagedPolicyName', 'RoleName', 'UserName'];

export function neededCapability(template: Template): string | undefined {
  const iam = [...template.resources.values()].filter(({ type }) => IAM_TYPES.includes(type));
  if (iam.length === 0) return undefined;
  const named = iam.some(({ type, properties }) => {
    return type !== 'AWS::IAM::AccessKey' && IAM_NAMES.some((name) => properties[name] !== undefined);
  });
  return named ? 'CAPABILITY_NAMED_IAM' : 'CAPABILITY_IAM';
}

function checkCapabilities(template: Template, capabilities: readonly string[]): void {
  const needed = neededCapability(template);
  if (needed === undefined || capabilities.includes(needed) || capabilities.includes('CAPABILITY_NAMED_IAM')) return;
  throw new ApiFailure('InsufficientCapabilitiesException', `Requires capabilities : [${needed}]`);
}

function checkReferences(cloud: Cloud, stack: Stack, template: Template): void {
  const pseudo = pseudoParameters(cloud, stack);
  const sources: [string, ReturnType<typeof referencesOf>][] = [
    ...[...template.resources].map(([id, { properties }]) => [id, referencesOf(properties)] as [string, never]),
    ['Outputs', referencesOf(Object.values(template.outputs))],
  ];
  for (const [, references] of sources) {
    for (const { kind, target, attribute } of references) {
      if (kind === 'condition') continue;
      const resource = template.resources.get(target);
      const isName = kind === 'name' && (Object.hasOwn(pseudo, target) || Object.hasOwn(template.parameters, target));
      if (isName || target === 'AWS::NoValue') continue;
      if (!resource) {
        throw validationError(
          `Template format error: Unresolved resource dependencies [${target}] in the Resources block of the template`,
        );
      }
      if (attribute !== undefined && !hasAttribute(cloud, resource.type, attribute)) {
        throw validationError(
          `Template error: resource ${target} does not support attribute type ${attribute} in Fn::GetAtt`,
        );
      }
    }
  }
}

function hasAttribute(cloud: Cloud, type: string, attribute: string): boolean {
  const known = cloud.specification(type);
  if (type === 'AWS::CloudFormation::Stack' && attribute.startsWith('Outputs.')) return true;
  // An attribute that is itself computed, or below one that is a structure, is looked up when it is needed.
  return (
    cloud.makeUp !== undefined ||
    isCustomType(type) ||
    known === undefined ||
    known.attributes.has(attribute) ||
    known.properties.has(attribute.split('.')[0] ?? '')
  );
}

/** Bytes. https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html */
const TEMPLATE_LIMIT = 51_200;

function templateOf(cloud: Cloud, input: DeploymentInput, stack: Stack): Template {
  const given = givenValues(input.Parameters ?? [], stack.parameters);
  if (input.UsePreviousTemplate) {
    if (stack.template) return parseTemplate(stack.template.body, cloud.specification, given);
    throw validationError('No template found to use as the previous template');
  }
  if (input.TemplateURL) return parseTemplate(templateAt(cloud, input.TemplateURL), cloud.specification, given);
  if (!input.TemplateBody) throw validationError('Either Template URL or Template Body must be specified.');
  if (Buffer.byteLength(input.TemplateBody) > TEMPLATE_LIMIT) {
    throw validationError(
      `1 validation error detected: Value at 'templateBody' failed to satisfy constraint: Member must have length less than or equal to ${TEMPLATE_LIMIT}`,
    );
  }
  return parseTemplate(input.TemplateBody, cloud.specification, given);
}

/** As `resolveParameters` has it: what isn't asked for is the template's default, not what the stack had. */
function givenValues(parameters: readonly Parameter[], previous: ParameterValues): Record<string, string> {
  return Object.fromEntries(
    parameters.flatMap(({ ParameterKey = '', ParameterValue, UsePreviousValue }) => {
      const value = UsePreviousValue ? previous.get(ParameterKey) : ParameterValue;
      return value === undefined ? [] : [[ParameterKey, value]];
    }),
  );
}

/** The sandbox fetches nothing: a URL finds what the seed or the control plane put there. */
export function templateAt(cloud: Cloud, url: string): string {
  const text = cloud.templates.get(url);
  if (text !== undefined) return text;
  throw validationError(`TemplateURL ${url} is not one that the sandbox was given: put it to /_sandbox/templates`);
}

/**
 * @param stack the stack to be created or updated
 * @throws ApiFailure ValidationError, InsufficientCapabilitiesException
 */
export function prepareDeployment(cloud: Cloud, region: Region, stack: Stack, input: DeploymentInput): Deployment {
  const template = templateOf(cloud, input, stack);
  const parameters = resolveParameters(
    template,
    input.Parameters ?? [],
    stack.template ? stack.parameters : undefined,
    cloud.makeUp !== undefined,
  );
  checkReferences(cloud, stack, template);
  const scope = stackScope(cloud, region, stack, { template, parameters }, stack.resources);
  dependencyWaves(presentResources(scope));
  checkCapabilities(template, input.Capabilities ?? []);
  return {
    template,
    parameters,
    tags: input.Tags ?? stack.tags,
    capabilities: input.Capabilities ?? [],
    roleArn: input.RoleARN ?? stack.roleArn,
    notificationArns: input.NotificationARNs ?? stack.notificationArns,
    rollbackConfiguration: input.RollbackConfiguration ?? stack.rollbackConfiguration,
  };
}

export function applyDeployment(stack: Stack, deployment: Deployment): void {
  stack.template = deployment.template;
  stack.parameters = deployment.parameters;
  stack.tags = deployment.tags;
  stack.capabilities = deployment.capabilities;
  stack.roleArn = deployment.roleArn;
  stack.notificationArns = deployment.notificationArns;
  stack.rollbackConfiguration = deployment.rollbackConfiguration;
}
