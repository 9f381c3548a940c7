/** What a deployment would do to a stack, resource by resource, as a change set tells it. */

import type { Change, ResourceChange, ResourceChangeDetail } from '@aws-sdk/client-cloudformation';
import type { Cloud, Region } from '../cloud.ts';
import { isObject, type Json, type JsonObject } from '../template/json.ts';
import type { Template, TemplateResource } from '../template/model.ts';
import { dependencyWaves, parametersOf } from '../template/references.ts';
import { resolve, resolveObject, type Scope, sameValue } from '../template/resolve.ts';
import { validationError } from '../wire/failure.ts';
import { attributeDetails, type Outcome, propertyDetails, referenceDetails, replacementOf } from './details.ts';
import { propertyChanges } from './difference.ts';
import type { Deployment, Stack, StackResource } from './model.ts';
import { deletionFate, replacementFate } from './policies.ts';
import { presentResources, stackScope } from './scope.ts';

/** As AWS shows a resource: numbers and switches are texts, however the template writes them. */
function context(definition: TemplateResource, properties: JsonObject): string {
  const { metadata, deletionPolicy, updateReplacePolicy } = definition;
  return JSON.stringify({
    Properties: inTexts(properties),
    Metadata: metadata,
    DeletionPolicy: deletionPolicy,
    UpdateReplacePolicy: updateReplacePolicy,
  });
}

function inTexts(value: Json): Json {
  if (Array.isArray(value)) return value.map(inTexts);
  if (isObject(value)) return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, inTexts(inner)]));
  return value === null ? value : String(value);
}

/** Names of parameters whose value is not what it was, new ones included. */
function changedParameters(stack: Stack, deployment: Deployment): Set<string> {
  const names = [...deployment.parameters.keys()];
  return new Set(names.filter((name) => stack.parameters.get(name) !== deployment.parameters.get(name)));
}

/**
 * Makes the change set of a nested stack. @returns its ARN, and whether anything in it would change; undefined where
 * there is no such stack
 */
export type NestedPlanner = (
  logicalId: string,
  properties: JsonObject,
  physicalId: string | undefined,
) => { id: string; effective: boolean } | undefined;

const NESTED_STACK = 'AWS::CloudFormation::Stack';

interface Planning {
  readonly nested: NestedPlanner | undefined;
  readonly cloud: Cloud;
  readonly stack: Stack;
  readonly deployment: Deployment;
  readonly scope: Scope;
  readonly shown: Scope;
  readonly parametersChanged: ReadonlySet<string>;
  readonly tagsChanged: boolean;
  /** What is already known of the resources that others depend on. */
  readonly outcomes: Map<string, Outcome>;
  /** Logical ids whose physical id only execution will tell; the scopes read it. */
  readonly pending: Set<string>;
}

function addition(planning: Planning, logicalId: string, definition: TemplateResource): ResourceChange {
  planning.pending.add(logicalId);
  planning.outcomes.set(logicalId, 'added');
  const properties = resolveObject(definition.properties, planning.shown);
  return {
    ChangeSetId: definition.type === NESTED_STACK ? planning.nested?.(logicalId, properties, undefined)?.id : undefined,
    Action: 'Add',
    LogicalResourceId: logicalId,
    ResourceType: definition.type,
    Scope: [],
    Details: [],
    AfterContext: context(definition, properties),
  };
}

function detailsOf(planning: Planning, before: StackResource, definition: TemplateResource): ResourceChangeDetail[] {
  const { cloud, stack, deployment, scope, shown, parametersChanged, outcomes, tagsChanged } = planning;
  const type = cloud.specification(definition.type);
  const after = resolveObject(definition.properties, scope);
  const changes = propertyChanges(before.properties, after, type);
  const causes = (value: Json | undefined) =>
    [...parametersOf(value, deployment.template)].filter((name) => parametersChanged.has(name));
  const shownAfter = resolveObject(definition.properties, shown);
  const subject = { before, definition, type, shownAfter, outcomes, causes };
  return [
    ...propertyDetails(subject, changes),
    ...referenceDetails(subject, changes),
    ...attributeDetails(before.definition, definition, tagsChanged && (type?.taggable ?? false), {
      before: stack.tags,
      after: deployment.tags,
    }),
  ];
}

/**
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_ResourceChangeDetail.html:
 * "AWS::CloudFormation::Stack only"
 */
const AUTOMATIC: ResourceChangeDetail = {
  Target: { Attribute: 'Properties', RequiresRecreation: 'Never' },
  Evaluation: 'Dynamic',
  ChangeSource: 'Automatic',
};

function nestedChange({ nested, scope }: Planning, before: StackResource, definition: TemplateResource) {
  return nested?.(before.logicalId, resolveObject(definition.properties, scope), before.physicalId);
}

function modification(
  planning: Planning,
  before: StackResource,
  definition: TemplateResource,
): ResourceChange | undefined {
  const { logicalId, physicalId } = before;
  if (before.type !== definition.type) {
    throw validationError(
      `Update of resource type is not permitted. The new template modifies resource type of the following resources: [${logicalId}]`,
    );
  }
  const details = detailsOf(planning, before, definition);
  const inner = definition.type === NESTED_STACK ? nestedChange(planning, before, definition) : undefined;
  // Without change sets for nested stacks nobody knows whether one changes, and all of them are listed; but where
  // templates are compared, the same address has the same template.
  const same = planning.cloud.tolerant && details.length === 0;
  if (definition.type === NESTED_STACK && (inner ? inner.effective : !same)) details.push(AUTOMATIC);
  if (details.length === 0) return undefined;
  const replacement = replacementOf(details);
  planning.outcomes.set(
    logicalId,
    replacement === 'True' ? 'replaced' : replacement === 'Conditional' ? 'perhaps' : 'modified',
  );
  const onlyOutside = details.every(({ Target }) => Target?.Attribute !== 'Properties');
  if (replacement === 'False' && onlyOutside) planning.outcomes.set(logicalId, 'untouched');
  const afterContext = context(definition, resolveObject(definition.properties, planning.shown));
  if (replacement === 'True') planning.pending.add(logicalId);
  const fate = replacementFate(definition);
  return {
    // Only a replacement that is certain has one; CDK's deployments tell the two apart by that.
    PolicyAction: replacement === 'True' ? `ReplaceAnd${fate}` : undefined,
    ChangeSetId: inner?.id,
    Action: 'Modify',
    LogicalResourceId: logicalId,
    PhysicalResourceId: physicalId,
    ResourceType: definition.type,
    Replacement: replacement,
    Scope: [...new Set(details.flatMap(({ Target }) => Target?.Attribute ?? []))],
    Details: details,
    BeforeContext: context(before.definition, before.shown),
    AfterContext: afterContext,
  };
}

function removal(resource: StackResource): ResourceChange {
  return {
    PolicyAction: deletionFate(resource.definition),
    Action: 'Remove',
    LogicalResourceId: resource.logicalId,
    PhysicalResourceId: resource.physicalId,
    ResourceType: resource.type,
    Scope: [],
    Details: [],
    BeforeContext: context(resource.definition, resource.shown),
  };
}

function outputsChange(planning: Planning, template: Template, scope: Scope): boolean {
  const { stack } = planning;
  const known = (before: Template | undefined) => before?.outputs ?? {};
  if (!sameValue(known(stack.template), template.outputs)) return true;
  return Object.entries(template.outputs).some(([key, definition]) => {
    const value = resolve(definition.Value ?? null, scope);
    const before = stack.outputs.find(({ OutputKey }) => OutputKey === key)?.OutputValue;
    return before !== undefined && typeof value !== 'object' && String(value) !== before;
  });
}

/**
 * @returns the changes in the order CloudFormation would work, and whether executing would change anything at all: a
 *   stack whose outputs alone change has an executable change set without changes
 * @throws ApiFailure ValidationError when a resource's type changes, or the template can't be resolved
 */
export function planChanges(
  cloud: Cloud,
  region: Region,
  stack: Stack,
  deployment: Deployment,
  nested?: NestedPlanner,
): { changes: Change[]; effective: boolean } {
  const { template, parameters } = deployment;
  const pending = new Set<string>();
  const scope = stackScope(cloud, region, stack, { template, parameters }, stack.resources, pending);
  const shown = stackScope(cloud, region, stack, { template, parameters, masked: true }, stack.resources, pending);
  const planning: Planning = {
    nested,
    cloud,
    stack,
    deployment,
    scope,
    shown,
    parametersChanged: changedParameters(stack, deployment),
    tagsChanged: !sameValue(stack.tags as unknown as Json, deployment.tags as unknown as Json),
    outcomes: new Map(),
    pending,
  };
  const present = presentResources(scope);
  const found: ResourceChange[] = [];
  for (const logicalId of dependencyWaves(present).flat()) {
    const definition = present.get(logicalId);
    if (!definition) continue;
    const before = stack.resources.get(logicalId);
    const change = before?.physicalId
      ? modification(planning, before, definition)
      : addition(planning, logicalId, definition);
    if (change) found.push(change);
  }
  for (const resource of stack.resources.values()) if (!present.has(resource.logicalId)) found.push(removal(resource));
  const changes = found.map((ResourceChange): Change => ({ Type: 'Resource', ResourceChange }));
  return { changes, effective: changes.length > 0 || planning.tagsChanged || outputsChange(planning, template, scope) };
}
