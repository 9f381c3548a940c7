/**
 * Reads a query-protocol form by schema.
 * Keys: https://smithy.io/2.0/aws/protocols/aws-query-protocol.html and …/aws-ec2-query-protocol.html
 */
import type { NormalizedSchema } from '@smithy/core/schema';
import { normalize, type Protocol, type SchemaRef, trait } from './schema.ts';

type Branch = { [key: string]: Node };
type Node = string | Branch;
type Decoder = (node: Node) => unknown;

export function formTree(form: URLSearchParams): Branch {
  const root = Object.create(null) as Branch;
  for (const [path, text] of form) {
    const keys = path.split('.');
    const last = keys.pop() ?? '';
    let branch = root;
    for (const key of keys) {
      const next = branch[key];
      if (typeof next === 'object') branch = next;
      else branch = branch[key] = Object.create(null) as Branch;
    }
    if (typeof branch[last] !== 'object') branch[last] = text;
  }
  return root;
}

function memberKey(name: string, schema: NormalizedSchema, protocol: Protocol): string {
  if (protocol === 'awsQuery') return trait(schema, 'xmlName') ?? name;
  const key = trait(schema, 'ec2QueryName') ?? trait(schema, 'xmlName') ?? name;
  return key.charAt(0).toUpperCase() + key.slice(1);
}

function structDecoder(schema: NormalizedSchema, protocol: Protocol): Decoder {
  const members: [name: string, key: string, decode: Decoder][] = [];
  for (const [name, member] of schema.structIterator()) {
    members.push([name, memberKey(name, member, protocol), lazily(() => compile(member, protocol))]);
  }
  return (node) => {
    const value: Record<string, unknown> = {};
    if (typeof node === 'string') return value;
    for (const [name, key, decode] of members) {
      const inner = node[key];
      if (inner !== undefined) value[name] = decode(inner);
    }
    return value;
  };
}

function listDecoder(schema: NormalizedSchema, protocol: Protocol): Decoder {
  const element = schema.getValueSchema();
  const decode = lazily(() => compile(element, protocol));
  const flat = protocol === 'ec2Query' || Boolean(schema.getMergedTraits().xmlFlattened);
  const wrapper = trait(element, 'xmlName') ?? 'member';
  return (node) => {
    // An empty list is sent as a key with no text.
    if (typeof node === 'string') return [];
    const items = flat ? node : (node[wrapper] ?? {});
    if (typeof items === 'string') return [];
    const indices = Object.keys(items).filter((key) => /^\d+$/.test(key));
    indices.sort((a, b) => Number(a) - Number(b));
    return indices.map((index) => decode(items[index] ?? ''));
  };
}

/** `Tags.entry.1.key=a&Tags.entry.1.value=b`, `entry` left out where the map is flat. */
function mapDecoder(schema: NormalizedSchema, protocol: Protocol): Decoder {
  const decode = lazily(() => compile(schema.getValueSchema(), protocol));
  const keyName = trait(schema.getKeySchema(), 'xmlName') ?? 'key';
  const valueName = trait(schema.getValueSchema(), 'xmlName') ?? 'value';
  const flat = Boolean(schema.getMergedTraits().xmlFlattened);
  return (node) => {
    if (typeof node === 'string') return {};
    const entries = flat ? node : (node.entry ?? {});
    if (typeof entries === 'string') return {};
    const pairs = Object.values(entries).flatMap((entry): [string, unknown][] => {
      if (typeof entry === 'string' || typeof entry[keyName] !== 'string') return [];
      return [[entry[keyName], decode(entry[valueName] ?? '')]];
    });
    return Object.fromEntries(pairs);
  };
}

function scalar(schema: NormalizedSchema): (text: string) => unknown {
  if (schema.isBooleanSchema()) return (text) => text === 'true';
  if (schema.isNumericSchema()) return Number;
  if (schema.isTimestampSchema()) return (text) => new Date(text);
  if (schema.isBlobSchema()) return (text) => Buffer.from(text, 'base64');
  return (text) => text;
}

function lazily(make: () => Decoder): Decoder {
  let made: Decoder | undefined;
  return (node) => {
    made ??= make();
    return made(node);
  };
}

function compile(schema: NormalizedSchema, protocol: Protocol): Decoder {
  if (schema.isStructSchema()) return structDecoder(schema, protocol);
  if (schema.isListSchema()) return listDecoder(schema, protocol);
  if (schema.isMapSchema()) return mapDecoder(schema, protocol);
  const read = scalar(schema);
  return (node) => (typeof node === 'string' ? read(node) : undefined);
}

/** @returns a function from a form's tree to the operation's input, as the SDK's input types describe it */
export function inputDecoder(schema: SchemaRef, protocol: Protocol): (tree: Branch) => unknown {
  const normalized = normalize(schema);
  const decode = lazily(() => compile(normalized, protocol));
  return (tree) => (normalized.isStructSchema() ? decode(tree) : {});
}
