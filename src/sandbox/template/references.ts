import { variablesOf } from '../../../tools/ports/substitution.ts';
import { validationError } from '../wire/failure.ts';
import { isObject, type Json } from './json.ts';
import type { Template, TemplateResource } from './model.ts';

export interface Reference {
  /** `name`: the target of Ref or a Sub variable; `attribute`: of Fn::GetAtt; `condition`: of Fn::If or Condition. */
  readonly kind: 'name' | 'attribute' | 'condition';
  readonly target: string;
  /** Only for `attribute`; absent where it is worked out. */
  readonly attribute?: string;
}

function subVariables(value: Json): Reference[] {
  const [pattern, local] = Array.isArray(value) ? value : [value];
  if (typeof pattern !== 'string') return [];
  const bound = isObject(local) ? local : {};
  const found = isObject(local) ? referencesOf(local) : [];
  for (const variable of variablesOf(pattern)) {
    if (!Object.hasOwn(bound, variable)) found.push(variableReference(variable));
  }
  return found;
}

export function variableReference(variable: string): Reference {
  const dot = variable.indexOf('.');
  if (dot === -1) return { kind: 'name', target: variable };
  return { kind: 'attribute', target: variable.slice(0, dot), attribute: variable.slice(dot + 1) };
}

export function attributeReference(value: Json): Reference | undefined {
  if (typeof value === 'string') return variableReference(value);
  if (!Array.isArray(value) || typeof value[0] !== 'string') return undefined;
  const [target, ...path] = value;
  if (path.some(isObject)) return { kind: 'attribute', target };
  return { kind: 'attribute', target, attribute: path.map(String).join('.') };
}

/** Every reference anywhere within a value of a template, in both branches of an Fn::If. */
export function referencesOf(value: Json | undefined): Reference[] {
  if (Array.isArray(value)) return value.flatMap(referencesOf);
  if (!isObject(value)) return [];
  const keys = Object.keys(value);
  const only = keys.length === 1 ? keys[0] : undefined;
  if (only === 'Ref' && typeof value.Ref === 'string') return [{ kind: 'name', target: value.Ref }];
  if (only === 'Condition' && typeof value.Condition === 'string') {
    return [{ kind: 'condition', target: value.Condition }];
  }
  if (only === 'Fn::GetAtt') {
    const argument = value['Fn::GetAtt'] ?? null;
    return [attributeReference(argument) ?? [], Array.isArray(argument) ? referencesOf(argument) : []].flat();
  }
  if (only === 'Fn::Sub') return subVariables(value['Fn::Sub'] ?? null);
  if (only === 'Fn::If' && Array.isArray(value['Fn::If'])) {
    const [condition, ...branches] = value['Fn::If'];
    const test: Reference[] = typeof condition === 'string' ? [{ kind: 'condition', target: condition }] : [];
    return [...test, ...branches.flatMap(referencesOf)];
  }
  return Object.values(value).flatMap(referencesOf);
}

/** The parameters that a value depends on, through conditions too. */
export function parametersOf(value: Json | undefined, template: Template): Set<string> {
  const found = new Set<string>();
  const seen = new Set<string>();
  const waiting = [value];
  while (waiting.length > 0)
    for (const { kind, target } of referencesOf(waiting.pop())) {
      if (kind !== 'condition') {
        if (Object.hasOwn(template.parameters, target)) found.add(target);
      } else if (!seen.has(target)) {
        seen.add(target);
        waiting.push(template.conditions[target]);
      }
    }
  return found;
}

/** The logical ids that a resource names, and so waits for. */
export function dependenciesOf(resource: TemplateResource): Set<string> {
  const targets = referencesOf(resource.properties).filter(({ kind }) => kind !== 'condition');
  return new Set([...targets.map(({ target }) => target), ...resource.dependsOn]);
}

/**
 * Resources in groups: each group depends only on groups before it.
 * @throws ApiFailure ValidationError when resources wait for each other in a circle
 */
export function dependencyWaves(resources: ReadonlyMap<string, TemplateResource>): string[][] {
  const waiting = new Map<string, string[]>();
  for (const [id, resource] of resources) {
    waiting.set(
      id,
      [...dependenciesOf(resource)].filter((other) => resources.has(other)),
    );
  }
  const waves: string[][] = [];
  const done = new Set<string>();
  while (waiting.size > 0) {
    const wave = [...waiting].filter(([, needs]) => needs.every((id) => done.has(id))).map(([id]) => id);
    if (wave.length === 0) {
      throw validationError(`Circular dependency between resources: [${[...waiting.keys()].join(', ')}]`);
    }
    for (const id of wave) {
      waiting.delete(id);
      done.add(id);
    }
    waves.push(wave);
  }
  return waves;
}
