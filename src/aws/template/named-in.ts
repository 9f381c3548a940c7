import { mayPutIn, namesPutIn } from '../../../tools/ports/substitution.ts';
import { functionKind } from './functions.ts';

/** What a value names. */
export interface Named {
  /** Parameters, resources and `Resource.Attribute`. */
  readonly names: ReadonlySet<string>;
  /** Is a name put together, so that it may be any of them? */
  readonly isAny: boolean;
  /** Undefined where it may be any of them. */
  readonly mappings: ReadonlySet<string> | undefined;
  readonly conditions: ReadonlySet<string> | undefined;
  /** What comes from other stacks: `Fn::ImportValue` and `Fn::GetStackOutput`, with their arguments. */
  readonly imports: readonly Import[];
  /** Arguments of `Fn::FindInMap`. */
  readonly lookups: readonly unknown[];
}

export interface Import {
  readonly by: string;
  readonly argument: unknown;
}

export function namesIn(value: unknown): Named {
  const [names, mappings, conditions] = [new Set<unknown>(), new Set<unknown>(), new Set<unknown>()];
  const imports: Import[] = [];
  const lookups: unknown[] = [];
  const walk = (one: unknown): void => {
    if (typeof one === 'string') for (const name of namesPutIn(one) ?? [undefined]) names.add(name);
    if (typeof one !== 'object' || one === null) return;
    for (const [key, inner] of Object.entries(one)) {
      const steps = [inner].flat();
      if (key === 'Ref' || key === 'Fn::GetAtt') names.add(steps.every(isName) ? steps.join('.') : undefined);
      const kind = functionKind(key);
      if (kind === 'looking' || kind === 'unknown' || kind === 'loop') names.add(undefined);
      if (key === 'Fn::FindInMap') {
        mappings.add(steps[0]);
        lookups.push(inner);
      }
      if (key === 'Fn::If') conditions.add(steps[0]);
      if (key === 'Condition' && typeof inner === 'string') conditions.add(inner);
      if (kind === 'of others') imports.push({ by: key, argument: inner });
      walk(key);
      walk(inner);
    }
  };
  walk(value);
  return {
    names: new Set([...names].filter(isName)),
    isAny: [...names].includes(undefined),
    mappings: all(mappings),
    conditions: all(conditions),
    imports,
    lookups,
  };
}

/** Undefined where one of them is put together. */
function all(names: ReadonlySet<unknown>): ReadonlySet<string> | undefined {
  const plain = [...names].filter(isName);
  return plain.length === names.size ? new Set(plain) : undefined;
}

function isName(value: unknown): value is string {
  return typeof value === 'string' && !mayPutIn(value);
}
