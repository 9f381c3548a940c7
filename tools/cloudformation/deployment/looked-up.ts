import type { Json } from '../../../src/kernel/digest.ts';
import type { TemplateFacts } from '../../ports/cloudformation.ts';
import { jsonPointer } from '../../ports/json-pointer.ts';
import type { Level } from './levels.ts';

/** By parameter of a template: the name that stands for what CloudFormation looks up in Systems Manager. */
export type LookedUp = ReadonlyMap<string, string>;

type Reading = Pick<Level, 'path' | 'present' | 'future'> & {
  readonly stack: Pick<Level['stack'], 'parameters'>;
  readonly changeSet: Pick<Level['changeSet'], 'parameters'>;
};
type Settings = Readonly<Record<string, Json | undefined>>;
type Sources = NonNullable<TemplateFacts['resources'][string]['value_sources']>;

/**
 * The parameters of a level that are given another parameter's name, and those of a nested template that get one of
 * these. The attacker calls a parameter like its own queue and puts production's into it: where an answer has the
 * name, the value isn't known.
 */
export function lookedUpIn(level: Reading, levels: readonly Reading[], at: 'present' | 'future'): LookedUp {
  const facts = level[at];
  if (!facts) return new Map();
  const given = at === 'present' ? level.stack.parameters : level.changeSet.parameters;
  const values = new Map([
    ...Object.entries(facts.parameter_defaults),
    ...given.map(({ key, value }) => [key, value] as const),
  ]);
  const found = new Map(facts.looked_up_parameters.map((name) => [name, values.get(name) ?? '']));
  const outer = levels.find(({ path }) => path.length === level.path.length - 1 && path.every(isIn(level)));
  if (!outer) return found;
  const above = lookedUpIn(outer, levels, at);
  const sources = sourcesOf(outer[at], level.path.at(-1) ?? '');
  for (const [name, value] of values)
    if (namesOf(sources, ['Parameters', name], above).some((one) => isPartOf(one, value))) found.set(name, value);
  return found;
}

/** What AWS says of a resource, with a reference wherever a name stands for what is looked up. */
export function withLookedUp(properties: Settings, sources: Sources, lookedUp: LookedUp): Settings {
  if (lookedUp.size === 0) return properties;
  const put = (value: Json, steps: readonly string[]): Json => {
    if (typeof value === 'string') {
      const name = namesOf(sources, steps, lookedUp).find((one) => isPartOf(one, value));
      if (name === undefined) return value;
      // Only the whole of it may be one of AWS's own.
      return `{{resolve:ssm:${name === value ? name : ''}}}`;
    }
    if (Array.isArray(value)) return value.map((one, index) => put(one, [...steps, String(index)]));
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, put(inner as Json, [...steps, key])]));
  };
  return put(properties as Json, []) as Settings;
}

export function sourcesOf(facts: TemplateFacts | undefined, id: string): Sources {
  return (facts && Object.hasOwn(facts.resources, id) ? facts.resources[id]?.value_sources : undefined) ?? {};
}

/** The names that what stands there is made of: it, or what is around it, is worked out from these parameters. */
function namesOf(sources: Sources, steps: readonly string[], lookedUp: LookedUp): readonly string[] {
  const taken = steps.flatMap((_, at) => {
    const place = jsonPointer(steps.slice(0, at + 1));
    return Object.hasOwn(sources, place) ? (sources[place] ?? []) : [];
  });
  return [...lookedUp].flatMap(([name, value]) => (taken.includes('*') || taken.includes(name) ? [value] : []));
}

/** Put together with other text, or taken apart. A name that can't be read may be any. */
function isPartOf(name: string, value: string): boolean {
  return value.includes(name) || name.includes(value);
}

function isIn({ path }: Reading) {
  return (step: string, at: number) => path[at] === step;
}
