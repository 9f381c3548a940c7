/** The operations that read change sets, templates and exports. */

import type {
  ChangeSetSummary,
  DescribeChangeSetInput,
  DescribeChangeSetOutput,
  GetTemplateInput,
  GetTemplateOutput,
  GetTemplateSummaryInput,
  GetTemplateSummaryOutput,
  ListChangeSetsInput,
  ListChangeSetsOutput,
  ListExportsInput,
  ListExportsOutput,
  ListImportsInput,
  ListImportsOutput,
  ResourceChange,
  ValidateTemplateInput,
  ValidateTemplateOutput,
} from '@aws-sdk/client-cloudformation';
import type { Cloud, Region } from '../cloud.ts';
import { parseTemplate } from '../template/document.ts';
import { isObject, type Json } from '../template/json.ts';
import type { Template } from '../template/model.ts';
import { isNoEcho, shownParameters } from '../template/parameters.ts';
import { parseText } from '../template/text.ts';
import { required, validationError } from '../wire/failure.ts';
import { page } from '../wire/paging.ts';
import type { Context } from '../wire/service.ts';
import { changeSetsOf, knownChangeSet } from './changeset.ts';
import { neededCapability, templateAt } from './deployment.ts';
import { allExports, importersOf } from './exports.ts';
import type { ChangeSet } from './model.ts';
import { knownStack } from './stack.ts';
import { stacksIn } from './state.ts';

function summary(region: Region, set: ChangeSet): ChangeSetSummary {
  return {
    StackId: set.stackId,
    StackName: stacksIn(region).get(set.stackId)?.name,
    ChangeSetId: set.id,
    ChangeSetName: set.name,
    ExecutionStatus: set.executionStatus,
    Status: set.status,
    StatusReason: set.reason,
    CreationTime: set.createdAt,
    Description: set.description,
    IncludeNestedStacks: set.includesNested,
    ParentChangeSetId: set.parentId,
    RootChangeSetId: set.rootId,
  };
}

/** Property values are only given to those who ask for them. */
function withoutValues(change: ResourceChange): ResourceChange {
  const { BeforeContext: _before, AfterContext: _after, ...rest } = change;
  const details = change.Details?.map(({ Target, ...detail }) => ({
    ...detail,
    Target: Target && {
      Attribute: Target.Attribute,
      Name: Target.Name,
      RequiresRecreation: Target.RequiresRecreation,
    },
  }));
  return { ...rest, Details: details };
}

export function describeChangeSet(input: DescribeChangeSetInput, { region }: Context): DescribeChangeSetOutput {
  const set = knownChangeSet(region, input);
  const { template, parameters, tags, capabilities, notificationArns, rollbackConfiguration } = set.deployment;
  const { items, NextToken } = page(set.changes, input.NextToken, 100);
  const shown = shownParameters(template, parameters);
  const changes = items.map((change) =>
    input.IncludePropertyValues || !change.ResourceChange
      ? change
      : { ...change, ResourceChange: withoutValues(change.ResourceChange) },
  );
  return {
    ...summary(region, set),
    Parameters: shown.length > 0 ? shown : undefined,
    NotificationARNs: [...notificationArns],
    RollbackConfiguration: rollbackConfiguration,
    Capabilities: capabilities.length > 0 ? ([...capabilities] as DescribeChangeSetOutput['Capabilities']) : undefined,
    Tags: tags.length > 0 ? [...tags] : undefined,
    Changes: changes,
    ...(set.revertsDrift ? { DeploymentMode: 'REVERT_DRIFT' as const } : {}),
    NextToken,
  };
}

export function listChangeSets(input: ListChangeSetsInput, { region }: Context): ListChangeSetsOutput {
  const stack = knownStack(region, required(input.StackName, 'stackName'));
  const { items, NextToken } = page(changeSetsOf(region, stack), input.NextToken, 100);
  return { Summaries: items.map((set) => summary(region, set)), NextToken };
}

export function getTemplate(input: GetTemplateInput, { region }: Context): GetTemplateOutput {
  const set = input.ChangeSetName ? knownChangeSet(region, input) : undefined;
  const template = set?.deployment.template ?? knownStack(region, required(input.StackName, 'stackName')).template;
  if (!template) throw validationError(`Stack with id ${input.StackName} has no template yet`);
  const body = input.TemplateStage === 'Processed' ? template.processed : template.body;
  return { TemplateBody: body, StagesAvailable: ['Original', 'Processed'] };
}

function capabilitiesOf(template: Template) {
  const needed = neededCapability(template);
  const reason = `The following resource(s) require capabilities: [${[...template.resources.values()]
    .map(({ type }) => type)
    .filter((type) => type.startsWith('AWS::IAM::'))
    .join(', ')}]`;
  return {
    Capabilities: needed ? [needed as 'CAPABILITY_IAM' | 'CAPABILITY_NAMED_IAM'] : undefined,
    CapabilitiesReason: needed ? reason : undefined,
  };
}

function declarations(template: Template) {
  const words = (value: unknown) => (value === undefined ? undefined : String(value));
  return Object.entries(template.parameters).map(([name, definition]) => ({
    ParameterKey: name,
    ParameterType: words(definition.Type ?? 'String'),
    DefaultValue: words(definition.Default),
    NoEcho: isNoEcho(template, name),
    Description: words(definition.Description),
  }));
}

function given(
  cloud: Cloud,
  input: { TemplateBody?: string | undefined; TemplateURL?: string | undefined },
): Template | undefined {
  if (input.TemplateURL) return parseTemplate(templateAt(cloud, input.TemplateURL), cloud.specification);
  return input.TemplateBody ? parseTemplate(input.TemplateBody, cloud.specification) : undefined;
}

/** At the top and in functions. */
function transformsOf(value: Json | undefined, key = ''): string[] {
  if (key === 'Transform' || key === 'Fn::Transform') {
    const names = [value].flat().map((one) => (isObject(one) ? one.Name : one));
    return names.flatMap((name) => (name === undefined ? [] : [String(name)]));
  }
  if (Array.isArray(value)) return value.flatMap((item) => transformsOf(item));
  return isObject(value) ? Object.entries(value).flatMap(([name, inner]) => transformsOf(inner, name)) : [];
}

export function getTemplateSummary(
  input: GetTemplateSummaryInput,
  { cloud, region }: Context,
): GetTemplateSummaryOutput {
  const body = input.TemplateURL ? templateAt(cloud, input.TemplateURL) : input.TemplateBody;
  const DeclaredTransforms = body === undefined ? [] : transformsOf(parseText(body));
  // What the sandbox doesn't run it can still name.
  if (DeclaredTransforms.some((name) => name !== 'AWS::LanguageExtensions')) return { DeclaredTransforms };
  const template = given(cloud, input) ?? knownStack(region, required(input.StackName, 'stackName')).template;
  if (!template) throw validationError(`Stack with id ${input.StackName} has no template yet`);
  return {
    Parameters: declarations(template),
    Description: template.description,
    ...capabilitiesOf(template),
    ...(DeclaredTransforms.length > 0 ? { DeclaredTransforms } : {}),
    ResourceTypes: [...new Set([...template.resources.values()].map(({ type }) => type))],
    Version: '2010-09-09',
    Metadata: template.metadata === undefined ? undefined : JSON.stringify(template.metadata),
  };
}

export function validateTemplate(input: ValidateTemplateInput, { cloud }: Context): ValidateTemplateOutput {
  const template = given(cloud, input);
  if (!template) throw validationError('Either Template URL or Template Body must be specified.');
  return { Parameters: declarations(template), Description: template.description, ...capabilitiesOf(template) };
}

export function listExports(input: ListExportsInput, { region }: Context): ListExportsOutput {
  const { items, NextToken } = page(allExports(region), input.NextToken, 100);
  return { Exports: items, NextToken };
}

export function listImports(input: ListImportsInput, { region }: Context): ListImportsOutput {
  const name = required(input.ExportName, 'exportName');
  const importers = importersOf(region, name);
  if (importers.length === 0) throw validationError(`Export '${name}' is not imported by any stack.`);
  const { items, NextToken } = page(importers, input.NextToken, 100);
  return { Imports: items, NextToken };
}
