import type { Cloud, Region } from '../cloud.ts';
import type { Json } from '../template/json.ts';
import type { Template, TemplateResource } from '../template/model.ts';
import type { ParameterValues } from '../template/parameters.ts';
import { conditionHolds, newWork, type Scope } from '../template/resolve.ts';
import { exportedValue, outputValue } from './exports.ts';
import type { Stack, StackResource } from './model.ts';
import { attributeOf } from './physical.ts';

/** What CloudFormation writes in a change set for a value that only execution will tell. */
const KNOWN_AFTER_APPLY = '{{changeSet:KNOWN_AFTER_APPLY}}';

export function pseudoParameters(cloud: Cloud, stack: Stack): Record<string, Json> {
  return {
    'AWS::AccountId': cloud.accountId,
    'AWS::NotificationARNs': [...stack.notificationArns],
    'AWS::Partition': 'aws',
    'AWS::Region': stack.region,
    'AWS::StackId': stack.id,
    'AWS::StackName': stack.name,
    'AWS::URLSuffix': 'amazonaws.com',
  };
}

/**
 * @param resources the resources that exist
 * @param pending   given while planning: logical ids that will have a physical id only later, references to which give
 *   KNOWN_AFTER_APPLY
 */
export function stackScope(
  cloud: Cloud,
  region: Region,
  stack: Stack,
  source: { template: Template; parameters: ParameterValues; masked?: boolean },
  resources: ReadonlyMap<string, StackResource>,
  pending?: ReadonlySet<string>,
): Scope {
  return {
    template: source.template,
    parameters: source.parameters,
    masked: source.masked ?? false,
    tolerant: cloud.tolerant,
    pseudo: pseudoParameters(cloud, stack),
    work: newWork(),
    ref: (logicalId) => (pending?.has(logicalId) ? KNOWN_AFTER_APPLY : resources.get(logicalId)?.physicalId),
    attribute(logicalId, name) {
      if (pending?.has(logicalId)) return KNOWN_AFTER_APPLY;
      const resource = resources.get(logicalId);
      return resource && (attributeOf(cloud, region, resource, name) ?? madeUpAttribute(cloud, resource, name));
    },
    // A change set may be made before the export that it imports; only executing it needs the value.
    exported: (name) => exportedValue(region, name) ?? madeUpImport(cloud, name) ?? (pending && KNOWN_AFTER_APPLY),
    outputOf(name, output, from) {
      const there = from === undefined ? region : cloud.region(from);
      const value = outputValue(there, name, output) ?? madeUpOutput(cloud, name, output);
      return value ?? (pending && KNOWN_AFTER_APPLY);
    },
  };
}

function madeUpAttribute(cloud: Cloud, { type, physicalId }: StackResource, name: string): string | undefined {
  if (!cloud.makeUp) return undefined;
  cloud.makeUp(`what ${type} gives as ${name}`);
  return `${physicalId}.${name}`;
}

function madeUpImport(cloud: Cloud, name: string): string | undefined {
  if (!cloud.makeUp) return undefined;
  cloud.makeUp(`the value of ${name}, which another stack exports`);
  return `import-of-${name}`;
}

function madeUpOutput(cloud: Cloud, stack: string, name: string): string | undefined {
  if (!cloud.makeUp) return undefined;
  cloud.makeUp(`the output ${name} of the stack ${stack}`);
  return `output-${name}-of-${stack}`;
}

/** The resources of a template that its conditions let through. */
export function presentResources(scope: Scope): Map<string, TemplateResource> {
  const present = new Map<string, TemplateResource>();
  for (const [id, resource] of scope.template.resources) {
    if (resource.condition === undefined || conditionHolds(resource.condition, scope)) present.set(id, resource);
  }
  return present;
}
