import {
  type CollectionTag,
  type Document,
  isNode,
  isScalar,
  LineCounter,
  parse,
  parseDocument,
  type ScalarTag,
  type Tags,
  visit,
  type YAMLMap,
  type YAMLSeq,
} from 'yaml';
import { plainScalar, Unsure } from '../../../tools/ports/scalars.ts';
import { ApiFailure, validationError } from '../wire/failure.ts';
import type { Json } from './json.ts';

/** AWS publishes no limit; what walks a template here does it by recursion. */
const DEPTH = 100;

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference.html */
const SHORT_FORMS = (
  'And Base64 Cidr Condition Equals FindInMap GetAtt GetAZs If ImportValue Join Length Not Or Ref Select Split Sub ' +
  'ToJsonString Transform GetStackOutput'
).split(' ');

function longForm(name: string, value: Json): Json {
  if (name === 'Ref' || name === 'Condition') return { [name]: value };
  if (name === 'GetAtt' && typeof value === 'string') {
    const dot = value.indexOf('.');
    return { 'Fn::GetAtt': [value.slice(0, dot), value.slice(dot + 1)] };
  }
  return { [`Fn::${name}`]: value };
}

/** The names of members stay as they are written. */
const PLAIN: ScalarTag[] = [
  { tag: 'tag:yaml.org,2002:str', default: 'key', test: /^/, resolve: (text: string) => text },
  { tag: 'tag:yaml.org,2002:str', default: true, test: /^/, resolve: valueOfPlain },
];

/** Where readers differ, as YAML 1.1 has it: of AWS it is known that `0300` comes out as 192. */
function valueOfPlain(text: string): unknown {
  const value = plainScalar(text);
  return value instanceof Unsure ? parse(text, { version: '1.1' }) : value;
}

const TAGS: (ScalarTag | CollectionTag)[] = SHORT_FORMS.flatMap((name) => {
  const tag = `!${name}`;
  const collection = (node: YAMLSeq.Parsed | YAMLMap.Parsed) => longForm(name, node.toJSON() as Json);
  return [
    { tag, resolve: (text: string) => longForm(name, text) } satisfies ScalarTag,
    { tag, collection: 'seq', resolve: (node) => collection(node as YAMLSeq.Parsed) } satisfies CollectionTag,
    { tag, collection: 'map', resolve: (node) => collection(node as YAMLMap.Parsed) } satisfies CollectionTag,
  ];
});

const CUSTOM_TAGS: Tags = [...PLAIN, ...TAGS];

/**
 * The data that a template's text stands for, whatever the text: everything here takes time in proportion to it.
 * @throws ApiFailure ValidationError
 */
export function parseText(body: string): Json {
  const value = parseJson(body) ?? parseYaml(body);
  checkDepth(value);
  return value;
}

function parseJson(body: string): Json | undefined {
  if (!body.trimStart().startsWith('{')) return undefined;
  try {
    return JSON.parse(body) as Json;
  } catch {
    // YAML's flow style begins with a brace too.
    return undefined;
  }
}

function parseYaml(body: string): Json {
  const lines = new LineCounter();
  const options = {
    schema: 'failsafe',
    customTags: CUSTOM_TAGS,
    merge: true,
    uniqueKeys: false,
    prettyErrors: false,
    logLevel: 'error',
  } as const;
  try {
    const document = parseDocument(body, { ...options, lineCounter: lines });
    const problem = document.errors[0] ?? document.warnings[0];
    if (problem) throw malformed(lines, problem.pos[0]);
    checkNodes(document, lines);
    return document.toJS() as Json;
  } catch (error) {
    if (error instanceof ApiFailure) throw error;
    throw validationError('Template format error: YAML not well-formed.');
  }
}

/**
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-formats.html: no aliases, and keys are text,
 * each once.
 */
function checkNodes(document: Document.Parsed, lines: LineCounter): void {
  visit(document, {
    Alias: () => {
      throw validationError('Template error: YAML aliases are not allowed in CloudFormation templates');
    },
    Map: (_, map) => {
      const seen = new Set<string>();
      for (const { key } of map.items) {
        const offset = (isNode(key) ? key.range?.[0] : undefined) ?? 0;
        if (!isScalar(key) || seen.has(String(key.value))) throw malformed(lines, offset);
        seen.add(String(key.value));
      }
    },
  });
}

function checkDepth(value: Json): void {
  const waiting = [{ value, depth: 0 }];
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    const { depth } = next;
    if (depth > DEPTH) throw validationError('Template format error: the template is nested too deeply.');
    if (typeof next.value !== 'object' || next.value === null) continue;
    for (const inner of Object.values(next.value)) waiting.push({ value: inner, depth: depth + 1 });
  }
}

function malformed(lines: LineCounter, offset: number): ApiFailure {
  const { line, col } = lines.linePos(offset);
  return validationError(`Template format error: YAML not well-formed. (line ${line}, column ${col})`);
}
