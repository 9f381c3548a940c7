/** AWS's resource types, reduced by generate.ts. Paths are dotted, `*` standing for any element of an array or map. */
interface CompactType {
  replace?: string;
  maybe?: string;
  rest?: string;
  required?: string;
  attributes?: string;
  identifier?: string;
  arn?: string;
  taggable?: number;
}

export interface ResourceType {
  /** Changing one of these replaces the resource. */
  readonly replace: ReadonlySet<string>;
  /** Changing one of these may replace it. */
  readonly maybe: ReadonlySet<string>;
  /** Top-level properties, all of them. */
  readonly properties: ReadonlySet<string>;
  readonly required: readonly string[];
  readonly attributes: ReadonlySet<string>;
  /** What `Ref` gives: names of properties or attributes. */
  readonly identifier: readonly string[];
  readonly arnTemplate: string | undefined;
  readonly taggable: boolean;
}

/** The type, or undefined where AWS publishes no such type. */
export type Specification = (type: string) => ResourceType | undefined;

const words = (text: string | undefined) => (text ? text.split(' ') : []);

function expand(compact: CompactType): ResourceType {
  const replace = words(compact.replace);
  const maybe = words(compact.maybe);
  return {
    replace: new Set(replace),
    maybe: new Set(maybe),
    properties: new Set([...replace, ...maybe, ...words(compact.rest)].map((path) => path.split('.')[0] ?? path)),
    required: words(compact.required),
    attributes: new Set(words(compact.attributes)),
    identifier: words(compact.identifier),
    arnTemplate: compact.arn,
    taggable: compact.taggable === 1,
  };
}

/** A type of which nothing is known, in a registry of someone's own perhaps: any property of it may replace it. */
export const UNPUBLISHED: ResourceType = expand({ maybe: '*' });

/** Types that AWS has and doesn't publish: https://docs.aws.amazon.com/cdk/v2/guide/usage-data.html */
const UNLISTED: Readonly<Record<string, CompactType>> = { 'AWS::CDK::Metadata': { rest: 'Analytics' } };

export async function loadSpecification(): Promise<Specification> {
  const { default: data } = await import('./resources.json', { with: { type: 'json' } });
  const types: Record<string, CompactType> = { ...(data.types as Record<string, CompactType>), ...UNLISTED };
  const expanded = new Map<string, ResourceType>();
  return (type) => {
    const known = expanded.get(type);
    if (known || !Object.hasOwn(types, type)) return known;
    const made = expand(types[type] ?? {});
    expanded.set(type, made);
    return made;
  };
}
