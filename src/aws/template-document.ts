import { HoldshortError } from '../kernel/errors.ts';
import { DEPTH, parseYaml, tooDeep, unreadable } from './template-yaml.ts';

/** The limit of CreateChangeSet for `TemplateBody`: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html */
export const BODY_BYTES = 51_200;
/** The limit for templates that AWS took from S3. */
export const STORED_BYTES = 1_100_000;

/**
 * A template as plain data, CloudFormation's short tags in their long form (`!Ref A` is `{"Ref":"A"}`). The text is an agent's or AWS's.
 * @param limit in bytes
 * @throws HoldshortError `invalid_input`: too large, nested too deeply, too many aliases, a key twice, not YAML or JSON, or not a mapping
 */
export function parseTemplate(text: string, limit: number): Readonly<Record<string, unknown>> {
  const bytes = Buffer.byteLength(text);
  if (bytes > limit) throw unreadable(`it has ${bytes} bytes, more than ${limit}`, 'make the template smaller');
  const template = parse(text);
  if (!isRecord(template)) throw unreadable('it is not a mapping', 'send the template itself, as JSON or YAML');
  return template;
}

function parse(text: string): unknown {
  let template: unknown;
  try {
    // Tabs are allowed in JSON, and not in YAML.
    template = /^\s*\{/.test(text) ? JSON.parse(text) : undefined;
  } catch {
    // YAML's flow style begins in the same way.
  }
  if (template !== undefined) return bounded(template, 0);
  try {
    return parseYaml(text);
  } catch (error) {
    throw error instanceof HoldshortError ? error : unreadable(String(error), 'correct the YAML or JSON');
  }
}

function bounded(value: unknown, depth: number): unknown {
  if (depth > DEPTH) throw tooDeep();
  if (typeof value === 'object' && value !== null) for (const inner of Object.values(value)) bounded(inner, depth + 1);
  return value;
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function record(value: unknown): Record<string, unknown> {
  return isRecord(value) ? value : {};
}
