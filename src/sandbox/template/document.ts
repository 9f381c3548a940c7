import type { Specification } from '../spec/resources.ts';
import { validationError } from '../wire/failure.ts';
import { expandLoops, type GivenValues } from './expand.ts';
import { isObject, type Json, type JsonObject } from './json.ts';
import type { Template, TemplateResource } from './model.ts';
import { withPolicies } from './policies.ts';
import { parseText } from './text.ts';

function section(document: JsonObject, name: string): JsonObject {
  const value = document[name];
  if (value === undefined || value === null) return {};
  if (!isObject(value)) throw validationError(`Template format error: ${name} must be an object.`);
  return value;
}

function objects(document: JsonObject, name: string): Record<string, JsonObject> {
  const found: Record<string, JsonObject> = {};
  for (const [key, value] of Object.entries(section(document, name))) {
    if (!isObject(value))
      throw validationError(`Template format error: Every ${name} member must be an object. [${key}]`);
    found[key] = value;
  }
  return found;
}

const text = (value: Json | undefined) => (typeof value === 'string' ? value : undefined);
const DELETION_POLICIES = ['Delete', 'Retain', 'Snapshot', 'RetainExceptOnCreate'];

function policy(logicalId: string, source: JsonObject, name: string, allowed: readonly string[]): string | undefined {
  const value = source[name];
  if (value === undefined) return undefined;
  if (typeof value === 'string' && allowed.includes(value)) return value;
  throw validationError(
    `Template format error: Unrecognized ${name} ${JSON.stringify(value)} for resource ${logicalId}`,
  );
}

function resource(logicalId: string, source: JsonObject): TemplateResource {
  const type = source.Type;
  if (!/^[A-Za-z0-9]+$/.test(logicalId)) {
    throw validationError(`Template format error: Resource name ${logicalId} is non alphanumeric.`);
  }
  if (typeof type !== 'string') {
    throw validationError(
      `Template format error: [/Resources/${logicalId}] Every Resources object must contain a Type member.`,
    );
  }
  const dependsOn = source.DependsOn;
  return {
    type,
    properties: isObject(source.Properties) ? source.Properties : {},
    condition: text(source.Condition),
    dependsOn: (Array.isArray(dependsOn) ? dependsOn : [dependsOn]).filter((name) => typeof name === 'string'),
    metadata: source.Metadata,
    deletionPolicy: policy(logicalId, source, 'DeletionPolicy', DELETION_POLICIES),
    updateReplacePolicy: policy(logicalId, source, 'UpdateReplacePolicy', DELETION_POLICIES.slice(0, 3)),
  };
}

export function isCustomType(type: string): boolean {
  return type.startsWith('Custom::') || type === 'AWS::CloudFormation::CustomResource';
}

/** Resource types that would run something the sandbox does not have; pretending would make a plan lie. */
const NOT_HERE = ['AWS::CloudFormation::Macro'];

function checkTypes(resources: ReadonlyMap<string, TemplateResource>, specification: Specification): void {
  const types = [...new Set([...resources.values()].map(({ type }) => type))];
  const unknown = types.filter((type) => !isCustomType(type) && !specification(type));
  if (unknown.length > 0) {
    throw validationError(`Template format error: Unrecognized resource types: [${unknown.join(', ')}]`);
  }
  const absent = types.find((type) => NOT_HERE.includes(type));
  if (absent) throw validationError(`Template error: the sandbox does not provide ${absent}`);
}

/**
 * Parses a JSON or YAML template.
 * @param given values of parameters, as far as a request gives them: loops may run over them
 * @throws ApiFailure ValidationError, in CloudFormation's words where it has some
 */
export function parseTemplate(body: string, specification: Specification, given: GivenValues = {}): Template {
  const original = parseText(body);
  if (!isObject(original)) throw validationError('Template format error: unsupported structure.');
  const transforms = [original.Transform ?? []].flat();
  if (transforms.some((name) => name !== 'AWS::LanguageExtensions'))
    throw validationError('Template error: the sandbox does not run transforms other than AWS::LanguageExtensions');
  const document = transforms.length > 0 ? withPolicies(expandLoops(original, given), given) : original;
  const version = document.AWSTemplateFormatVersion;
  if (version !== undefined && version !== '2010-09-09') {
    throw validationError(
      'Template format error: [/AWSTemplateFormatVersion] The only supported version is 2010-09-09.',
    );
  }
  const resources = new Map<string, TemplateResource>();
  for (const [id, source] of Object.entries(objects(document, 'Resources'))) resources.set(id, resource(id, source));
  if (resources.size === 0)
    throw validationError('Template format error: At least one Resources member must be defined.');
  checkTypes(resources, specification);
  return {
    body,
    processed: transforms.length > 0 ? JSON.stringify({ ...document, Transform: undefined }, undefined, 2) : body,
    description: text(document.Description),
    metadata: document.Metadata,
    parameters: objects(document, 'Parameters'),
    mappings: objects(document, 'Mappings'),
    conditions: section(document, 'Conditions'),
    resources,
    outputs: objects(document, 'Outputs'),
  };
}
