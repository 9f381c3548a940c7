import { credentialsIn, hideCredentials, hideNames, replacedIn } from '../../../tools/ports/credentials.ts';
import { HIDDEN, nameOfPlace, placedMask } from '../../../tools/ports/masks.ts';
import { namesSecret } from '../../../tools/ports/secret-name.ts';
import { hideComments } from './comments.ts';
import { STORED_BYTES } from './document.ts';
import { readDocument, type Spot, spotsIn } from './places.ts';
import { NAMED, secretNodes } from './secret-nodes.ts';

/** What is hidden at one place of a template. */
export interface HiddenValue {
  readonly place: string;
  /** What is shown of it. */
  readonly mask: string;
  readonly value: string;
  /** The whole text that is there, with what is hidden of it as masks. */
  readonly shown: string;
  /** A value that isn't text, a number perhaps, as it is written. */
  readonly source: string | undefined;
}

/** A template as it may be shown, and what that hides. */
export interface Redacted {
  readonly text: string;
  readonly hidden: readonly HiddenValue[];
}

/**
 * A template's text with masks in place of what is secret: the defaults of NoEcho parameters, values under telling
 * names, and credentials wherever they are; in comments, too. Everything else stays as it was written.
 * @param stackId the ARN of the stack that it is of: a mask is bound to it and to its place
 * @throws invalid_input when secrets can't be told from the rest
 */
export function redactTemplate(text: string, stackId: string): Redacted {
  const { items } = readDocument(text, STORED_BYTES);
  const secrets = secretNodes(items);
  const hidden: HiddenValue[] = [];
  let shown = '';
  let at = 0;
  let secret = false;
  const between = (end?: number) => {
    const part = text.slice(at, end);
    // What begins a line is beside nothing.
    const alone = at === 0 || text[at - 1] === '\n';
    return hideCredentials(alone ? hideComments(`\n${part}`, false).slice(1) : hideComments(part, secret));
  };
  const spots = spotsIn(items);
  const names = hideNames(spots.filter(({ is_key }) => is_key).map(({ range }) => text.slice(...range))).values();
  for (const spot of spots) {
    const [start, end] = spot.range;
    shown += between(start);
    const source = text.slice(start, end);
    if (spot.is_key) shown += key(spot, source, names.next().value ?? HIDDEN);
    else {
      const found = secrets.has(spot.node) ? whole(spot, source, stackId) : parts(spot, source, stackId);
      shown += isBlock(spot, found.text) ? withHeader(found.text) : found.text;
      hidden.push(...found.hidden);
    }
    secret = secrets.has(spot.node) || isNamedSecret(spot);
    at = end;
  }
  return { text: shown + between(), hidden };
}

/** In the text as it was written, the line in which a block begins may end in a comment. */
function isBlock({ node }: Spot, text: string): boolean {
  return node.type?.startsWith('BLOCK') === true && /^[|>]/.test(text);
}

function withHeader(text: string): string {
  const end = text.indexOf('\n') === -1 ? text.length : text.indexOf('\n');
  return hideCredentials(hideComments(text.slice(0, end), false)) + text.slice(end);
}

/** By the same names as values are; the names that people gave to resources and the like say nothing. */
function isNamedSecret({ place }: Spot): boolean {
  const steps = place.split('/');
  return !(steps.length === 2 && NAMED.test(steps[0] ?? '')) && namesSecret(nameOfPlace(place));
}

/** Without quotes a mask would begin a list. */
function key({ node }: Spot, source: string, shown: string): string {
  return shown !== source && node.type === 'PLAIN' ? JSON.stringify(shown) : shown;
}

function whole({ node, place, type }: Spot, source: string, stackId: string): Redacted {
  const mask = maskAt(stackId, type, place);
  const text = typeof node.value === 'string';
  const value = text ? String(node.value) : source;
  return {
    // What block text was stays one value, and the next key stays on its own line.
    text: `"${mask}"${source.endsWith('\n') ? '\n' : ''}`,
    hidden: [{ place, mask, value, shown: mask, source: text ? undefined : source }],
  };
}

function parts({ node, place, type }: Spot, source: string, stackId: string): Redacted {
  const { value } = node;
  const spans = typeof value === 'string' ? credentialsIn(value) : [];
  if (typeof value !== 'string' || spans.length === 0) return { text: source, hidden: [] };
  const masks = spans.map((_, at) => maskAt(stackId, type, `${place}/${at}`));
  const shown = replacedIn(value, spans, (_, at) => masks[at] ?? HIDDEN);
  const hidden = spans.map(([start, end], at) => ({
    place,
    mask: masks[at] ?? HIDDEN,
    value: value.slice(start, end),
    shown,
    source: undefined,
  }));
  return { text: written(shown, hidden, source, node.type), hidden };
}

/** Within quotes and blocks, where nothing is escaped, the rest stays as it was written. */
function written(
  text: string,
  hidden: readonly HiddenValue[],
  source: string,
  type: string | null | undefined,
): string {
  const masked = hidden.reduce<string | undefined>(
    (left, { value, mask }) => (left?.split(value).length === 2 ? left.replace(value, () => mask) : undefined),
    type === 'PLAIN' ? undefined : source,
  );
  return masked ?? `${JSON.stringify(text)}${source.endsWith('\n') ? '\n' : ''}`;
}

function maskAt(stackId: string, type: string, place: string): string {
  return placedMask(stackId, type === '' ? place : `${type} ${place}`);
}
