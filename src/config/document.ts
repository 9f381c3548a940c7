import type { Document, LineCounter, Node, Pair } from 'yaml';
import type { z } from 'zod';
import { HoldshortError, type RefusalCode } from '../kernel/errors.ts';

export type Path = readonly PropertyKey[];

/** What a file is, for what is said when it is wrong. */
export interface FileKind {
  readonly code: RefusalCode;
  /** What one error in it means for everything else. */
  readonly until: string;
  /** Where an example is. */
  readonly example: string;
  readonly schema: () => z.core.JSONSchema.JSONSchema;
}

/** A parsed YAML or JSON file that still knows where its values stand. */
export interface ConfigDocument {
  readonly file: string;
  readonly kind: FileKind;
  readonly value: unknown;
  /** Line of the value at a path, from 1; of its nearest ancestor where there is none. */
  lineOf(path: Path): number;
  /** Whether there is a value at a path. */
  has(path: Path): boolean;
  /** How the value at a path is written, where it is a scalar. */
  sourceOf(path: Path): string | undefined;
}

/**
 * Parses a file that people write; JSON is read as the YAML that it is, so that both have lines.
 * @throws HoldshortError with `kind.code`, for anything that a reader and a parser could understand differently:
 *   duplicate keys, `__proto__`, unknown tags
 */
export async function parseDocument(file: string, text: string, kind: FileKind): Promise<ConfigDocument> {
  // Not loaded where there is no file, which is most short-lived commands.
  const yaml = await import('yaml');
  const counter = new yaml.LineCounter();
  const document = yaml.parseDocument(text, { lineCounter: counter, prettyErrors: false });
  const problem = document.errors[0] ?? document.warnings[0];
  if (problem)
    throw new HoldshortError(
      kind.code,
      `${file}:${counter.linePos(problem.pos[0]).line}: ${problem.message}`,
      `correct that line; look at how far it is set in, and at its quotes${kind.until}`,
      problem,
    );
  // Readers leave it out without a word: of a rule's conditions the one of this name would hold for everyone.
  yaml.visit(document, {
    Pair: (_, { key }) => {
      if (!yaml.isScalar(key) || key.value !== '__proto__') return;
      throw new HoldshortError(
        kind.code,
        `${file}:${counter.linePos(key.range?.[0] ?? 0).line}: __proto__ can't be a name here`,
        `take that line out${kind.until}`,
      );
    },
  });
  const find = (path: Path) => nodeAt(yaml, document, path);
  return {
    file,
    kind,
    value: toJs(document, file, kind),
    lineOf: (path) => lineIn(counter, find(path)),
    has: (path) => find(path).node !== undefined,
    sourceOf: (path) => {
      const { node } = find(path);
      return yaml.isScalar(node) ? node.source : undefined;
    },
  };
}

/** @throws HoldshortError with `kind.code`, for aliases that grow without bound */
function toJs(document: Document, file: string, { code }: FileKind): unknown {
  try {
    return document.toJS({ maxAliasCount: 100 });
  } catch (cause) {
    throw new HoldshortError(code, `${file}: the YAML aliases can't be resolved`, 'write the values out', cause);
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
