import type { z } from 'zod';
import { HoldshortError } from '../kernel/errors.ts';
import { nearest } from '../kernel/nearest.ts';
import type { ConfigDocument, Path } from './document.ts';

type Issue = z.core.$ZodIssue;
type JsonSchema = z.core.JSONSchema.JSONSchema;

/** An error for the first thing that is wrong in the file, with its line, its key and what to write instead. */
export function fileInvalid(document: ConfigDocument, issues: readonly Issue[]): HoldshortError {
  const located = withoutConsequences(document, issues)
    .map((issue) => ({ issue, line: document.lineOf(pathOf(issue)) }))
    .sort((a, b) => a.line - b.line);
  const first = located[0];
  const { what, recovery } = first ? describe(first.issue, document) : { what: 'not such a file', recovery: '' };
  const more = located.length > 1 ? ` (and ${located.length - 1} more)` : '';
  return new HoldshortError(
    document.kind.code,
    `${document.file}:${first?.line ?? 1}: ${what}${more}`,
    `${recovery}${document.kind.until}`,
  );
}

/** Where a key is misspelt, the right one is missing: the misspelling is what to tell. */
function withoutConsequences(document: ConfigDocument, issues: readonly Issue[]): readonly Issue[] {
  const misspelt = new Set(issues.flatMap(({ code, path }) => (code === 'unrecognized_keys' ? [path.join('\n')] : [])));
  return issues.filter(
    ({ code, path }) =>
      code === 'unrecognized_keys' ||
      !misspelt.has(path.slice(0, -1).join('\n')) ||
      document.lineOf(path) !== document.lineOf(path.slice(0, -1)) ||
      document.sourceOf(path) !== undefined,
  );
}

function pathOf(issue: Issue): Path {
  return issue.code === 'unrecognized_keys' ? [...issue.path, ...issue.keys.slice(0, 1)] : issue.path;
}

function describe(issue: Issue, document: ConfigDocument): { what: string; recovery: string } {
  const key = keyText(pathOf(issue)) || 'the file';
  switch (issue.code) {
    case 'unrecognized_keys': {
      const known = Object.keys(schemaAt(document, issue.path)?.properties ?? {});
      const meant = nearest(issue.keys[0] ?? '', known);
      const recovery = meant ? `did you mean ${meant}?` : `the keys here are ${known.join(', ')}`;
      return { what: `unknown key ${key}`, recovery };
    }
    case 'invalid_type': {
      const written = document.sourceOf(issue.path);
      // YAML reads 012345678901 as a number and drops the zero: another account. What is in the file is what was meant.
      const example = `${document.kind.example} has an example`;
      if (written === '' || !document.has(issue.path)) return { what: `${key} is missing`, recovery: example };
      const expected = EXPECTED[issue.expected] ?? issue.expected;
      const instead =
        written === undefined ? undefined : rewritten(written, schemaAt(document, issue.path), issue.expected);
      const but = issue.expected === 'string' && written !== undefined ? `, and ${written} isn't one` : '';
      return { what: `${key} must be ${expected}${but}`, recovery: instead ?? example };
    }
    case 'invalid_value': {
      const values = issue.values.map(String);
      const written = document.sourceOf(issue.path);
      const meant = nearest(written ?? '', values);
      const recovery = `${meant ? `did you mean ${meant}? ` : ''}write one of ${values.join(', ')}`;
      const what = document.has(issue.path) ? `${key} can't be ${written ?? 'that'}` : `${key} is missing`;
      return { what, recovery };
    }
    default:
      return { what: `${key}: ${issue.message}`, recovery: `correct ${key}` };
  }
}

const EXPECTED: Readonly<Record<string, string>> = {
  array: 'a list',
  boolean: 'true or false',
  number: 'a number',
  object: 'a group of keys',
  record: 'a group of keys',
  string: 'a string',
};

/** `environments[0].match.accounts[1]` */
function keyText(path: Path): string {
  return path
    .map((step) => (typeof step === 'number' ? `[${step}]` : `.${String(step)}`))
    .join('')
    .replace(/^\./, '');
}

/** How the scalar that stands there would be written as what is expected; undefined where nobody can tell. */
function rewritten(written: string, schema: JsonSchema | undefined, expected: string): string | undefined {
  const { items, pattern, description } = schema ?? {};
  if (expected === 'number' && /^\d+$/.test(written)) return `take the quotes away: ${written}`;
  if (expected === 'array' && typeof items === 'object' && 'type' in items && items.type === 'string')
    return `write a list: ["${written}"]`;
  if (expected !== 'string') return undefined;
  if (pattern !== undefined && !new RegExp(pattern).test(written)) return description;
  return `put it in quotes: "${written}"`;
}

function schemaAt({ kind }: ConfigDocument, path: Path): JsonSchema | undefined {
  let schema: JsonSchema | undefined = kind.schema();
  for (const step of path) {
    const next: JsonSchema['items'] | boolean =
      typeof step === 'number' ? schema?.items : schema?.properties?.[String(step)];
    schema = typeof next === 'object' && !Array.isArray(next) ? (next as JsonSchema) : undefined;
  }
  return schema;
}
