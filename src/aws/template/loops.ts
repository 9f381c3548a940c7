import { beforePutIn, hasNameInName, loopMarks, mayPutIn } from '../../../tools/ports/substitution.ts';
import { isRecord, record } from './document.ts';
import { functionKind } from './functions.ts';

/*
 * Loops (`Fn::ForEach`), which AWS writes out before it looks at anything else. The attacker has one put a name
 * together (`${P${Name}}`), or a function: a reader of what stands there sees another text than AWS. So a loop is
 * written out here too, where there is only one way to do it; any other stays, and then nobody knows what it makes.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-foreach.html
 */

type Entries = readonly (readonly [key: string, value: unknown])[];

/** Values and characters that all loops of a template may write out: those in loops multiply. */
const MOST_VALUES = 40_000;
const MOST_CHARACTERS = 2_000_000;
/** With one of these in it, a text that a loop puts in may be read as more than itself. */
const MARKS = /[$&{}]/;

/** The identifiers of all loops in it; undefined where there is no loop. */
export function identifiersIn(template: unknown): ReadonlySet<unknown> | undefined {
  const found = new Set<unknown>();
  let isLooped = false;
  const walk = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return;
    for (const [key, inner] of Object.entries(value)) {
      if (functionKind(key) === 'loop') {
        isLooped = true;
        found.add([inner].flat()[0]);
      }
      walk(inner);
    }
  };
  walk(template);
  return isLooped ? found : undefined;
}

/**
 * The template with its loops written out, as far as that is sure.
 * @param itemsOf what a loop goes over that isn't written there itself; anything but a list isn't known
 */
export function writtenOut(
  template: Readonly<Record<string, unknown>>,
  itemsOf: (collection: unknown) => unknown,
): Readonly<Record<string, unknown>> {
  if (!identifiersIn(template)) return template;
  const declared = new Set([template.Parameters, template.Resources].flatMap((part) => Object.keys(record(part))));
  let [values, characters] = [MOST_VALUES, MOST_CHARACTERS];

  function walk(value: unknown, around: readonly string[]): unknown {
    values -= 1;
    if (Array.isArray(value)) return value.map((one) => walk(one, around));
    if (!isRecord(value)) return value;
    const entries = Object.entries(value).flatMap(([key, inner]): Entries => {
      const made = functionKind(key) === 'loop' ? madeBy(inner, around) : [[key, walk(inner, around)] as const];
      return made ?? [[key, inner]];
    });
    // Of two of one name nobody knows which one counts.
    return withoutRepeated(entries) ?? value;
  }

  function madeBy(loop: unknown, around: readonly string[]): Entries | undefined {
    const [identifier, collection, body, ...more] = Array.isArray(loop) ? loop : [];
    if (typeof identifier !== 'string' || !/^\w+$/.test(identifier) || !isRecord(body) || more.length > 0)
      return undefined;
    if (declared.has(identifier) || around.includes(identifier)) return undefined;
    const items = Array.isArray(collection) ? collection : itemsOf(collection);
    if (!Array.isArray(items) || items.some((item: unknown) => typeof item === 'object' || MARKS.test(String(item))))
      return undefined;
    const isAlone = around.length === 0 && !identifiersIn(body);
    if (!isPlain(body, identifier, isAlone)) return undefined;
    const made = items.map((item: unknown) => {
      const out = put(body, identifier, String(item));
      return out === undefined ? undefined : walk(out, [...around, identifier]);
    });
    if (values < 0 || characters < 0 || made.includes(undefined)) return undefined;
    const entries = made.flatMap((one) => Object.entries(record(one)));
    return withoutRepeated(entries) && entries;
  }

  /** Undefined where it isn't sure. */
  function put(value: unknown, identifier: string, item: string): unknown {
    values -= 1;
    if (values < 0 || characters < 0) return undefined;
    if (typeof value === 'string') return text(value, identifier, item);
    if (Array.isArray(value)) {
      const items = value.map((one) => put(one, identifier, item));
      return items.includes(undefined) ? undefined : items;
    }
    if (!isRecord(value)) return value;
    const entries = Object.entries(value).map(
      ([key, inner]) => [text(key, identifier, item), put(inner, identifier, item)] as const,
    );
    if (value.Ref === identifier && entries.length === 1) return item;
    return entries.some(([, inner]) => inner === undefined) ? undefined : withoutRepeated(entries);
  }

  function text(from: string, identifier: string, item: string): string {
    characters -= from.length;
    if (!mayPutIn(from)) return from;
    const { whole, letters } = loopMarks(identifier);
    const parts = from.split(whole);
    characters -= (parts.length - 1) * item.length;
    if (characters < 0) return from;
    const others = parts.join(item).split(letters);
    characters -= (others.length - 1) * item.length;
    return characters < 0 ? from : others.join(item.replace(/[^A-Za-z0-9]/g, ''));
  }

  return record(walk(template, []));
}

/** Is there only one way to put the identifier's text in? */
function isPlain(value: unknown, identifier: string, isAlone: boolean): boolean {
  const { unsure } = loopMarks(identifier);
  const isPlainText = (text: string) => (isAlone || !hasNameInName(text)) && !unsure.test(text);
  if (typeof value === 'string') return isPlainText(value);
  if (typeof value !== 'object' || value === null) return true;
  // One that is called like it, too: a variable of a text's own.
  return Object.entries(value).every(
    ([key, inner]) => key !== identifier && isPlainText(key) && isPlain(inner, identifier, isAlone),
  );
}

function withoutRepeated(entries: Entries): Readonly<Record<string, unknown>> | undefined {
  const made = Object.fromEntries(entries);
  return Object.keys(made).length === entries.length ? made : undefined;
}

/** The arguments of loops that make resources, outputs or conditions, those in loops too. */
export function sectionLoops(template: Readonly<Record<string, unknown>>): ReadonlySet<unknown> {
  const found = new Set<unknown>();
  const look = (entries: unknown): void => {
    for (const [key, inner] of Object.entries(record(entries)))
      if (functionKind(key) === 'loop') {
        found.add(inner);
        look([inner].flat()[2]);
      }
  };
  for (const section of [template.Resources, template.Outputs, template.Conditions]) look(section);
  return found;
}

/** May a loop that wasn't written out make a function of a name in it? */
export function mayMakeFunctions(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return Object.entries(value).some(([key, inner]) => (mayPutIn(key) && mayBeFunction(key)) || mayMakeFunctions(inner));
}

function mayBeFunction(key: string): boolean {
  const head = beforePutIn(key);
  return head.startsWith('Fn::') || ['Fn::', 'Ref', 'Condition', 'Transform'].some((name) => name.startsWith(head));
}
