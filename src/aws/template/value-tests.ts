import { mayPutIn } from '../../../tools/ports/substitution.ts';
import { type Json, sha256, stableJson } from '../../kernel/digest.ts';
import { isRecord, record } from './document.ts';
import { flowsThrough } from './hidden-sources.ts';
import type { HiddenValues } from './hidden-values.ts';
import { referring } from './put-together.ts';

/** What of a declaration a value is not held against. */
const WORDS: ReadonlySet<string> = new Set(['Description', 'ConstraintDescription', 'Default', 'NoEcho']);
/** What of a resource, and of an output, has values put into it and decides nothing. */
const FILLED: ReadonlySet<string> = new Set(['Properties', 'Metadata', 'Value']);
/**
 * Types that are templates of their own, or are worked out as one while a change is being planned: what is put into
 * them is held against more.
 */
const TEMPLATES = /^AWS::(CloudFormation::Stack$|Serverless::)/;

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
 * The digest is of all that the value comes through: a function may stand there already, over what said nothing so far.
 */
export function testsIn(values: HiddenValues): readonly ValueTest[] {
  const { Parameters, Resources, Outputs, Metadata: _, ...sections } = values.template;
  const found: ValueTest[] = [];
  const through = flowsThrough(values);
  const mayReferTo = referring(values);
  const add = (where: Json, value: unknown) => {
    if (!values.takes(value)) return;
    const { parameters, digests } = through(value);
    found.push({ digest: sha256(stableJson([where, value as Json, ...digests])), parameters });
  };
  for (const [name, declaration] of Object.entries(record(Parameters))) {
    if (!values.isHiddenParameter(name)) continue;
    const held = Object.entries(record(declaration)).filter(([member]) => !WORDS.has(member));
    const digest = sha256(stableJson(['Parameters', name, Object.fromEntries(held) as Json]));
    found.push({ digest, parameters: [name] });
  }
  for (const [section, entries] of Object.entries(sections))
    for (const [id, entry] of isRecord(entries) ? Object.entries(entries) : [['', entries] as const])
      add([section, id], entry);
  for (const [id, part] of [...Object.entries(record(Resources)), ...Object.entries(record(Outputs))]) {
    const { Type } = record(part);
    const isPlain = !id.startsWith('Fn::') && isRecord(part) && !(typeof Type === 'string' && TEMPLATES.test(Type));
    if (!isPlain) add(id, part);
    else
      for (const [member, value] of Object.entries(part)) {
        if (!FILLED.has(member)) add([id, member], value);
        else for (const test of testsWithin(value, values, mayReferTo)) add('', test);
      }
  }
  return found;
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
        return parts.every((part) => typeof part === 'string') ? [] : [test];
      case 'Fn::FindInMap':
        // Where the row doesn't depend on a hidden value, that which it has is only put somewhere.
        return parts.some((part) => values.takes(part)) ? [test] : [];
      case 'Fn::ImportValue':
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
