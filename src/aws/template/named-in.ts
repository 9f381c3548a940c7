import { mayPutIn, namesPutIn } from '../../../tools/ports/substitution.ts';

/** What a value names. */
export interface Named {
  /** Parameters, resources and `Resource.Attribute`. */
  readonly names: ReadonlySet<string>;
  /** Is a name put together, so that it may be any of them? */
  readonly isAny: boolean;
  /** Undefined where it may be any of them. */
  readonly mappings: ReadonlySet<string> | undefined;
  readonly conditions: ReadonlySet<string> | undefined;
  /** Arguments of `Fn::ImportValue`, and of `Fn::FindInMap`. */
  readonly imports: readonly unknown[];
  readonly lookups: readonly unknown[];
}

/** Functions that name nothing but what stands in them. Another one may look at whatever it likes. */
const PLAIN =
  /^Fn::(And|Base64|Cidr|Contains|EachMemberEquals|EachMemberIn|Equals|FindInMap|ForEach::.*|GetAZs|GetAtt|If|ImportValue|Join|Length|Not|Or|Select|Split|Sub|ToJsonString)$/s;

export function namesIn(value: unknown): Named {
  const [names, mappings, conditions] = [new Set<unknown>(), new Set<unknown>(), new Set<unknown>()];
  const imports: unknown[] = [];
  const lookups: unknown[] = [];
  const walk = (one: unknown): void => {
    if (typeof one === 'string') for (const name of namesPutIn(one)) names.add(name);
    if (typeof one !== 'object' || one === null) return;
    for (const [key, inner] of Object.entries(one)) {
      const steps = [inner].flat();
      if (key === 'Ref' || key === 'Fn::GetAtt') names.add(steps.every(isName) ? steps.join('.') : undefined);
      if (key.startsWith('Fn::') && !PLAIN.test(key)) names.add(undefined);
      if (key === 'Fn::FindInMap') {
        mappings.add(steps[0]);
        lookups.push(inner);
      }
      if (key === 'Fn::If') conditions.add(steps[0]);
      if (key === 'Condition' && typeof inner === 'string') conditions.add(inner);
      if (key === 'Fn::ImportValue') imports.push(inner);
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
