import { type Json, sha256, stableJson } from '../../kernel/digest.ts';
import { record } from './document.ts';
import type { HiddenValues } from './hidden-values.ts';
import { type Named, namesIn } from './named-in.ts';
import { madeByAws } from './put-together.ts';

/** What a test depends on: the hidden values, and everything else that the template has for it. */
export interface HeldAgainst {
  readonly parameters: readonly string[];
  /** Of every other part: what the agent chooses on it. */
  readonly digest: string;
  /** Is something of it a parameter of which nobody knows here what it stands for? */
  readonly isOpen: boolean;
}

/**
 * Names that are followed in one template; after that a test depends on all of it. The attacker has thousands of tests
 * name thousands of things.
 */
const MOST_NAMES = 300_000;

/**
 * For one template: each part is read once. It isn't only the hidden value's own way that counts: the attacker keeps a
 * test as it stands, and changes what the value is held against, in a mapping, a condition, a parameter or another
 * resource.
 */
export function heldAgainst(values: HiddenValues): (value: unknown) => HeldAgainst {
  const { template, workings, given } = values;
  const [resources, parameters, mappings, conditions] = [
    record(template.Resources),
    record(template.Parameters),
    record(template.Mappings),
    record(template.Conditions),
  ];
  const read = new Map<string, { readonly named: Named; readonly digest: string }>();
  const part = (section: string, id: string, of: () => unknown) => {
    const key = `${section} ${id}`;
    const known = read.get(key);
    if (known) return known;
    const value = of();
    const found = { named: namesIn(value), digest: sha256(stableJson([section, id, (value ?? null) as Json])) };
    read.set(key, found);
    return found;
  };
  let left = MOST_NAMES;
  // The same for each value that may name anything.
  let ofAny: HeldAgainst | undefined;
  return (value) => {
    const start = namesIn(value);
    const found = start.isAny ? undefined : throughAll(start);
    if (found && left > 0) return found;
    ofAny ??= throughAll({ ...start, isAny: true });
    return ofAny;
  };

  function throughAll(start: Named): HeldAgainst {
    const through = new Map<string, string>();
    const hidden = new Set<string>();
    const waiting: Named[] = [start];
    let isOpen = false;
    const add = (section: string, id: string, of: () => unknown): void => {
      if (through.has(`${section} ${id}`)) return;
      const { named, digest } = part(section, id, of);
      through.set(`${section} ${id}`, digest);
      waiting.push(named);
    };
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
      const { names, imports, isAny } = next;
      left -= 1 + names.size + imports.length;
      if (left <= 0 && !start.isAny) break;
      for (const name of isAny ? [...Object.keys(parameters), ...Object.keys(resources)] : names) {
        const [id = '', ...attribute] = name.split('.');
        if (values.isHiddenParameter(id)) hidden.add(id);
        else if (Object.hasOwn(parameters, id)) {
          isOpen ||= !isKnownParameter(id);
          add('Parameters', id, () => chosen(id));
        } else if (
          Object.hasOwn(resources, id) &&
          (isAny || values.takesNamed([id, ...attribute]) || !isMadeByAws(id, attribute))
        )
          add('Resources', id, () => choosing(id));
      }
      for (const id of (isAny ? undefined : next.mappings) ?? Object.keys(mappings))
        if (Object.hasOwn(mappings, id)) add('Mappings', id, () => mappings[id]);
      for (const id of (isAny ? undefined : next.conditions) ?? Object.keys(conditions))
        if (Object.hasOwn(conditions, id)) add('Conditions', id, () => conditions[id]);
      for (const one of imports) add(one.by, stableJson(one.argument as Json), () => workings.value(one.argument));
    }
    return {
      parameters: [...hidden].sort(),
      isOpen,
      digest: sha256(stableJson(Object.fromEntries(through))),
    };
  }

  /** What a parameter that is shown stands for. */
  function chosen(id: string): unknown {
    const { Type, Default } = record(parameters[id]);
    return [Type, Default, given.values[id], workings.value({ Ref: id })];
  }

  /** One of Systems Manager stands for what is there at the time. */
  function isKnownParameter(id: string): boolean {
    return given.values[id] !== null && !String(record(parameters[id]).Type).startsWith('AWS::SSM::');
  }

  /** Whatever it has may decide what is said of it. */
  function choosing(id: string): unknown {
    const { Type, Properties } = record(resources[id]);
    return [Type, Properties];
  }

  function isMadeByAws(id: string, attribute: readonly string[]): boolean {
    return madeByAws(record(resources[id]).Type, attribute);
  }
}
