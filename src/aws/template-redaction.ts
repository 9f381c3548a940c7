import { isAlias, isMap, isScalar, isSeq, type Node, type Pair, parseDocument } from 'yaml';
import { HIDDEN, hideCredentials } from '../../tools/ports/credentials.ts';
import { namesSecret } from '../../tools/ports/secret-name.ts';
import { isNoEcho } from './template.ts';
import { parseTemplate, STORED_BYTES } from './template-document.ts';
import { unreadable } from './template-yaml.ts';

type Range = readonly [start: number, end: number];

/** Sections in which the first level is names that people gave to things, which say nothing of a value. */
const NAMED = /^(Resources|Outputs|Conditions|Rules)$/;
/** What a value that only points elsewhere looks like. */
const POINTER = /^(Ref|Fn::(GetAtt|ImportValue)|!(Ref|GetAtt|ImportValue))$/;
const REFERENCE = /^(\{\{resolve:[^{}]*\}\}|arn:aws[a-z-]*:\S*|true|false|)$/i;

/**
 * A template's text with `****` in place of what is secret: the defaults of NoEcho parameters, values under telling names, and credentials
 * wherever they stand. Everything else stays as it was written, comments too. Throws `invalid_input` when secrets can't be told from the rest.
 */
export function redactTemplate(text: string): string {
  // Bounds depth, aliases and size before the library reads the text once more, now with places.
  parseTemplate(text, STORED_BYTES);
  const document = parseDocument(text, {
    version: '1.1',
    merge: true,
    uniqueKeys: false,
    prettyErrors: false,
    logLevel: 'silent',
  });
  if (document.errors.length > 0 || !isMap(document.contents))
    throw unreadable('its secrets can not be told', 'ask a person');
  const found: Range[] = [];
  const anchors = new Map<string, Node>();
  const hide = (node: unknown): void => {
    if (isAlias(node)) {
      const target = anchors.get(node.source);
      if (target) hide(target);
      return;
    }
    eachValue(node, hide);
    const range = isScalar(node) ? node.range : undefined;
    if (range && !REFERENCE.test(String((node as { value: unknown }).value ?? ''))) found.push([range[0], range[1]]);
  };
  const secret = (node: unknown): void => {
    const [only] = isMap(node) ? node.items : [];
    if (
      POINTER.test((node as Node | null)?.tag ?? '') ||
      (isMap(node) && node.items.length === 1 && POINTER.test(keyOf(only)))
    )
      return;
    hide(node);
  };
  const walk = (node: unknown, named = false): void => {
    const { anchor } = (node ?? {}) as { anchor?: string };
    if (anchor !== undefined) anchors.set(anchor, node as Node);
    if (isSeq(node)) for (const item of node.items) walk(item);
    if (!isMap(node)) return;
    const pairName = node.items.find((pair) => /^(name|key|parameterkey)$/i.test(keyOf(pair)) && isScalar(pair.value));
    const secretPair = pairName !== undefined && namesSecret(String((pairName.value as { value: unknown }).value));
    for (const pair of node.items) {
      walk(pair.value);
      if ((!named && namesSecret(keyOf(pair))) || (secretPair && /value$/i.test(keyOf(pair)))) secret(pair.value);
    }
  };
  for (const section of document.contents.items) {
    const name = keyOf(section);
    if (name === 'Parameters') parameters(section.value, walk, secret);
    else walk(section.value, NAMED.test(name));
    // An output with a telling name is a secret unless it points elsewhere.
    if (name === 'Outputs' && isMap(section.value))
      for (const output of section.value.items)
        if (namesSecret(keyOf(output)))
          for (const pair of pairsOf(output.value)) if (keyOf(pair) === 'Value') secret(pair.value);
  }
  return withoutNotes(hideCredentials(replaced(text, found)));
}

/** Types and descriptions of parameters are no secrets, whatever they are called. */
function parameters(section: unknown, walk: (node: unknown) => void, secret: (node: unknown) => void): void {
  for (const parameter of pairsOf(section)) {
    walk(parameter.value);
    const members = pairsOf(parameter.value);
    const echo = members.find((pair) => keyOf(pair) === 'NoEcho')?.value;
    const hidden = namesSecret(keyOf(parameter)) || isNoEcho({ NoEcho: isScalar(echo) ? echo.value : echo });
    if (hidden) for (const pair of members) if (/^(Default|AllowedValues)$/.test(keyOf(pair))) secret(pair.value);
  }
}

function pairsOf(node: unknown): readonly Pair[] {
  return isMap(node) ? node.items : [];
}

function keyOf(pair: Pair | undefined): string {
  const key = pair?.key;
  return isScalar(key) ? (key.source ?? String(key.value)) : '';
}

function eachValue(node: unknown, act: (value: unknown) => void): void {
  if (isSeq(node)) for (const item of node.items) act(item);
  for (const pair of pairsOf(node)) act(pair.value);
}

function replaced(text: string, ranges: readonly Range[]): string {
  let result = '';
  let at = 0;
  for (const [start, end] of [...ranges].sort((a, b) => a[0] - b[0])) {
    if (start < at) continue;
    const newline = text.slice(start, end).endsWith('\n') ? '\n' : '';
    result += `${text.slice(at, start)}"${HIDDEN}"${newline}`;
    at = end;
  }
  return result + text.slice(at);
}

/** `# password: hunter2`: values that somebody left in a comment. */
function withoutNotes(text: string): string {
  return text.replace(/#[^\n]{0,2000}/g, (note) =>
    note.replace(/([\w-]{1,80})(\s{0,20}[:=]\s{0,20})(\S+)/g, (whole, name: string, between: string) =>
      namesSecret(name) ? `${name}${between}${HIDDEN}` : whole,
    ),
  );
}
