import { mayPutIn, namesPutIn } from '../../../tools/ports/substitution.ts';
import { type Json, sha256, stableJson } from '../../kernel/digest.ts';
import { isRecord, record } from './document.ts';
import { placeAt } from './hidden-places.ts';
import type { HiddenValues } from './hidden-values.ts';

/** What a hidden value comes through, and from. */
export interface Through {
  readonly parameters: readonly string[];
  /** One for each part of the way: what a resource has that it comes through, and what the agent chooses on it. */
  readonly digests: readonly string[];
  /** Resources, imports and entries of maps on the way. */
  readonly ways: readonly string[];
}

/** What a value names: all of it where a name is put together. */
interface Named {
  readonly names: ReadonlySet<string>;
  readonly imports: readonly unknown[];
  readonly maps: readonly unknown[];
  readonly isAny: boolean;
}

/** For one template: each resource is looked at once for each question, and read once for all. */
export function flowsThrough(values: HiddenValues): (value: unknown) => Through {
  const { template, places, workings } = values;
  const resources = record(template.Resources);
  const parameters = new Set(Object.keys(record(template.Parameters)));
  const read = new Map<string, { readonly named: Named; readonly digest: string }>();
  const resource = (id: string) => {
    const known = read.get(id);
    if (known) return known;
    const { Type, Properties } = record(resources[id]);
    const place = placeAt(places.get(id), ['Properties']);
    const taking =
      place === undefined || place === true || !isRecord(Properties)
        ? Properties
        : Object.fromEntries(Object.entries(Properties).filter(([name]) => place.members.has(name)));
    const digest = sha256(stableJson([id, (Type ?? '') as Json, (taking ?? null) as Json]));
    const found = { named: namesIn(taking), digest };
    read.set(id, found);
    return found;
  };
  // The same for each value that may name anything.
  let ofAny: Through | undefined;
  return (value) => {
    const start = namesIn(value);
    if (start.isAny) ofAny ??= throughAll(start);
    return start.isAny && ofAny ? ofAny : throughAll(start);
  };

  function throughAll(start: Named): Through {
    const seen = new Set<string>();
    const through = new Map<string, string>();
    const maps = new Set<string>();
    const left: string[] = [];
    const follow = ({ names, imports, maps: looked, isAny }: Named, all = false): void => {
      for (const one of looked) if (values.takes(one)) maps.add(`map ${entryOf(one)}`);
      for (const name of isAny ? [...parameters, ...places.keys()] : names) {
        if (parameters.has(name) || all || isAny || values.takesNamed(name.split('.'))) left.push(name);
      }
      for (const one of imports) {
        const name = workings.value(one);
        through.set(`import ${stableJson(one as Json)}`, sha256(stableJson(['import', name ?? null])));
        // A name that nobody can tell is whatever it is made of.
        if (typeof name !== 'string') follow(namesIn(one), true);
      }
    };
    follow(start);
    for (let name = left.pop(); name !== undefined; name = left.pop()) {
      const [id = ''] = name.split('.');
      if (seen.has(id)) continue;
      seen.add(id);
      if (Object.hasOwn(resources, id)) {
        const { named, digest } = resource(id);
        through.set(`resource ${id}`, digest);
        follow(named);
      } else if (!values.isHiddenParameter(id))
        through.set(`parameter ${id}`, sha256(stableJson([id, workings.value({ Ref: id }) ?? null])));
    }
    return {
      parameters: [...seen].filter((name) => values.isHiddenParameter(name)).sort(),
      digests: [...through].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, digest]) => digest),
      ways: [...through.keys(), ...maps].filter((one) => !one.startsWith('parameter ')),
    };
  }

  function entryOf(lookUp: unknown): string {
    const steps = [record(lookUp)['Fn::FindInMap']].flat().map((step) => workings.value(step));
    return stableJson(steps.map((step) => step ?? null));
  }
}

export function namesIn(value: unknown): Named {
  const names = new Set<string>();
  const imports: unknown[] = [];
  const maps: unknown[] = [];
  let isAny = false;
  const walk = (one: unknown): void => {
    if (typeof one === 'string') for (const name of namesPutIn(one)) names.add(name);
    if (typeof one !== 'object' || one === null) return;
    for (const [key, inner] of Object.entries(one)) {
      if (key === 'Ref' || key === 'Fn::GetAtt') {
        const steps = [inner].flat();
        if (steps.every((step) => typeof step === 'string' && !mayPutIn(step))) names.add(steps.join('.'));
        else isAny = true;
      }
      if (key === 'Fn::ImportValue') imports.push(inner);
      if (key === 'Fn::FindInMap') maps.push({ [key]: inner });
      walk(key);
      walk(inner);
    }
  };
  walk(value);
  return { names, imports, maps, isAny };
}
