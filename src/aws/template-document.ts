import { isAlias, isMap, isNode, isPair, isScalar, isSeq, type Node, parseDocument } from 'yaml';
import { HoldshortError } from '../kernel/errors.ts';

/** The limit of CreateChangeSet for `TemplateBody`: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html */
export const BODY_BYTES = 51_200;
/** The limit for templates that AWS took from S3. */
export const STORED_BYTES = 1_100_000;
const DEPTH = 60;
/** Aliases are counted each time that they are used: a few lines of them can stand for billions of values. */
const VALUES = 300_000;

/**
 * A template as plain data, CloudFormation's short tags in their long form (`!Ref A` is `{"Ref":"A"}`). The text is an agent's or AWS's.
 * @param limit in bytes
 * @throws HoldshortError `invalid_input`: too large, nested too deeply, not YAML or JSON, or not a mapping
 */
export function parseTemplate(text: string, limit: number): Readonly<Record<string, unknown>> {
  const bytes = Buffer.byteLength(text);
  if (bytes > limit) throw unreadable(`it has ${bytes} bytes, more than ${limit}`, 'make the template smaller');
  const template = parse(text);
  if (!isRecord(template)) throw unreadable('it is not a mapping', 'send the template itself, as JSON or YAML');
  return template;
}

function parse(text: string): unknown {
  if (/^\s*\{/.test(text)) {
    try {
      return bounded(JSON.parse(text), 0);
    } catch (error) {
      if (error instanceof HoldshortError) throw error;
      // YAML's flow style begins in the same way.
    }
  }
  try {
    const document = parseDocument(text, { logLevel: 'silent', version: '1.1', merge: true });
    const [problem] = document.errors;
    if (problem) throw unreadable(problem.message.split('\n')[0] ?? problem.code, 'correct the YAML or JSON');
    let left = VALUES;
    const plain = (node: unknown, depth: number): unknown => {
      left -= 1;
      if (left < 0 || depth > DEPTH) throw tooLarge();
      if (isAlias(node)) return plain(node.resolve(document), depth + 1);
      if (!isNode(node)) return node ?? null;
      const tag = node.tag;
      if (tag?.startsWith('!') && !tag.startsWith('!!')) return { [longForm(tag)]: contents(node, depth) };
      return contents(node, depth);
    };
    const contents = (node: Node, depth: number): unknown => {
      if (isScalar(node)) return node.value;
      if (isSeq(node)) return node.items.map((item) => plain(isPair(item) ? item.value : item, depth + 1));
      if (!isMap(node)) return null;
      const members = node.items.map(({ key, value }): [string, unknown] => [
        // As it is written: YAML 1.1 reads the keys `No` and `On` as booleans.
        isScalar(key) ? (key.source ?? String(key.value)) : String(key),
        plain(value, depth + 1),
      ]);
      // What is written out wins over what is merged in, wherever it stands.
      const merged = members.flatMap(([key, value]) => (key === '<<' ? [value].flat() : []));
      const own = members.filter(([key]) => key !== '<<');
      return Object.fromEntries([...merged.reverse().flatMap((value) => Object.entries(record(value))), ...own]);
    };
    return plain(document.contents, 0);
  } catch (error) {
    if (error instanceof HoldshortError) throw error;
    throw error instanceof RangeError ? tooLarge() : unreadable(String(error), 'correct the YAML or JSON');
  }
}

/** `!GetAtt` is `Fn::GetAtt`: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/intrinsic-function-reference.html */
function longForm(tag: string): string {
  const name = tag.slice(1);
  return name === 'Ref' || name === 'Condition' ? name : `Fn::${name}`;
}

function bounded(value: unknown, depth: number): unknown {
  if (depth > DEPTH) throw tooLarge();
  if (typeof value === 'object' && value !== null) for (const inner of Object.values(value)) bounded(inner, depth + 1);
  return value;
}

function tooLarge(): HoldshortError {
  return unreadable('it is nested too deeply or expands too far', 'write it flatter, without YAML aliases');
}

function unreadable(why: string, recovery: string): HoldshortError {
  return new HoldshortError('invalid_input', `the template can't be read: ${why.slice(0, 200)}`, recovery);
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function record(value: unknown): Record<string, unknown> {
  return isRecord(value) ? value : {};
}
