import { isMap, isScalar, isSeq, Pair, Scalar } from 'yaml';
import { HIDDEN, isMasked } from '../../../tools/ports/masks.ts';
import { namesSecret } from '../../../tools/ports/secret-name.ts';
import { HoldshortError } from '../../kernel/errors.ts';
import { STORED_BYTES } from './document.ts';
import { pairsOf, readDocument, spotsIn } from './places.ts';
import { secretNodes } from './secret-nodes.ts';

/*
 * Comments are mostly parts of a template that someone took out, secrets included. They are read as what they were, and
 * hidden by the same rule as values; nothing there has to be put back.
 */

/** A line that holds nothing but a comment, or nothing. */
const ALONE = /^[ \t]*(#.*)?\r?$/;
const BESIDE = /(?<=^|[ \t])#[^\r\n]*/;
/** What is put before comments to read them as YAML. */
const KEY = 'x:\n';
/** How a line of a template begins. */
const DATA = /^\s*(- |[\w.'"-]+\s*:(\s|$)|[[\]{}])/;

/**
 * The text between two values of a template, without the secrets in its comments.
 * @param secret the comment that begins in the first line is beside a value that is hidden, or named like one
 */
export function hideComments(between: string, secret: boolean): string {
  const [first = '', ...lines] = between.split('\n');
  const shown = [first.replace(BESIDE, (comment) => (secret && /[^#\s]/.test(comment) ? `# ${HIDDEN}` : run(comment)))];
  let taken: string[] = [];
  for (const [at, line] of lines.entries()) {
    // In the last one something follows.
    if (ALONE.test(line) && (at < lines.length - 1 || line.includes('#'))) {
      taken.push(line);
      continue;
    }
    if (taken.length > 0) shown.push(run(taken.join('\n')));
    taken = [];
    shown.push(line.replace(BESIDE, run));
  }
  if (taken.length > 0) shown.push(run(taken.join('\n')));
  return shown.join('\n');
}

/** Comments that follow one another: read together, else each sentence and each part of a template for itself. */
function run(comments: string): string {
  if (!comments.includes('#')) return comments;
  const parts = partsOf(comments);
  return read(comments) ?? parts.map((part) => read(part) ?? fromSecretOn(part)).join('\n');
}

/** Lines that belong together: what is further in than the first of them goes with it. */
function partsOf(comments: string): readonly string[] {
  const parts: string[][] = [];
  let column = -1;
  let isData = false;
  for (const line of comments.split('\n')) {
    const bare = uncommented(line);
    const at = bare.search(/\S/);
    const another = at !== -1 && (column === -1 || (at <= column && DATA.test(bare) !== isData));
    if (another) [column, isData] = [at, DATA.test(bare)];
    if (another || parts.length === 0) parts.push([line]);
    else parts.at(-1)?.push(line);
  }
  return parts.map((lines) => lines.join('\n'));
}

/** Everything stays in its column. */
function uncommented(comments: string): string {
  return comments.replace(/^[ \t]*#[# \t]*/gm, (mark) => ' '.repeat(mark.length));
}

function read(comments: string): string | undefined {
  try {
    return withoutSecrets(comments, KEY + uncommented(comments));
  } catch (error) {
    if (error instanceof HoldshortError) return undefined;
    throw error;
  }
}

/** @param text the same as YAML, moved on by the length of `KEY` */
function withoutSecrets(comments: string, text: string): string {
  const { items } = readDocument(text, STORED_BYTES);
  const taken = items[0]?.value;
  // A sentence.
  if (!isMap(taken) && !isSeq(taken)) return comments;
  // Nobody can tell where it was taken out: from a resource, from the parameters, or whole sections.
  const sections = ['Comment', 'Parameters', 'Outputs'].map((name) => new Pair(new Scalar(name), taken));
  const secrets = secretNodes([...sections, ...pairsOf(taken)]);
  let shown = '';
  let at = 0;
  for (const { node, range } of spotsIn(items)) {
    if (!secrets.has(node) || (isScalar(node) && isMasked(String(node.value)))) continue;
    const [start, end] = range.map((offset) => offset - KEY.length) as [number, number];
    shown += `${comments.slice(at, start)}"${HIDDEN}"${comments.slice(start, end).endsWith('\n') ? '\n' : ''}`;
    at = end;
  }
  return shown + comments.slice(at);
}

/** Neither a sentence nor a part of a template: what comes after something secret was named can't be told from it. */
function fromSecretOn(comments: string): string {
  const lines = comments.split('\n');
  const named = lines.findIndex((line) => line.match(/[\w.-]+/g)?.some(namesSecret));
  if (named === -1) return comments;
  const after = lines.slice(named + 1).filter((line) => !line.includes('#'));
  return [...lines.slice(0, named), lines[named]?.replace(/#.*/, `# ${HIDDEN}`), ...after].join('\n');
}
