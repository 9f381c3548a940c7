import { UNTOLD } from '../../../tools/cloudformation/deployment/effects/resource-settings.ts';
import type { Stack, StackResource } from '../../../tools/ports/cloudformation.ts';
import { record } from '../../aws/template/document.ts';
import { isObject, type Json, type JsonObject } from '../../sandbox/template/json.ts';
import { newWork, resolve, type Scope } from '../../sandbox/template/resolve.ts';
import { ApiFailure } from '../../sandbox/wire/failure.ts';

/** A stack as AWS tells of it, and what its template takes from elsewhere. */
export interface Standing {
  readonly stack: Pick<Stack, 'stack_id' | 'stack_name' | 'parameters'>;
  readonly resources: readonly StackResource[];
  /** Values of the region's exports, by name. */
  readonly exports: ReadonlyMap<string, string>;
  /** Outputs of the stacks nested in it, by the ARN of the stack and the key. */
  readonly outputs: ReadonlyMap<string, ReadonlyMap<string, string>>;
}

/**
 * The properties of a stack's resources, by logical id, with the values that the template's functions stand for. What
 * only AWS can tell (an attribute, the value of a parameter of Systems Manager) is `UNTOLD`, like in a change set.
 * @param template plain data, as `parseTemplate` gives it
 */
export function resolvedProperties(
  template: Readonly<Record<string, unknown>>,
  standing: Standing,
): ReadonlyMap<string, JsonObject> {
  const scope = scopeOf(template, standing);
  return new Map(
    standing.resources.map(({ logical_id }) => {
      const declared = record(template.Resources);
      const { Properties } = record(Object.hasOwn(declared, logical_id) ? declared[logical_id] : undefined);
      const properties = Object.entries(record(Properties)).flatMap(([name, value]) => {
        const found = told(value as Json, scope);
        return found === undefined ? [] : [[name, found] as const];
      });
      return [logical_id, Object.fromEntries(properties)];
    }),
  );
}

/** A template may ask for what isn't there, or for a function that nothing here knows: that value is untold. */
function told(value: Json, scope: Scope): Json | undefined {
  try {
    return resolve(value, scope);
  } catch (error) {
    if (error instanceof ApiFailure) return UNTOLD;
    throw error;
  }
}

function scopeOf(template: Readonly<Record<string, unknown>>, { stack, resources, exports, outputs }: Standing): Scope {
  const parameters = objectsIn(template.Parameters);
  const physical = new Map(resources.map(({ logical_id, physical_id }) => [logical_id, physical_id]));
  const [, partition = 'aws', , region = '', account = ''] = stack.stack_id.split(':');
  return {
    template: {
      body: '',
      processed: '',
      description: undefined,
      metadata: undefined,
      parameters,
      mappings: objectsIn(template.Mappings),
      conditions: record(template.Conditions) as JsonObject,
      resources: new Map(),
      outputs: {},
    },
    parameters: new Map(
      stack.parameters.map(({ key, value }) => [key, isLookedUp(parameters[key]) ? UNTOLD : value] as const),
    ),
    pseudo: {
      'AWS::AccountId': account,
      'AWS::NotificationARNs': UNTOLD,
      'AWS::Partition': partition,
      'AWS::Region': region,
      'AWS::StackId': stack.stack_id,
      'AWS::StackName': stack.stack_name,
      'AWS::URLSuffix': partition === 'aws-cn' ? 'amazonaws.com.cn' : 'amazonaws.com',
    },
    work: newWork(),
    masked: false,
    tolerant: false,
    ref: (id) => physical.get(id),
    attribute(id, name) {
      const key = /^Outputs\.(.+)$/.exec(name)?.[1];
      return (key === undefined ? undefined : outputs.get(physical.get(id) ?? '')?.get(key)) ?? UNTOLD;
    },
    exported: (name) => exports.get(name) ?? UNTOLD,
    outputOf: () => UNTOLD,
  };
}

/** AWS puts the value of a parameter of Systems Manager in the place of its name. */
function isLookedUp(parameter: JsonObject | undefined): boolean {
  return String(parameter?.Type).startsWith('AWS::SSM::Parameter::Value');
}

function objectsIn(section: unknown): Record<string, JsonObject> {
  const entries = Object.entries(record(section)).filter((entry): entry is [string, JsonObject] => isObject(entry[1]));
  return Object.fromEntries(entries);
}
