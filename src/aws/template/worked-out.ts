import { plainScalar, Unsure } from '../../../tools/ports/scalars.ts';
import { mayPutIn, subParts } from '../../../tools/ports/substitution.ts';
import type { Given } from '../../../tools/ports/written.ts';
import { type Json, stableJson } from '../../kernel/digest.ts';
import { isRecord, record } from './document.ts';
import { identifiersIn } from './loops.ts';

/** What a value comes to: `null` where it isn't sure, undefined where there is none (`AWS::NoValue`). */
type Outcome = Json | undefined;

/** A longer text isn't worked out: a template of a megabyte may have a parameter in it a hundred thousand times. */
const LONGEST = 100_000;
/**
 * Values and characters, for a whole template; from then on nothing of it is sure. The attacker has each of a thousand
 * texts, or lists, be as long as one may.
 */
const MOST_WORK = 10_000_000;
const PER_VALUE = 10;
/** How many conditions may rest on one another; of more it isn't sure whether they hold. */
const MOST_STEPS = 60;

/** Works values of a template out as far as the template and its parameters alone tell what they surely are. */
export interface Workings {
  value(value: unknown): Outcome;
  /** Undefined where it isn't sure. */
  holds(condition: unknown): boolean | undefined;
}

/**
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference.html; a function
 * that isn't here isn't worked out.
 */
export function workingsOf(template: Readonly<Record<string, unknown>>, given: Given): Workings {
  const parameters = record(template.Parameters);
  const conditions = record(template.Conditions);
  const mappings = record(template.Mappings);
  const known = new Map<string, boolean | undefined>();
  const leftOpen = new Map<object, boolean>();
  const looped = identifiersIn(template);
  let left = MOST_WORK;
  let steps = 0;

  /** Entries that a transform or a loop adds, and names that some read as numbers or booleans, may be any others. */
  function isLeftOpen(section: Readonly<Record<string, unknown>>): boolean {
    const found = leftOpen.get(section) ?? Object.keys(section).some((key) => !isPlainName(key));
    leftOpen.set(section, found);
    return found;
  }

  function entryIn(level: Readonly<Record<string, unknown>>, step: Outcome): unknown {
    return isLeftOpen(level) ? undefined : own(level, step);
  }

  /** AWS puts there what a dynamic reference stands for, and what a loop goes over. */
  function textOf(text: string): string | null {
    return text.includes('{{resolve:') || isPutTogether(text) ? null : text;
  }

  /** By a loop, of which anything may be put there. */
  function isPutTogether(text: string): boolean {
    return looped !== undefined && mayPutIn(text);
  }

  /** May it still be worked out, with so much more? */
  function affords(more: number): boolean {
    left -= more;
    return left >= 0;
  }

  function value(from: unknown): Outcome {
    if (!affords(PER_VALUE + (typeof from === 'string' ? from.length : 0))) return null;
    if (typeof from === 'string') return textOf(from);
    if (from === undefined || typeof from === 'number' || typeof from === 'boolean') return from;
    if (Array.isArray(from)) return from.map(value).filter((one) => one !== undefined);
    // No value, or one that not everybody reads in the same way.
    if (!isRecord(from)) return null;
    const [[name = '', argument] = [], ...others] = Object.entries(from);
    if (others.length === 0 && (name === 'Ref' || name.startsWith('Fn::'))) return applied(name, argument);
    if (Object.keys(from).some((key) => key === 'Ref' || key.startsWith('Fn::'))) return null;
    // By its name alone, a condition; with a name, a transform.
    if (others.length === 0 && name === 'Condition' && !isRecord(argument)) return null;
    if (record(from.Transform).Name !== undefined || Object.keys(from).some(isPutTogether)) return null;
    const members = Object.entries(from).map(([key, inner]) => [key, value(inner)] as const);
    return Object.fromEntries(members.filter(([, inner]) => inner !== undefined)) as Json;
  }

  /** @param name of a function: how many arguments it has is AWS's to say, and with others it is an error or unknown */
  function applied(name: string, argument: unknown): Outcome {
    const given = Array.isArray(argument) ? argument : [argument];
    const [first, second, third] = given;
    switch (`${name} ${given.length}`) {
      case 'Ref 1':
        return Array.isArray(argument) ? null : referred(argument);
      case 'Fn::If 3': {
        const holding = condition(first);
        return holding === undefined ? null : value(holding ? second : third);
      }
      case 'Fn::Sub 1':
        return typeof argument === 'string' ? filled(argument, {}) : null;
      case 'Fn::Sub 2':
        return typeof first === 'string' && isPlainMap(second) ? filled(first, second) : null;
      case 'Fn::Join 2':
        return joined(textsOf(second), first);
      case 'Fn::Split 2': {
        const text = value(second);
        if (typeof text !== 'string' || text === '' || typeof first !== 'string' || first === '') return null;
        return affords(PER_VALUE * text.length) ? text.split(first) : null;
      }
      case 'Fn::Select 2': {
        const at = textFrom(first);
        // `Number` would take nothing at all for the first.
        return at !== undefined && /^\d{1,9}$/.test(at) ? (textsOf(second)?.[Number(at)] ?? null) : null;
      }
      case 'Fn::FindInMap 3': {
        const found = given.reduce<unknown>((at, step) => entryIn(record(at), value(step)), mappings);
        // A mapping has no functions in it: one that looked itself up would never come to an end.
        return [found].flat().every((one) => typeof one !== 'object' && one !== undefined) ? value(found) : null;
      }
      default:
        return null;
    }
  }

  /** A text, or what CloudFormation takes for one; undefined where it isn't known. */
  function textFrom(from: unknown): string | undefined {
    const found = value(from);
    return found === undefined || typeof found === 'object' ? undefined : String(found);
  }

  /** Of what a function takes as a list: undefined unless each of its items is there, and known. */
  function textsOf(from: unknown): readonly string[] | undefined {
    const list = Array.isArray(from) ? from.map((one) => value(one) ?? null) : value(from);
    if (!Array.isArray(list) || list.some((one: Json) => typeof one === 'object')) return undefined;
    return list.map(String);
  }

  function referred(name: unknown): Outcome {
    if (name === 'AWS::NoValue') return undefined;
    const [, partition = '', , region = '', account = '', path = ''] = given.stack_id.split(':');
    const pseudo: Readonly<Record<string, string>> = {
      'AWS::Region': region,
      'AWS::AccountId': account,
      'AWS::Partition': partition,
      'AWS::StackId': given.stack_id,
      'AWS::StackName': path.split('/')[1] ?? '',
    };
    const { Type = '', NoEcho, Default } = record(own(parameters, name));
    if (typeof name !== 'string' || isLeftOpen(parameters) || looped?.has(name)) return null;
    // Of a stack that isn't known it is empty.
    if (!Object.hasOwn(parameters, name)) return (own(pseudo, name) as string | undefined) || null;
    // What Systems Manager has under the name that is given.
    if (String(Type).startsWith('AWS::SSM::') || (NoEcho !== undefined && String(NoEcho) !== 'false')) return null;
    const from = own(given.values, name) ?? (Object.hasOwn(given.values, name) ? null : Default);
    if (from === undefined || typeof from === 'object') return null;
    const text = String(from);
    if (!affords(PER_VALUE * text.length)) return null;
    if (!/^(List<|CommaDelimitedList$)/.test(String(Type))) return textOf(text);
    // Whether an empty one has an item nobody says.
    return text === '' || textOf(text) === null ? null : text.split(',').map((one) => one.trim());
  }

  function filled(text: string, variables: Readonly<Record<string, unknown>>): Outcome {
    // However often a variable stands there, what it holds is worked out once.
    const found = new Map<string, string | undefined>();
    let result = '';
    for (const { kind, text: name } of subParts(text)) {
      if (kind === 'unclosed' || (kind === 'variable' && looped?.has(name))) return null;
      if (kind !== 'variable') result += name;
      else {
        if (!found.has(name))
          found.set(name, textFrom(Object.hasOwn(variables, name) ? variables[name] : { Ref: name }));
        const put = found.get(name);
        if (put === undefined) return null;
        result += put;
      }
      if (result.length > LONGEST) return null;
    }
    return affords(result.length) ? textOf(result) : null;
  }

  function joined(texts: readonly string[] | undefined, delimiter: unknown): Outcome {
    if (typeof delimiter !== 'string' || texts === undefined) return null;
    const length = texts.reduce((sum, one) => sum + one.length + delimiter.length, 0);
    return length <= LONGEST + delimiter.length && affords(length) ? textOf(texts.join(delimiter)) : null;
  }

  function condition(name: unknown): boolean | undefined {
    if (typeof name !== 'string' || !Object.hasOwn(conditions, name) || isLeftOpen(conditions)) return undefined;
    if (known.has(name)) return known.get(name);
    // Until it is known: one that rests on itself never is.
    known.set(name, undefined);
    steps += 1;
    const found = steps <= MOST_STEPS ? test(conditions[name]) : undefined;
    steps -= 1;
    known.set(name, found);
    return found;
  }

  function test(from: unknown): boolean | undefined {
    const [[name = '', argument] = [], ...others] = Object.entries(record(from));
    const parts = Array.isArray(argument) ? argument : [];
    if (others.length > 0) return undefined;
    if (name === 'Condition') return condition(argument);
    if (name === 'Fn::Equals') return parts.length === 2 ? isSame(value(parts[0]), value(parts[1])) : undefined;
    const isNot = name === 'Fn::Not' && parts.length === 1;
    if (!isNot && !((name === 'Fn::And' || name === 'Fn::Or') && parts.length > 1)) return undefined;
    const found = parts.map(test);
    if (isNot) return found[0] === undefined ? undefined : !found[0];
    const decisive = name === 'Fn::Or';
    if (found.includes(decisive)) return decisive;
    return found.includes(undefined) ? undefined : !decisive;
  }

  return { value, holds: condition };
}

function own(from: Readonly<Record<string, unknown>>, name: unknown): unknown {
  return typeof name === 'string' && Object.hasOwn(from, name) ? from[name] : undefined;
}

function isPlainName(key: string): boolean {
  return !key.startsWith('Fn::') && key !== 'Transform' && !(plainScalar(key) instanceof Unsure);
}

/** One whose members are written out. */
function isPlainMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return isRecord(value) && !Object.keys(value).some((key) => key === 'Ref' || key.includes('::') || mayPutIn(key));
}

/** Numbers and booleans are texts, as CloudFormation compares them. */
function isSame(left: Outcome, right: Outcome): boolean | undefined {
  if (left === undefined || right === undefined || !isSure(left) || !isSure(right)) return undefined;
  return stableJson(asTexts(left)) === stableJson(asTexts(right));
}

function asTexts(value: Json): Json {
  if (Array.isArray(value)) return value.map(asTexts);
  return typeof value === 'object' ? value : String(value);
}

function isSure(value: Outcome): boolean {
  if (typeof value !== 'object') return true;
  return value !== null && Object.values(value).every(isSure);
}
