/** Writes an operation's output as XML by schema, so that element names are the SDK's own. */
import type { NormalizedSchema } from '@smithy/core/schema';
import { normalize, type SchemaRef, trait } from './schema.ts';

type Encoder = (tag: string, value: unknown) => string;

const ESCAPES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', '\r': '&#xD;' };

/** XML 1.0 has no spelling at all for most control characters: they become U+FFFD. */
export function escapeXml(text: string): string {
  return (
    text
      .replace(/[&<>"\r]/g, (character) => ESCAPES[character] ?? character)
      // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the ones that XML can't carry
      .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f]/g, '\ufffd')
  );
}

function structEncoder(schema: NormalizedSchema): Encoder {
  const members: [name: string, tag: string, encode: Encoder][] = [];
  for (const [name, member] of schema.structIterator()) {
    const tag = member.getMemberTraits().xmlName;
    members.push([name, typeof tag === 'string' ? tag : name, lazily(() => compile(member))]);
  }
  const fields = (value: Record<string, unknown>) => {
    let xml = '';
    for (const [name, tag, encode] of members) {
      const inner = value[name];
      if (inner !== undefined && inner !== null) xml += encode(tag, inner);
    }
    return xml;
  };
  return (tag, value) => {
    const inner = fields(value as Record<string, unknown>);
    return tag === '' ? inner : `<${tag}>${inner}</${tag}>`;
  };
}

function listEncoder(schema: NormalizedSchema): Encoder {
  const element = schema.getValueSchema();
  const encode = lazily(() => compile(element));
  const flat = Boolean(schema.getMergedTraits().xmlFlattened);
  const item = trait(element, 'xmlName') ?? 'member';
  return (tag, value) => {
    const items = value as readonly unknown[];
    if (flat) return items.map((inner) => encode(tag, inner)).join('');
    return `<${tag}>${items.map((inner) => encode(item, inner)).join('')}</${tag}>`;
  };
}

function scalarText(value: unknown): string {
  if (value instanceof Date) return value.toISOString();
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64');
  return escapeXml(String(value));
}

function lazily(make: () => Encoder): Encoder {
  let made: Encoder | undefined;
  return (tag, value) => {
    made ??= make();
    return made(tag, value);
  };
}

function compile(schema: NormalizedSchema): Encoder {
  if (schema.isStructSchema()) return structEncoder(schema);
  if (schema.isListSchema()) return listEncoder(schema);
  return (tag, value) => `<${tag}>${scalarText(value)}</${tag}>`;
}

/** @returns a function from an output to its members' XML, without an element around them */
export function outputEncoder(schema: SchemaRef): (output: unknown) => string {
  const normalized = normalize(schema);
  const encode = lazily(() => compile(normalized));
  return (output) => (normalized.isStructSchema() && output ? encode('', output) : '');
}
