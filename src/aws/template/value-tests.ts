import { mayPutIn } from '../../../tools/ports/substitution.ts';
import { type Json, sha256, stableJson } from '../../kernel/digest.ts';
import { isRecord, record } from './document.ts';
import { functionKind } from './functions.ts';
import { heldAgainst } from './held-against.ts';
import type { HiddenValues } from './hidden-values.ts';
import { referring } from './put-together.ts';

/** What of a declaration a value is not held against. */
const WORDS: ReadonlySet<string> = new Set(['Description', 'ConstraintDescription', 'Default', 'NoEcho']);
/** What of a resource, and of an output, has values put into it and decides nothing. */
const FILLED: ReadonlySet<string> = new Set(['Properties', 'Metadata', 'Value']);
/**
 * Types that take a value when they are made, and not before. Any other is, or may be, a template of its own that is
 * worked out while a change is being planned (a nested stack, a module, what a transform knows): what is put into it is
 * held against more.
 */
const PLAIN = /^(AWS::(?!CloudFormation::Stack$|Serverless::).*(?<!::MODULE)|Custom::.*)$/s;

/** Something whose answer, error or absence of change depends on a hidden value. */
export interface ValueTest {
  readonly digest: string;
  /** The hidden parameters that it may depend on; empty where it is a literal, or what another stack exports. */
  readonly parameters: readonly string[];
}

/**
 * What depends on a hidden value while a change is being planned: its declaration, and wherever it is but where a
 * property, an output or metadata merely takes it. The attacker is an agent that may not see a value that is kept: AWS
 * answers while it plans, and each answer tells whether the value passed. A handful of calls a letter tell a password.
 * The digest is of all that the template has for the test: a function may be there already, over what said nothing so
 * far, or be held against something else from now on.
 */
export function testsIn(values: HiddenValues): readonly ValueTest[] {
  const { Parameters, Resources, Outputs, Metadata: _, ...sections } = values.template;
  const found: ValueTest[] = [];
  const through = heldAgainst(values);
  const mayReferTo = referring(values);
  const add = (where: Json, value: unknown) => {
    if (!values.takes(value)) return;
    const { parameters, digest } = through(value);
    // What only a function that isn't known may bring in is no value that is kept here: the plan says `unknown` of it.
    if (parameters.length === 0 && !values.takes(withoutUnknown(value))) return;
    found.push({ digest: sha256(stableJson([where, value as Json, digest])), parameters });
  };
  for (const [name, declaration] of Object.entries(record(Parameters))) {
    if (!values.isHiddenParameter(name)) continue;
    const held = Object.entries(record(declaration)).filter(([member]) => !WORDS.has(member));
    const digest = sha256(stableJson(['Parameters', name, Object.fromEntries(held) as Json]));
    found.push({ digest, parameters: [name] });
  }
  for (const [section, entries] of Object.entries(sections))
    for (const [id, entry] of isRecord(entries) ? Object.entries(entries) : [['', entries] as const])
      add([section, id], wholeOf(id, entry));
  const addPart = (id: string, part: unknown, isPlain: boolean) => {
    if (!isPlain || id.startsWith('Fn::') || !isRecord(part)) return add(id, wholeOf(id, part));
    for (const [member, value] of Object.entries(part)) {
      if (!FILLED.has(member)) add([id, member], value);
      else for (const test of testsWithin(value, values, mayReferTo)) add('', test);
    }
  };
  for (const [id, resource] of Object.entries(record(Resources)))
    addPart(id, resource, PLAIN.test(String(record(resource).Type)));
  for (const [id, output] of Object.entries(record(Outputs))) addPart(id, output, true);
  return found;
}

/** Of a function that stands in a section itself, as loops do, its name belongs to it. */
function wholeOf(id: string, part: unknown): unknown {
  return functionKind(id) === undefined ? part : { [id]: part };
}

/** The arguments of functions that aren't known, without these. */
function withoutUnknown(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutUnknown);
  if (!isRecord(value)) return value;
  return Object.entries(value).map(([key, inner]) =>
    functionKind(key) === 'unknown' ? [withoutUnknown(inner)] : { [key]: withoutUnknown(inner) },
  );
}

/** What in a property is more than a value put into its place, by functions that let nothing depend on what it is. */
function testsWithin(
  value: unknown,
  values: HiddenValues,
  mayReferTo: (value: unknown) => boolean,
): readonly unknown[] {
  const within = (part: unknown) => testsWithin(part, values, mayReferTo);
  if (Array.isArray(value)) return value.flatMap(within);
  if (!isRecord(value)) return [];
  return Object.entries(value).flatMap(([name, inner]) => {
    const test = { [name]: inner };
    const parts = [inner].flat();
    const [first, ...rest] = parts;
    switch (name) {
      case 'Ref':
        return typeof inner === 'string' ? [] : [test];
      case 'Fn::GetAtt':
      case 'Fn::FindInMap':
        // Where what is looked up doesn't depend on a hidden value, that which is there is only put somewhere.
        return parts.some((part) => values.takes(part)) ? [test] : [];
      case 'Fn::ImportValue':
      case 'Fn::GetStackOutput':
        return values.takes(inner) ? [test] : [];
      case 'Fn::Base64':
        return within(inner);
      case 'Fn::Sub':
      case 'Fn::Join':
        return typeof first === 'string' && !mayReferTo(test) ? within(rest) : [test];
      case 'Fn::If':
        return typeof first === 'string' ? within(rest) : [test];
      default:
        return name.startsWith('Fn::') || mayPutIn(name) ? [test] : within(inner);
    }
  });
}
