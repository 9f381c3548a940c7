import { defaultOf, type GivenValues } from './expand.ts';
import { isObject, type Json, type JsonObject } from './json.ts';
import type { Template } from './model.ts';
import { newWork, resolve } from './resolve.ts';

/**
 * With AWS::LanguageExtensions a policy may be worked out from parameters, conditions and mappings.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/transform-aws-languageextensions.html
 * @param document with its loops written out
 * @throws ApiFailure ValidationError for one that rests on anything else
 */
export function withPolicies(document: JsonObject, given: GivenValues): JsonObject {
  const section = (name: string) => (isObject(document[name]) ? document[name] : {}) as Record<string, JsonObject>;
  const parameters = section('Parameters');
  const values = Object.keys(parameters).flatMap((name): [string, string][] => {
    const value = given[name] ?? defaultOf(document, name);
    return value === undefined ? [] : [[name, value]];
  });
  const template: Template = {
    body: '',
    processed: '',
    description: undefined,
    metadata: undefined,
    resources: new Map(),
    outputs: {},
    parameters,
    mappings: section('Mappings'),
    conditions: section('Conditions'),
  };
  const scope = {
    template,
    parameters: new Map(values),
    pseudo: {},
    masked: false,
    tolerant: false,
    work: newWork(),
    ref: () => undefined,
    attribute: () => undefined,
    exported: () => undefined,
    outputOf: () => undefined,
  };
  const Resources = Object.entries(section('Resources')).map(([id, resource]): [string, Json] => {
    if (!isObject(resource)) return [id, resource];
    const { DeletionPolicy, UpdateReplacePolicy, ...rest } = resource;
    const policies = Object.entries({ DeletionPolicy, UpdateReplacePolicy }).flatMap(([name, from]) => {
      const value = from === undefined ? undefined : resolve(from, scope);
      return value === undefined ? [] : [[name, value] as const];
    });
    return [id, { ...rest, ...Object.fromEntries(policies) }];
  });
  return { ...document, Resources: Object.fromEntries(Resources) };
}
