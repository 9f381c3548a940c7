import type { Given } from '../../../tools/ports/written.ts';
import { parseTemplate, record, STORED_BYTES } from './document.ts';
import { isNestedOutput } from './hidden-attributes.ts';
import { writtenOut } from './loops.ts';
import { namesIn } from './named-in.ts';
import { workingsOf } from './worked-out.ts';

/*
 * What a template takes from other stacks, as far as it can be told: what isn't here counts as hidden. Of each there is
 * a number that is asked for in one template.
 */
const MOST = 500;

/** The names of exports that a template imports. @throws invalid_input */
export function importsIn(text: string, given: Given): ReadonlySet<string> {
  // One that writes it by escapes has hidden values only.
  if (!text.includes('ImportValue')) return new Set();
  const template = writtenOut(parseTemplate(text, STORED_BYTES), () => undefined);
  const workings = workingsOf(template, given);
  const names = new Set<string>();
  for (const { by, argument } of namesIn(template).imports) {
    const name = by === 'Fn::ImportValue' ? workings.value(argument) : undefined;
    if (typeof name === 'string' && names.size < MOST) names.add(name);
  }
  return names;
}

/** `Nested.Outputs.Name` of each output of a nested stack that a template takes. @throws invalid_input */
export function nestedOutputsIn(text: string): ReadonlySet<string> {
  if (!text.includes('Outputs.')) return new Set();
  const template = writtenOut(parseTemplate(text, STORED_BYTES), () => undefined);
  const resources = record(template.Resources);
  const isTaken = (name: string) => {
    const [id = '', ...attribute] = name.split('.');
    return Object.hasOwn(resources, id) && isNestedOutput(record(resources[id]).Type, attribute);
  };
  return new Set([...namesIn(template).names].filter(isTaken).slice(0, MOST));
}

/** @param name one of those */
export function nestedOutput(name: string): { readonly id: string; readonly output: string } {
  const [id = '', , ...output] = name.split('.');
  return { id, output: output.join('.') };
}
