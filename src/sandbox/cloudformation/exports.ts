import type { Output } from '@aws-sdk/client-cloudformation';
import type { Region } from '../cloud.ts';
import { isObject, type Json } from '../template/json.ts';
import { conditionHolds, resolve, type Scope } from '../template/resolve.ts';
import { validationError } from '../wire/failure.ts';
import type { Export, Stack } from './model.ts';
import { stacksIn } from './state.ts';

function* exportsOf(region: Region): Generator<Export & { stack: Stack }> {
  for (const stack of stacksIn(region).values()) {
    if (stack.status === 'DELETE_COMPLETE') continue;
    for (const entry of stack.exports) yield { ...entry, stack };
  }
}

export function exportedValue(region: Region, name: string): string | undefined {
  for (const entry of exportsOf(region)) if (entry.name === name) return entry.value;
  return undefined;
}

/** An output of a stack by its name or ARN, exported or not. */
export function outputValue(region: Region, name: string, output: string): string | undefined {
  const stacks = [...stacksIn(region).values()].filter(({ status }) => status !== 'DELETE_COMPLETE');
  const stack = stacks.find((one) => one.name === name || one.id === name);
  return stack?.outputs.find(({ OutputKey }) => OutputKey === output)?.OutputValue;
}

export function allExports(region: Region) {
  return [...exportsOf(region)].map(({ name, value, stack }) => ({
    ExportingStackId: stack.id,
    Name: name,
    Value: value,
  }));
}

export function importersOf(region: Region, name: string): string[] {
  return [...stacksIn(region).values()]
    .filter((stack) => stack.status !== 'DELETE_COMPLETE' && stack.imports.has(name))
    .map((stack) => stack.name);
}

/** The names of exports that a value imports, as far as conditions let them count. */
export function importsOf(value: Json | undefined, scope: Scope): string[] {
  if (Array.isArray(value)) return value.flatMap((item) => importsOf(item, scope));
  if (!isObject(value)) return [];
  const name = value['Fn::ImportValue'];
  if (name !== undefined) return [String(resolve(name, scope))];
  return Object.values(value).flatMap((inner) => importsOf(inner, scope));
}

/** @throws ApiFailure ValidationError when another stack has an export of the same name */
export function stackOutputs(region: Region, stack: Stack, scope: Scope): { outputs: Output[]; exports: Export[] } {
  const outputs: Output[] = [];
  const exports: Export[] = [];
  for (const [key, definition] of Object.entries(scope.template.outputs)) {
    const condition = definition.Condition;
    if (typeof condition === 'string' && !conditionHolds(condition, scope)) continue;
    const value = resolve(definition.Value ?? null, scope);
    const text = typeof value === 'object' && value !== null ? JSON.stringify(value) : String(value);
    const exported = isObject(definition.Export) ? resolve(definition.Export.Name ?? null, scope) : undefined;
    const name = exported === undefined ? undefined : String(exported);
    if (name !== undefined) {
      for (const entry of exportsOf(region)) {
        if (entry.name !== name || entry.stack === stack) continue;
        throw validationError(`Export with name ${name} is already exported by stack ${entry.stack.name}`);
      }
      exports.push({ name, value: text });
    }
    const description = definition.Description;
    outputs.push({
      OutputKey: key,
      OutputValue: text,
      Description: typeof description === 'string' ? description : undefined,
      ExportName: name,
    });
  }
  return { outputs, exports };
}
