import type { Document, LineCounter, Node, Pair } from 'yaml';
import { HoldshortError } from '../kernel/errors.ts';

export type Path = readonly PropertyKey[];

/** A parsed YAML or JSON file that still knows where its values stand. */
export interface ConfigDocument {
  readonly file: string;
  readonly value: unknown;
  /** Line of the value at a path, from 1; of its nearest ancestor where there is none. */
  lineOf(path: Path): number;
  /** How the value at a path is written, where it is a scalar. */
  sourceOf(path: Path): string | undefined;
}

/**
 * Parses a configuration file; JSON is read as the YAML that it is, so that both have lines.
 * @throws HoldshortError `config_invalid` for anything that a reader and a parser could understand differently: duplicate keys, unknown tags
 */
export async function parseDocument(file: string, text: string): Promise<ConfigDocument> {
  // Not loaded where there is no file, which is most short-lived commands.
  const yaml = await import('yaml');
  const counter = new yaml.LineCounter();
  const document = yaml.parseDocument(text, { lineCounter: counter, prettyErrors: false });
  const problem = document.errors[0] ?? document.warnings[0];
  if (problem)
    throw new HoldshortError(
      'config_invalid',
      `${file}:${counter.linePos(problem.pos[0]).line}: ${problem.message}`,
      'correct that line; until then nothing runs',
      problem,
    );
  const find = (path: Path) => nodeAt(yaml, document, path);
  return {
    file,
    value: toJs(document, file),
    lineOf: (path) => lineIn(counter, find(path)),
    sourceOf: (path) => {
      const { node } = find(path);
      return yaml.isScalar(node) ? node.source : undefined;
    },
  };
}

/** @throws HoldshortError `config_invalid` for aliases that grow without bound */
function toJs(document: Document, file: string): unknown {
  try {
    return document.toJS({ maxAliasCount: 100 });
  } catch (cause) {
    throw new HoldshortError(
      'config_invalid',
      `${file}: the YAML aliases can't be resolved`,
      'write the values out',
      cause,
    );
  }
}

interface Found {
  /** The value at the path, if the path leads to one. */
  readonly node: Node | undefined;
  /** Where it, or the last part of the path that exists, begins. */
  readonly offset: number;
}

function nodeAt(yaml: typeof import('yaml'), document: Document, path: Path): Found {
  let node: unknown = document.contents;
  let offset = yaml.isNode(node) ? (node.range?.[0] ?? 0) : 0;
  for (const step of path) {
    let next: unknown;
    if (yaml.isMap(node)) {
      const pair: Pair | undefined = node.items.find(
        ({ key }) => yaml.isScalar(key) && String(key.value) === String(step),
      );
      if (!pair) return { node: undefined, offset };
      if (yaml.isScalar(pair.key)) offset = pair.key.range?.[0] ?? offset;
      next = pair.value;
    } else if (yaml.isSeq(node) && typeof step === 'number') {
      next = node.items[step];
      if (yaml.isNode(next)) offset = next.range?.[0] ?? offset;
    }
    if (!yaml.isNode(next)) return { node: undefined, offset };
    node = next;
  }
  return { node: yaml.isNode(node) ? node : undefined, offset };
}

function lineIn(counter: LineCounter, { offset }: Found): number {
  return counter.linePos(offset).line;
}
