import { subParts } from '../../../tools/ports/substitution.ts';
import type { Given } from '../../../tools/ports/written.ts';
import { type Json, stableJson } from '../../kernel/digest.ts';
import { isRecord, record } from './document.ts';

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
  let left = MOST_WORK;
  let steps = 0;

  /** May it still be worked out, with so much more? */
  function affords(more: number): boolean {
    left -= more;
    return left >= 0;
  }

  function value(from: unknown): Outcome {
    if (!affords(PER_VALUE + (typeof from === 'string' ? from.length : 0))) return null;
    if (Array.isArray(from)) return from.map(value).filter((one) => one !== undefined);
    if (!isRecord(from)) return from as Json;
    const [[name = '', argument] = [], ...others] = Object.entries(from);
    if (others.length === 0 && (name === 'Ref' || name.startsWith('Fn::'))) return applied(name, argument);
    if (Object.keys(from).some((key) => key.startsWith('Fn::'))) return null;
    return Object.fromEntries(Object.entries(from).map(([key, inner]) => [key, value(inner)]));
  }

  function applied(name: string, argument: unknown): Outcome {
    const [first, second, third] = Array.isArray(argument) ? argument : [argument];
    switch (name) {
      case 'Ref':
        return referred(argument);
      case 'Fn::If': {
        const holding = condition(first);
        return holding === undefined ? null : value(holding ? second : third);
      }
      case 'Fn::Sub':
        return typeof first === 'string' ? filled(first, record(second)) : null;
      case 'Fn::Join':
        return joined(value(second), first);
      case 'Fn::Split': {
        const text = value(second);
        if (typeof text !== 'string' || typeof first !== 'string' || first === '') return null;
        return affords(PER_VALUE * text.length) ? text.split(first) : null;
      }
      case 'Fn::Select': {
        const list = value(second);
        return isSure(list) && Array.isArray(list) ? (list[Number(value(first))] ?? null) : null;
      }
      case 'Fn::FindInMap': {
        const steps = Array.isArray(argument) && argument.length === 3 ? argument.map((step) => value(step)) : [];
        const found = steps.reduce<unknown>((at, step) => own(record(at), step), mappings);
        // A mapping has no functions in it: one that looked itself up would never come to an end.
        return [found].flat().every((one) => typeof one !== 'object' && one !== undefined) ? value(found) : null;
      }
      default:
        return null;
    }
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
    if (!Object.hasOwn(parameters, String(name))) return (own(pseudo, name) as string | undefined) ?? null;
    // What Systems Manager has under the name that is given.
    if (String(Type).startsWith('AWS::SSM::') || (NoEcho !== undefined && String(NoEcho) !== 'false')) return null;
    const text = (own(given.values, name) ?? (Object.hasOwn(given.values, String(name)) ? null : Default)) as Outcome;
    if (text === undefined || text === null || typeof text === 'object') return null;
    if (!affords(PER_VALUE * String(text).length)) return null;
    return /^(List<|CommaDelimitedList$)/.test(String(Type))
      ? String(text)
          .split(',')
          .map((one) => one.trim())
      : String(text);
  }

  function filled(text: string, variables: Readonly<Record<string, unknown>>): Outcome {
    // However often a variable stands there, what it holds is worked out once.
    const found = new Map<string, Outcome>();
    let result = '';
    for (const { kind, text: name } of subParts(text)) {
      if (kind === 'unclosed') return null;
      if (kind !== 'variable') result += name;
      else {
        if (!found.has(name)) found.set(name, Object.hasOwn(variables, name) ? value(variables[name]) : referred(name));
        const put = found.get(name);
        if (put === undefined || put === null || typeof put === 'object') return null;
        result += String(put);
      }
      if (result.length > LONGEST) return null;
    }
    return affords(result.length) ? result : null;
  }

  function joined(list: Outcome, delimiter: unknown): Outcome {
    if (typeof delimiter !== 'string' || !Array.isArray(list)) return null;
    if (list.some((one: Json) => one === null || typeof one === 'object')) return null;
    const length = list.reduce<number>((sum, one) => sum + String(one).length + delimiter.length, 0);
    return length <= LONGEST + delimiter.length && affords(length) ? list.join(delimiter) : null;
  }

  function condition(name: unknown): boolean | undefined {
    if (typeof name !== 'string' || !Object.hasOwn(conditions, name)) return undefined;
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
    const parts = Array.isArray(argument) ? argument : [argument];
    if (others.length > 0) return undefined;
    if (name === 'Condition') return condition(argument);
    if (name === 'Fn::Equals') return isSame(value(parts[0]), value(parts[1]));
    const found = parts.map(test);
    if (name === 'Fn::Not') return found[0] === undefined ? undefined : !found[0];
    const decisive = name === 'Fn::Or';
    if (name !== 'Fn::And' && !decisive) return undefined;
    if (found.includes(decisive)) return decisive;
    return found.includes(undefined) ? undefined : !decisive;
  }

  return { value, holds: condition };
}

function own(from: Readonly<Record<string, unknown>>, name: unknown): unknown {
  return typeof name === 'string' && Object.hasOwn(from, name) ? from[name] : undefined;
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
