import type { Given } from '../../../tools/ports/written.ts';
import { parseTemplate, STORED_BYTES } from './document.ts';
import { writtenOut } from './loops.ts';
import { namesIn } from './named-in.ts';
import { workingsOf } from './worked-out.ts';

/** Exports that are asked for in one template; what others have counts as hidden. */
const MOST = 500;

/**
 * The names of exports that a template imports, as far as they can be told: what isn't here counts as hidden.
 * @throws invalid_input
 */
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
