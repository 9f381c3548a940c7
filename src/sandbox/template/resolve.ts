/**
 * Intrinsic functions:
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference.html
 */

import { subParts } from '../../../tools/ports/substitution.ts';
import { validationError } from '../wire/failure.ts';
import { isObject, type Json, type JsonObject } from './json.ts';
import type { Template } from './model.ts';
import { isNoEcho, type ParameterValues, parameterValue } from './parameters.ts';
import { attributeReference, type Reference, variableReference } from './references.ts';

/** Where names in a template get their values. */
export interface Scope {
  readonly template: Template;
  readonly parameters: ParameterValues;
  /** `AWS::Region` and its like. */
  readonly pseudo: Readonly<Record<string, Json>>;
  /** True where the result is for showing: NoEcho parameters come out as `****`. */
  readonly masked: boolean;
  /** True where texts are made up, so that they may have fewer parts than real ones. */
  readonly tolerant: boolean;
  /** What `Ref` to a resource gives, or undefined where there is no such resource. */
  ref(logicalId: string): string | undefined;
  attribute(logicalId: string, name: string): Json | undefined;
  exported(name: string): string | undefined;
  /** Of any stack; a region of none is this one. */
  outputOf(stack: string, name: string, region: string | undefined): string | undefined;
  readonly work: Work;
}

/** What a template has had worked out so far. */
export interface Work {
  /** Characters that may still be put together. */
  left: number;
  /** Undefined while it is being worked out. */
  readonly conditions: Map<string, boolean | undefined>;
  /** Conditions that rest on one another, at this moment. */
  steps: number;
}

/** A text that holds itself sixty times, six levels deep, is billions of characters of a kilobyte and a half. */
const MOST_WORK = 10_000_000;
const MOST_STEPS = 100;

export function newWork(): Work {
  return { left: MOST_WORK, conditions: new Map(), steps: 0 };
}

function charge({ work }: Scope, characters: number): void {
  work.left -= characters;
  if (work.left < 0) throw validationError('Template error: what its functions put together is too long');
}

type Function = (argument: Json, scope: Scope) => Json | undefined;

function fail(name: string, problem: string): never {
  throw validationError(`Template error: ${name} ${problem}`);
}

function lookUp({ kind, target, attribute }: Reference, scope: Scope): Json | undefined {
  if (kind === 'attribute') {
    const value = scope.attribute(target, attribute ?? '');
    if (value !== undefined) return value;
    if (scope.ref(target) === undefined) {
      fail('instance of Fn::GetAtt', `references undefined resource ${target}`);
    }
    fail(`resource ${target}`, `does not support attribute type ${attribute} in Fn::GetAtt`);
  }
  if (target === 'AWS::NoValue') return undefined;
  if (Object.hasOwn(scope.pseudo, target)) return scope.pseudo[target];
  const parameter = scope.parameters.get(target);
  if (parameter !== undefined) {
    if (scope.masked && isNoEcho(scope.template, target)) return '****';
    return parameterValue(scope.template.parameters[target], parameter);
  }
  const id = scope.ref(target);
  if (id !== undefined) return id;
  throw validationError(
    `Template format error: Unresolved resource dependencies [${target}] in the Resources block of the template`,
  );
}

function list(name: string, value: Json | undefined): Json[] {
  return Array.isArray(value) ? value : fail(name, 'requires a list argument');
}

function scalar(value: Json | undefined): string {
  return typeof value === 'object' && value !== null ? JSON.stringify(value) : String(value ?? '');
}

function substitute(argument: Json, scope: Scope): string {
  const [pattern, local] = Array.isArray(argument) ? argument : [argument];
  if (typeof pattern !== 'string') fail('every Fn::Sub object', 'requires a string argument');
  const bound = isObject(local) ? local : {};
  // However often a variable stands there, what it holds is worked out once.
  const known = new Map<string, string>();
  const variable = (name: string): string => {
    const own = bound[name];
    return scalar(own === undefined ? lookUp(variableReference(name), scope) : resolve(own, scope));
  };
  const texts = subParts(pattern).map(({ kind, text: part }) => {
    if (kind !== 'variable') return part;
    const text = known.get(part) ?? variable(part);
    known.set(part, text);
    charge(scope, text.length);
    return text;
  });
  return texts.join('');
}

function test(value: Json | undefined, scope: Scope): boolean {
  const result = typeof value === 'string' ? conditionHolds(value, scope) : resolve(value ?? null, scope);
  return result === true || result === 'true';
}

/** @throws ApiFailure ValidationError for a condition that the template doesn't define */
export function conditionHolds(name: string, scope: Scope): boolean {
  const definition = scope.template.conditions[name];
  if (definition === undefined)
    fail(`Unresolved condition dependency ${name}`, 'in the Conditions block of the template');
  const { work } = scope;
  const known = work.conditions.get(name);
  if (known !== undefined) return known;
  if (work.conditions.has(name)) fail(`the condition ${name}`, 'rests on itself');
  if (work.steps >= MOST_STEPS) fail('Conditions', 'rest on one another too deeply');
  work.conditions.set(name, undefined);
  work.steps += 1;
  const holds = test(definition, scope);
  work.steps -= 1;
  work.conditions.set(name, holds);
  return holds;
}

/** The first `count` IPv4 ranges of 2^`bits` addresses within a block. */
function subnets(block: string, count: number, bits: number): string[] {
  const [address = ''] = block.split('/');
  const start = address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
  if (Number.isNaN(start) || !(count >= 1 && count <= 256)) fail('Fn::Cidr', `cannot divide ${block}`);
  return Array.from({ length: count }, (_, index) => {
    const base = start + index * 2 ** bits;
    return `${[24, 16, 8, 0].map((shift) => Math.floor(base / 2 ** shift) % 256).join('.')}/${32 - bits}`;
  });
}

/** What a map has for some other account or region than the one that is made up. */
function elsewhereInMap(scope: Scope, name: string, second: string): Json {
  const rows = Object.values(scope.template.mappings[name] ?? {}).filter(isObject);
  return rows.find((row) => row[second] !== undefined)?.[second] ?? `any-${second}`;
}

const FUNCTIONS: Record<string, Function> = {
  Ref: (argument, scope) => lookUp({ kind: 'name', target: String(argument) }, scope),
  Condition: (argument, scope) => conditionHolds(String(argument), scope),
  'Fn::GetAtt': (argument, scope) => {
    const whole = Array.isArray(argument) ? argument.map((part) => resolve(part, scope) ?? '') : argument;
    const reference = attributeReference(whole);
    return reference ? lookUp(reference, scope) : fail('every Fn::GetAtt object', 'requires two non-empty parameters');
  },
  'Fn::Sub': substitute,
  'Fn::Join': (argument, scope) => {
    const [separator, items] = list('every Fn::Join object', argument);
    const resolved = list('every Fn::Join object', resolve(items ?? null, scope));
    const [texts, between] = [resolved.map(scalar), scalar(separator)];
    charge(
      scope,
      texts.reduce((sum, text) => sum + text.length + between.length, 0),
    );
    return texts.join(between);
  },
  'Fn::Select': (argument, scope) => {
    const [index, items] = list('every Fn::Select object', argument);
    const position = Number(resolve(index ?? null, scope));
    const chosen = list('every Fn::Select object', resolve(items ?? null, scope))[position];
    if (chosen === undefined && scope.tolerant) return `part-${position}`;
    return chosen ?? fail('Fn::Select', `cannot select nonexistent value at index ${position}`);
  },
  'Fn::Split': (argument, scope) => {
    const [separator, text] = list('every Fn::Split object', argument);
    return scalar(resolve(text ?? null, scope)).split(scalar(separator));
  },
  'Fn::If': (argument, scope) => {
    const [condition, whenTrue, whenFalse] = list('Fn::If', argument);
    return resolve((test(condition, scope) ? whenTrue : whenFalse) ?? null, scope);
  },
  'Fn::FindInMap': (argument, scope) => {
    const [name, top, second, more] = list('every Fn::FindInMap object', resolve(argument, scope));
    const row = scope.template.mappings[String(name)]?.[String(top)];
    // With AWS::LanguageExtensions: what to take where the map has nothing.
    const otherwise = isObject(more) ? more.DefaultValue : undefined;
    const found = isObject(row) ? (row[String(second)] ?? otherwise) : otherwise;
    if (found === undefined && scope.tolerant) return elsewhereInMap(scope, String(name), String(second));
    return found ?? fail('Unable to get mapping for', `${name}::${top}::${second}`);
  },
  'Fn::ImportValue': (argument, scope) => {
    const name = scalar(resolve(argument, scope));
    const value = scope.exported(name);
    if (value === undefined) throw validationError(`No export named ${name} found.`);
    return value;
  },
  'Fn::GetStackOutput': (argument, scope) => {
    const resolved = resolve(argument, scope);
    const { StackName, OutputName, Region, RoleArn } = isObject(resolved) ? resolved : {};
    if (typeof StackName !== 'string' || typeof OutputName !== 'string')
      fail('every Fn::GetStackOutput object', 'requires StackName and OutputName');
    if (RoleArn !== undefined) fail('Fn::GetStackOutput', 'takes no RoleArn in the sandbox: it has one account');
    const value = scope.outputOf(StackName, OutputName, Region === undefined ? undefined : scalar(Region));
    return value ?? fail('Fn::GetStackOutput', `finds no output ${OutputName} of a stack ${StackName}`);
  },
  'Fn::Base64': (argument, scope) => Buffer.from(scalar(resolve(argument, scope))).toString('base64'),
  'Fn::GetAZs': (argument, scope) => {
    const region = scalar(resolve(argument, scope)) || scalar(scope.pseudo['AWS::Region']);
    return ['a', 'b', 'c'].map((zone) => region + zone);
  },
  'Fn::Cidr': (argument, scope) => {
    const [block, count, bits] = list('Fn::Cidr', resolve(argument, scope)).map(String);
    return subnets(block ?? '', Number(count), Number(bits ?? 8));
  },
  'Fn::Length': (argument, scope) => list('Fn::Length', resolve(argument, scope)).length,
  'Fn::ToJsonString': (argument, scope) => JSON.stringify(resolve(argument, scope)),
  'Fn::Equals': (argument, scope) => {
    const [left, right] = list('Fn::Equals', argument).map((side) => JSON.stringify(canonical(resolve(side, scope))));
    return left === right;
  },
  'Fn::And': (argument, scope) => list('Fn::And', argument).every((part) => test(part, scope)),
  'Fn::Or': (argument, scope) => list('Fn::Or', argument).some((part) => test(part, scope)),
  'Fn::Not': (argument, scope) => !test(list('Fn::Not', argument)[0], scope),
};

/** Numbers and booleans as text, as CloudFormation compares them: a parameter's `"5432"` is a template's `5432`. */
function canonical(value: Json | undefined): Json | undefined {
  if (Array.isArray(value)) return value.map((item) => canonical(item) ?? null);
  if (isObject(value)) {
    const keys = Object.keys(value).sort();
    return Object.fromEntries(keys.map((key) => [key, canonical(value[key]) ?? null]));
  }
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : value;
}

export function sameValue(left: Json | undefined, right: Json | undefined): boolean {
  return JSON.stringify(canonical(left)) === JSON.stringify(canonical(right));
}

/** The value with every function applied; undefined for `AWS::NoValue`. */
export function resolve(value: Json, scope: Scope): Json | undefined {
  if (Array.isArray(value)) return value.map((item) => resolve(item, scope)).filter((item) => item !== undefined);
  if (!isObject(value)) return value;
  const [key, ...others] = Object.keys(value);
  if (key !== undefined && others.length === 0) {
    const apply = Object.hasOwn(FUNCTIONS, key) ? FUNCTIONS[key] : undefined;
    // A policy statement may consist of a `Condition` object alone: only the name of a condition is a reference.
    const isReference = !['Condition', 'Ref'].includes(key) || typeof value[key] === 'string';
    if (apply && isReference) return apply(value[key] ?? null, scope);
    if (key.startsWith('Fn::')) fail(`the function ${key}`, 'is not one that the sandbox knows');
  }
  return resolveObject(value, scope);
}

/** Does what `resolve` does, for an object whose keys are property names, never functions. */
export function resolveObject(value: JsonObject, scope: Scope): JsonObject {
  const resolved: JsonObject = {};
  for (const [key, inner] of Object.entries(value)) {
    const result = resolve(inner, scope);
    if (result !== undefined) resolved[key] = result;
  }
  return resolved;
}
