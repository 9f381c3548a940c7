import {
  Composer,
  CST,
  type Document,
  isAlias,
  isMap,
  isNode,
  isPair,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  Parser,
  type Scalar,
} from 'yaml';
import { plainScalar, Unsure } from '../../../tools/ports/scalars.ts';
import { HoldshortError } from '../../kernel/errors.ts';

/** Collections within collections, aliases followed. Templates that people write stay below twenty. */
export const DEPTH = 60;
/**
 * Uses of aliases. CloudFormation itself takes none:
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-formats.html; other endpoints may.
 */
const ALIASES = 100;
/** Values that all uses of aliases stand for together: a few lines of them can stand for billions. */
const EXPANDED = 10_000;
/** Those that say what a collection is anyway. */
const OWN_TAGS = /^tag:yaml\.org,2002:(map|seq)$/;

/**
 * A YAML template as plain data. An agent writes the text to take as long as it can: each step is linear in it. The
 * library's own check for duplicate keys compares each with each, and its own resolving of an alias reads the whole
 * document, so neither is used.
 * @throws invalid_input
 */
export function parseYaml(text: string): unknown {
  const lines = new LineCounter();
  const at = (offset: number) => {
    const { line, col } = lines.linePos(offset);
    return ` at line ${line}, column ${col}`;
  };
  const tokens = [...new Parser(lines.addNewLine).parse(text)];
  // The first of them is enough: for each of fifty thousand the library would make an error, with where it came from.
  const broken = tokens.find((token) => token.type === 'error');
  if (broken) throw unreadable(`${broken.message}${at(broken.offset)}`, 'correct the YAML or JSON');
  // Before the library composes the document, which it does by recursion.
  checkDepth(tokens);
  // Texts as they are written; what they stand for isn't the library's to say.
  const options = { version: '1.1', schema: 'failsafe', merge: true } as const;
  const quiet = { uniqueKeys: false, prettyErrors: false, logLevel: 'silent' } as const;
  const [document, another] = new Composer({ ...options, ...quiet }).compose(tokens, true, text.length);
  if (!document) return null;
  const [problem] = document.errors;
  if (problem) throw unreadable(`${problem.message}${at(problem.pos[0])}`, 'correct the YAML or JSON');
  if (another) throw unreadable('it holds more than one document', 'send one template');
  return plainData(document, (node) => at(node.range?.[0] ?? 0));
}

function plainData(document: Document.Parsed, at: (node: Node) => string): unknown {
  /** The latest value of each anchor; undefined while it is being read. */
  const anchors = new Map<string, unknown>();
  let aliases = 0;
  let expanded = 0;

  const count = (value: unknown, depth: number): void => {
    expanded += 1;
    if (expanded > EXPANDED) throw tooManyAliases();
    if (depth > DEPTH) throw tooDeep();
    if (typeof value === 'object' && value !== null) for (const one of Object.values(value)) count(one, depth + 1);
  };
  const plain = (node: unknown, depth: number): unknown => {
    if (isAlias(node)) {
      aliases += 1;
      if (aliases > ALIASES) throw tooManyAliases();
      const value = anchors.get(node.source);
      if (value === undefined) throw unreadable(`an alias stands for nothing before it${at(node)}`, 'write it out');
      count(value, depth);
      return value;
    }
    if (!isNode(node)) return node ?? null;
    const { anchor } = node as { anchor?: string };
    if (anchor !== undefined) anchors.set(anchor, undefined);
    const { tag } = node;
    const short = tag?.startsWith('!') && !tag.startsWith('!!');
    if (!short && tag !== undefined && !isScalar(node) && !OWN_TAGS.test(tag))
      throw unreadable(`a collection has the tag ${tag}${at(node)}`, 'leave it out: CloudFormation takes none');
    const value = short ? { [longForm(tag ?? '')]: contents(node, depth) } : contents(node, depth);
    if (anchor !== undefined) anchors.set(anchor, value);
    return value;
  };
  const contents = (node: Node, depth: number): unknown => {
    if (isScalar(node)) return scalarOf(node);
    if (isSeq(node)) return node.items.map((item) => plain(isPair(item) ? item.value : item, depth + 1));
    if (!isMap(node)) return null;
    const own: [string, unknown][] = [];
    const merged: unknown[] = [];
    const seen = new Set<string>();
    for (const { key, value } of node.items) {
      if (!isScalar(key)) throw unreadable(`a key is not plain text${at(isNode(key) ? key : node)}`, 'write it out');
      // The key as it is written: YAML 1.1 reads the keys `No` and `On` as booleans.
      const name = key.source ?? String(key.value);
      if (seen.has(name)) throw unreadable(`the same key stands twice${at(key)}`, 'keep one of them');
      seen.add(name);
      plain(key, depth);
      const inner = plain(value, depth + 1);
      if (name === '<<') for (const one of [inner].flat()) merged.push(one);
      else own.push([name, inner]);
    }
    // What is written out wins over what is merged in, wherever it is.
    return Object.fromEntries([
      ...merged.reverse().flatMap((one) => (isObject(one) ? Object.entries(one) : [])),
      ...own,
    ]);
  };
  return plain(document.contents, 0);
}

/** Of a short tag (`!Ref N`) it is a name or a text, and `!GetAZs` has an empty one. */
function scalarOf({ type, tag, source, value }: Scalar): unknown {
  const text = source ?? String(value ?? '');
  if (tag !== undefined && !tag.startsWith('!')) return tag.endsWith(':str') ? text : new Unsure(`${tag} ${text}`);
  if (type !== 'PLAIN') return text;
  if (tag === undefined) return plainScalar(text);
  return text === '' || typeof plainScalar(text) === 'string' ? text : new Unsure(text);
}

/** By a list of what is still to be seen, not by recursion, which deep text would end in the middle of. */
function checkDepth(tokens: readonly CST.Token[]): void {
  const waiting = tokens.map((token) => ({ token, depth: 0 }));
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    const { token, depth } = next;
    if (depth > DEPTH) throw tooDeep();
    if (token.type === 'document' && token.value) waiting.push({ token: token.value, depth });
    if (!CST.isCollection(token)) continue;
    for (const { key, value } of token.items) {
      if (key) waiting.push({ token: key, depth: depth + 1 });
      if (value) waiting.push({ token: value, depth: depth + 1 });
    }
  }
}

/**
 * `!GetAtt` is `Fn::GetAtt`:
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/intrinsic-function-reference.html
 */
export function longForm(tag: string): string {
  const name = tag.slice(1);
  return name === 'Ref' || name === 'Condition' ? name : `Fn::${name}`;
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function tooManyAliases(): HoldshortError {
  return unreadable('it uses too many YAML aliases, or they expand too far', 'write it out: CloudFormation takes none');
}

export function tooDeep(): HoldshortError {
  return unreadable(`it is nested too deeply: more than ${DEPTH} levels`, 'write it flatter');
}

export function unreadable(why: string, recovery: string): HoldshortError {
  return new HoldshortError('invalid_input', `the template can't be read: ${why.slice(0, 200)}`, recovery);
}
