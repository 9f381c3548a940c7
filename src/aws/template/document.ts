import { isSureNumber, Unsure } from '../../../tools/ports/scalars.ts';
import { HoldshortError } from '../../kernel/errors.ts';
import { DEPTH, parseYaml, tooDeep, unreadable } from './yaml.ts';

/**
 * The limit of CreateChangeSet for `TemplateBody`:
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html
 */
export const BODY_BYTES = 51_200;
/**
 * How many of each CloudFormation takes; it says so only after all of it was read here, and what one reader keeps for
 * each of two, there may be four million of in those 51200 bytes. Of what a loop makes nobody knows yet how many.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html
 */
const MOST = { Resources: 500, Parameters: 200, Outputs: 200, Mappings: 200 } as const;

/** The limit for templates that AWS took from S3. */
export const STORED_BYTES = 1_100_000;

/**
 * Characters of the names that lead to each of its values, for all of them together: by so many at most for each byte,
 * and so many at all. What walks a template keeps where it is; the attacker puts ten thousand values under a name of
 * twenty kilobytes.
 */
const NAMES_PER_BYTE = 100;
const NAMES = 20_000_000;

/**
 * A template as plain data, CloudFormation's short tags in their long form (`!Ref A` is `{"Ref":"A"}`). The text is an
 * agent's or AWS's.
 * @param limit in bytes
 * @throws invalid_input: too large, nested too deeply, too many aliases, a key twice, too long names around too many
 *   values, not YAML or JSON, or not a mapping
 */
export function parseTemplate(text: string, limit: number): Readonly<Record<string, unknown>> {
  const bytes = Buffer.byteLength(text);
  if (bytes > limit) throw unreadable(`it has ${bytes} bytes, more than ${limit}`, 'make the template smaller');
  refuseAmbiguous(text);
  const template = parse(text);
  if (!isRecord(template)) throw unreadable('it is not a mapping', 'send the template itself, as JSON or YAML');
  refuseLongNames(template, Math.min(NAMES, NAMES_PER_BYTE * (bytes + 1_000)));
  return template;
}

/** @throws invalid_input for a template that CloudFormation would refuse for what it has too many of */
export function refuseTooMany(template: Readonly<Record<string, unknown>>): void {
  for (const [section, most] of Object.entries(MOST)) {
    const count = Object.keys(record(template[section])).length;
    if (count > most)
      throw unreadable(
        `it has ${count} ${section.toLowerCase()}, and CloudFormation takes ${most}`,
        'make it smaller, or several stacks of it',
      );
  }
}

/**
 * Characters that end a line for some readers and not for others, or that some leave out. The attacker writes a comment
 * that ends in one of them, and behind it what is meant for AWS's reader alone. In a quoted text they can be written as
 * `\u2028`.
 */
const AMBIGUOUS = /\r(?!\n)|[^\P{Cc}\t\n\r]|[\u2028\u2029]|(?!^)\ufeff/u;

function refuseAmbiguous(text: string): void {
  const found = AMBIGUOUS.exec(text);
  if (!found) return;
  const code = found[0].charCodeAt(0).toString(16).toUpperCase().padStart(4, '0');
  const line = text.slice(0, found.index).split('\n').length;
  throw unreadable(
    `line ${line} holds the character U+${code}, which not all readers take for the same`,
    'leave it out',
  );
}

function parse(text: string): unknown {
  let template: unknown;
  try {
    // Tabs are allowed in JSON, and not in YAML.
    template = /^\s*\{/.test(text) ? JSON.parse(text, withoutUnsure) : undefined;
  } catch {
    // YAML's flow style begins in the same way.
  }
  if (template !== undefined) {
    refuseRepeated(text);
    return bounded(template, 0);
  }
  try {
    return parseYaml(text);
  } catch (error) {
    throw error instanceof HoldshortError ? error : unreadable(String(error), 'correct the YAML or JSON');
  }
}

/** What is `1.10` or `1e2` in the text may be told as another text than this engine would. */
function withoutUnsure(_: string, value: unknown, { source = '' }: { readonly source?: string } = {}): unknown {
  return typeof value === 'number' && !isSureNumber(source) ? new Unsure(source) : value;
}

/**
 * Some readers take the first of two members of one name, some the last.
 * @param json known to be JSON
 */
function refuseRepeated(json: string): void {
  const open: (Set<string> | undefined)[] = [];
  const tokens = json.matchAll(/("[^"\\]*(?:\\.[^"\\]*)*")(\s*:)?|[{}[\]]/g);
  for (const [token, text, colon] of tokens) {
    if (token === '{') open.push(new Set());
    else if (token === '[') open.push(undefined);
    else if (token === '}' || token === ']') open.pop();
    else if (text !== undefined && colon !== undefined) {
      const name: string = JSON.parse(text);
      const names = open.at(-1);
      if (names?.has(name)) throw unreadable(`the same key stands twice in it: ${name}`, 'keep one of them');
      names?.add(name);
    }
  }
}

function bounded(value: unknown, depth: number): unknown {
  if (depth > DEPTH) throw tooDeep();
  if (typeof value === 'object' && value !== null) for (const inner of Object.values(value)) bounded(inner, depth + 1);
  return value;
}

function refuseLongNames(template: unknown, most: number): void {
  let left = most;
  const walk = (value: unknown, length: number): void => {
    left -= length;
    if (left < 0)
      throw unreadable('its names, one within another, are too long for so many values', 'take shorter names');
    if (typeof value !== 'object' || value === null) return;
    for (const [name, inner] of Object.entries(value)) walk(inner, length + name.length + 1);
  };
  walk(template, 0);
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Unsure);
}

export function record(value: unknown): Record<string, unknown> {
  return isRecord(value) ? value : {};
}
