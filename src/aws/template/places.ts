import { isAlias, isMap, isScalar, isSeq, type Pair, parseDocument, type Scalar } from 'yaml';
import { parseTemplate } from './document.ts';
import { longForm, unreadable } from './yaml.ts';

/** A value, or the name of a member, where it is written in a template. */
export interface Spot {
  readonly node: Scalar;
  /**
   * Where it is, in whatever form the template is written: `Resources/Fn/Properties/Environment/Variables/DB_PASSWORD`.
   * Of an item that has a name of its own the name counts (`Name=DB_PASSWORD`), so that others may come before it; of
   * another one its number.
   */
  readonly place: string;
  /** The type of the resource that it is in; empty elsewhere. */
  readonly type: string;
  readonly is_key: boolean;
  /** It is in something that has a YAML anchor, which an alias can put anywhere else. */
  readonly anchored: boolean;
  /** Where it is in the text, in UTF-16 units. */
  readonly range: readonly [start: number, end: number];
}

/**
 * A template's YAML or JSON with the places where things are written.
 * @param limit in bytes
 * @throws invalid_input
 */
export function readDocument(
  text: string,
  limit: number,
): { readonly items: readonly Pair[]; readonly aliases: boolean } {
  // Bounds depth, aliases and size before the library reads the text once more, now with places.
  parseTemplate(text, limit);
  const document = parseDocument(text, {
    version: '1.1',
    merge: true,
    uniqueKeys: false,
    prettyErrors: false,
    logLevel: 'silent',
  });
  if (document.errors.length > 0 || !isMap(document.contents))
    throw unreadable('its secrets can not be told', 'ask a person');
  return { items: document.contents.items, aliases: hasAlias(document.contents) };
}

function hasAlias(node: unknown): boolean {
  if (isAlias(node)) return true;
  if (isSeq(node)) return node.items.some(hasAlias);
  return pairsOf(node).some((pair) => hasAlias(pair.value));
}

/** Every value and every name of a member, in the order of the text. */
export function spotsIn(items: readonly Pair[]): readonly Spot[] {
  const found: Spot[] = [];
  const add = (node: unknown, place: readonly string[], type: string, is_key: boolean, anchored: boolean) => {
    if (!isScalar(node) || !node.range) return;
    const [start, end] = node.range;
    found.push({ node, place: place.join('/'), type, is_key, anchored, range: [start, end] });
  };
  const walk = (node: unknown, around: readonly string[], type: string, within: boolean): void => {
    const { anchor, tag } = (node ?? {}) as { anchor?: string; tag?: string };
    const anchored = within || anchor !== undefined;
    const place = isShortTag(tag) ? [...around, longForm(tag)] : around;
    add(node, place, type, false, anchored);
    if (isSeq(node)) {
      const names = node.items.map(nameOf);
      const times = new Map<string | undefined, number>();
      for (const name of names) times.set(name, (times.get(name) ?? 0) + 1);
      for (const [at, item] of node.items.entries()) {
        const name = names[at];
        const alone = name !== undefined && times.get(name) === 1;
        walk(item, [...place, alone ? name : String(at)], type, anchored);
      }
    }
    members(pairsOf(node), place, type, anchored);
  };
  const members = (pairs: readonly Pair[], place: readonly string[], type: string, anchored: boolean): void => {
    for (const pair of pairs) {
      const inner = [...place, step(keyOf(pair))];
      const resource = place.length === 1 && place[0] === 'Resources';
      add(pair.key, inner, type, true, anchored);
      walk(pair.value, inner, resource ? typeOf(pair.value) : type, anchored);
    }
  };
  members(items, [], '', false);
  return found;
}

function isShortTag(tag: string | undefined): tag is string {
  return /^![^!]/.test(tag ?? '');
}

/** Escapes a key as a JSON pointer does: https://datatracker.ietf.org/doc/html/rfc6901#section-3 */
function step(key: string): string {
  return key.replaceAll('~', '~0').replaceAll('/', '~1');
}

function typeOf(resource: unknown): string {
  return textOf(pairsOf(resource).find((pair) => keyOf(pair) === 'Type')?.value) ?? '';
}

function nameOf(item: unknown): string | undefined {
  const pair = pairsOf(item).find((one) => /^(Name|Key|ParameterKey)$/.test(keyOf(one)));
  const name = textOf(pair?.value);
  return name === undefined ? undefined : `${keyOf(pair)}=${step(name)}`;
}

function textOf(node: unknown): string | undefined {
  return isScalar(node) && typeof node.value === 'string' ? node.value : undefined;
}

export function pairsOf(node: unknown): readonly Pair[] {
  return isMap(node) ? node.items : [];
}

/** The key as it is written: YAML 1.1 reads the keys `No` and `On` as booleans. */
export function keyOf(pair: Pair | undefined): string {
  const key = pair?.key;
  return isScalar(key) ? (key.source ?? String(key.value)) : '';
}
