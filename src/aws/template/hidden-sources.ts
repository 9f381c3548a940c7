import { type Json, stableJson } from '../../kernel/digest.ts';
import { isRecord, record } from './document.ts';
import { isNestedOutput } from './hidden-attributes.ts';
import { placeAt } from './hidden-places.ts';
import type { HiddenValues } from './hidden-values.ts';
import { type Named, namesIn } from './named-in.ts';

/** What a hidden value comes from, and through. */
export interface Sources {
  readonly parameters: readonly string[];
  /** Resources, outputs of nested stacks, imports and entries of maps on the way. */
  readonly ways: readonly string[];
  /** Is something of it what a nested stack has as an output? */
  readonly isHandedOut: boolean;
}

/** Names that are followed in one template; after that a value may come from anywhere. */
const MOST_NAMES = 300_000;

/** For one template: each resource is looked at once for each question, and read once for all. */
export function sourcesIn(values: HiddenValues): (value: unknown) => Sources {
  const { template, places, workings } = values;
  const resources = record(template.Resources);
  const parameters = new Set(Object.keys(record(template.Parameters)));
  const read = new Map<string, Named>();
  let left = MOST_NAMES;
  // The same for each value that may name anything.
  let ofAny: Sources | undefined;
  return (value) => {
    const start = namesIn(value);
    const found = start.isAny ? undefined : allOf(start);
    if (found && left > 0) return found;
    ofAny ??= allOf({ ...start, isAny: true });
    return ofAny;
  };

  /** What a resource takes hidden values by. */
  function takenBy(id: string): Named {
    const known = read.get(id);
    if (known) return known;
    const { Properties } = record(resources[id]);
    const place = placeAt(places.get(id), ['Properties']);
    const isAll = place === undefined || place === true || !isRecord(Properties);
    const found = namesIn(
      isAll ? Properties : Object.fromEntries(Object.entries(Properties).filter(([name]) => place.members.has(name))),
    );
    read.set(id, found);
    return found;
  }

  function allOf(start: Named): Sources {
    let isHandedOut = false;
    const seen = new Set<string>();
    const ways = new Set<string>();
    const waiting: string[] = [];
    const follow = ({ names, imports, lookups, isAny }: Named, all = false): void => {
      left -= 1 + names.size + imports.length + lookups.length;
      if (left <= 0 && !start.isAny) return;
      for (const one of lookups) if (values.takes({ 'Fn::FindInMap': one })) ways.add(`map ${entryOf(one)}`);
      for (const name of isAny ? [...parameters, ...places.keys()] : names)
        if (parameters.has(name) || all || isAny || values.takesNamed(name.split('.'))) waiting.push(name);
      for (const one of imports) {
        ways.add(`${one.by === 'Fn::ImportValue' ? 'import' : 'output'} ${stableJson(one.argument as Json)}`);
        // A name that nobody can tell is whatever it is made of.
        if (!isKnown(workings.value(one.argument))) follow(namesIn(one.argument), true);
      }
    };
    follow(start);
    for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
      const [id = '', ...attribute] = name.split('.');
      if (seen.has(id)) continue;
      seen.add(id);
      if (!Object.hasOwn(resources, id)) continue;
      const isOutput = isNestedOutput(record(resources[id]).Type, attribute);
      ways.add(`${isOutput ? 'nested output' : 'resource'} ${isOutput ? name : id}`);
      isHandedOut ||= isOutput;
      follow(takenBy(id));
    }
    return {
      parameters: [...seen].filter((name) => values.isHiddenParameter(name)).sort(),
      ways: [...ways],
      isHandedOut,
    };
  }

  function isKnown(argument: unknown): boolean {
    return typeof argument === 'string' || (isRecord(argument) && Object.values(argument).every(isKnown));
  }

  function entryOf(lookup: unknown): string {
    return stableJson([lookup].flat().map((step) => workings.value(step) ?? null));
  }
}
