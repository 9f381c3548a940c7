import type { Parameter } from '@aws-sdk/client-cloudformation';
import { validationError } from '../wire/failure.ts';
import type { Json, JsonObject } from './json.ts';
import type { Template } from './model.ts';

/** What is in place of a value that nobody can read. */
const STAND_IN = /^stands-in-for-/;

export type ParameterValues = ReadonlyMap<string, string>;

export function isNoEcho(template: Template, name: string): boolean {
  return String(template.parameters[name]?.NoEcho ?? false).toLowerCase() === 'true';
}

function defaultText(value: Json | undefined): string | undefined {
  if (value === undefined || value === null) return undefined;
  return Array.isArray(value) ? value.map(String).join(',') : String(value);
}

function expression(name: string, pattern: string): RegExp {
  try {
    return new RegExp(`^(?:${pattern})$`);
  } catch {
    // CloudFormation reads Java's expressions; what JavaScript can't read is refused rather than let through.
    throw validationError(`Template format error: Parameter '${name}' has an AllowedPattern that cannot be read`);
  }
}

function checkLimits(name: string, value: string, definition: JsonObject): void {
  const allowed = definition.AllowedValues;
  if (Array.isArray(allowed) && !allowed.map(String).includes(value)) {
    throw validationError(`Parameter '${name}' must be one of AllowedValues`);
  }
  const pattern = definition.AllowedPattern;
  if (typeof pattern === 'string' && !expression(name, pattern).test(value)) {
    throw validationError(`Parameter '${name}' must match pattern ${pattern}`);
  }
  const limit = (key: string) => (definition[key] === undefined ? undefined : Number(definition[key]));
  if (value.length < (limit('MinLength') ?? 0)) {
    throw validationError(`Parameter '${name}' must contain at least ${limit('MinLength')} characters`);
  }
  if (value.length > (limit('MaxLength') ?? Infinity)) {
    throw validationError(`Parameter '${name}' must contain at most ${limit('MaxLength')} characters`);
  }
  if (definition.Type !== 'Number') return;
  const number = Number(value);
  if (value.trim() === '' || Number.isNaN(number)) throw validationError(`Parameter '${name}' must be a number.`);
  if (number < (limit('MinValue') ?? -Infinity) || number > (limit('MaxValue') ?? Infinity)) {
    throw validationError(`Parameter '${name}' must be a number within its MinValue and MaxValue`);
  }
}

/**
 * The value of every parameter of `template`, from what a request gives, what the stack had, and the defaults.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/parameters-section-structure.html
 * @param standIns whether values of the form `STAND_IN` keep to limits that only real ones can
 * @throws ApiFailure ValidationError
 */
export function resolveParameters(
  template: Template,
  given: readonly Parameter[],
  previous: ParameterValues = new Map(),
  standIns = false,
): Map<string, string> {
  const foreign = given
    .map(({ ParameterKey = '' }) => ParameterKey)
    .filter((key) => !Object.hasOwn(template.parameters, key));
  if (foreign.length > 0) throw validationError(`Parameters: [${foreign.join(', ')}] do not exist in the template`);
  const values = new Map<string, string>();
  const missing: string[] = [];
  for (const [name, definition] of Object.entries(template.parameters)) {
    const request = given.find(({ ParameterKey }) => ParameterKey === name);
    if (request?.UsePreviousValue && !previous.has(name)) {
      throw validationError(
        `Invalid input for parameter key ${name}. Cannot specify usePreviousValue as true for a parameter key not in the previous template`,
      );
    }
    const value = request?.UsePreviousValue
      ? previous.get(name)
      : (request?.ParameterValue ?? defaultText(definition.Default));
    if (value === undefined) missing.push(name);
    else {
      if (!standIns || !STAND_IN.test(value)) checkLimits(name, value, definition);
      values.set(name, value);
    }
  }
  if (missing.length > 0) throw validationError(`Parameters: [${missing.join(', ')}] must have values`);
  return values;
}

/** What `Ref` to a parameter gives: text, or a list for the list types. */
export function parameterValue(definition: JsonObject | undefined, value: string): Json {
  const type = String(definition?.Type ?? 'String');
  if (type !== 'CommaDelimitedList' && !type.includes('List<')) return value;
  return value === '' ? [] : value.split(',').map((item) => item.trim());
}

/** Parameters as CloudFormation shows them: those marked NoEcho as `****`. */
export function shownParameters(template: Template, values: ParameterValues): Parameter[] {
  return [...values].map(([name, value]) => ({
    ParameterKey: name,
    ParameterValue: isNoEcho(template, name) ? '****' : value,
  }));
}
