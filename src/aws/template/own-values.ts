import { jsonPointer } from '../../../tools/ports/json-pointer.ts';
import { THINGS, type Thing } from '../../../tools/ports/own-things.ts';
import { subParts } from '../../../tools/ports/substitution.ts';
import { isRecord, record } from './document.ts';
import { isLiteral, isPlaceOf, type Own, ownReference, type Taker } from './own-names.ts';

/** The sections of a template in which values are looked up. */
export interface Template {
  readonly resources: Readonly<Record<string, unknown>>;
  readonly parameters: Readonly<Record<string, unknown>>;
}

/** A text in parts: literal ones, and functions. */
type Part = string | Readonly<Record<string, unknown>>;

/**
 * Words before a name that say what it is the name of, for what scales, and before a bucket's: whole types, as a
 * namesake of another service would do.
 * https://docs.aws.amazon.com/autoscaling/application/APIReference/API_RegisterScalableTarget.html
 */
const WORDS: Readonly<Record<string, readonly string[]>> = {
  's3://': ['AWS::S3::Bucket'],
  'function:': ['AWS::Lambda::Function'],
  'service/': ['AWS::ECS::Cluster'],
  'table/': ['AWS::DynamoDB::GlobalTable', 'AWS::DynamoDB::Table'],
};
/** API Gateway's way to a function: its ARN stands in the middle. */
const TO_FUNCTION = /^arn:(?:aws|aws-cn|aws-us-gov|\?P):apigateway:\?R:lambda:path\/2015-03-31\/functions\/$/;
const TO_BE_CALLED: ReadonlySet<string> = new Set([
  'AWS::Lambda::Alias',
  'AWS::Lambda::Function',
  'AWS::Lambda::Version',
]);
const PSEUDO = /^AWS::(AccountId|Partition|Region|URLSuffix)$/;
/** How they stand in `own-things.ts`, behind a mark that no literal text here may have. */
const PSEUDOS: Readonly<Record<string, string>> = {
  'AWS::AccountId': '?A',
  'AWS::Partition': '?P',
  'AWS::Region': '?R',
};

/**
 * The values of a resource that its template takes from itself, as JSON pointers from the properties on, and whose
 * they are: the logical ids of all that the value may be.
 * @param type of the resource
 */
export function ownValuesIn(
  type: string,
  properties: unknown,
  template: Template,
): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, readonly string[]>();
  const search = (value: unknown, steps: readonly string[], around?: Readonly<Record<string, unknown>>): void => {
    // `IamInstanceProfile.Name` is called by what it is the name of.
    const property = steps.findLast((step) => !/^(\d+|Arn|Id|Name)$/.test(step)) ?? '';
    const taker = { type, property, isHere: record(around?.AwsRegion).Ref === 'AWS::Region' };
    const own = ownersOf(value, taker, template);
    if (own) found.set(jsonPointer(steps), own);
    else if (Array.isArray(value)) {
      // Where an entry may be left out, or stand for several, the others have other places than here.
      if (value.every((entry) => isOne(entry, template)) || value.every((entry) => ownersOf(entry, taker, template)))
        for (const [at, entry] of value.entries()) search(entry, [...steps, String(at)]);
    } else if (isRecord(value) && isLiteral(value))
      for (const [key, inner] of Object.entries(value)) search(inner, [...steps, key], value);
  };
  search(properties, []);
  return found;
}

/** Logical ids; empty for no value at all. Undefined where it is, or may be, another's. */
function ownersOf(value: unknown, taker: Taker, template: Template): readonly string[] | undefined {
  if (!isRecord(value)) return undefined;
  if (isNothing(value)) return [];
  const [[name, inner] = ['', undefined], ...more] = Object.entries(value);
  if (more.length > 0) return undefined;
  if (name === 'Fn::If') {
    if (!Array.isArray(inner) || inner.length !== 3) return undefined;
    const branches = inner.slice(1).map((one) => ownersOf(one, taker, template));
    return branches.every((owners) => owners !== undefined) ? [...new Set(branches.flat())] : undefined;
  }
  const owner = ownerOf(partsOf(name, inner) ?? [value], taker, template);
  return owner === undefined ? undefined : [owner];
}

function isNothing(value: unknown): boolean {
  return isRecord(value) && value.Ref === 'AWS::NoValue';
}

/** One reference, after what says of what kind it is and before what is within it. */
function ownerOf(parts: readonly Part[], taker: Taker, { resources }: Template): string | undefined {
  let before = '';
  for (const [at, part] of parts.entries()) {
    if (typeof part === 'string') {
      if (part.includes('?')) return undefined;
      before += part;
    } else if (typeof part.Ref === 'string' && PSEUDO.test(part.Ref)) before += PSEUDOS[part.Ref] ?? '?';
    else {
      const own = ownReference(part, resources);
      return own && isNamed(own, before, parts.slice(at + 1), taker) ? own.logical_id : undefined;
    }
  }
  return undefined;
}

function isNamed(own: Own, before: string, after: readonly Part[], taker: Taker): boolean {
  const { type, gives, attribute } = own;
  const rest = after.filter((part) => part !== '');
  const thing = Object.hasOwn(THINGS, type) ? THINGS[type] : undefined;
  const [next] = rest;
  const isWithin =
    next === undefined || (thing?.within !== undefined && typeof next === 'string' && next.startsWith(thing.within));
  if (before === '') return gives === 'name' ? rest.length === 0 && isPlaceOf(type, taker) : isWithin;
  if (TO_FUNCTION.test(before))
    return gives === 'arn' && TO_BE_CALLED.has(type) && rest.length === 1 && next === '/invocations';
  if (gives === 'arn' || !isWithin) return false;
  const [, place] = /^arn:(?:aws|aws-cn|aws-us-gov|\?P):(.*)$/.exec(before) ?? [];
  if (place !== undefined) return isPlaceIn(thing, attribute, place);
  return gives === 'name' && Object.hasOwn(WORDS, before) && (WORDS[before]?.includes(type) ?? false);
}

/** Is that an ARN of this stack's account and region, up to the name of such a thing? */
function isPlaceIn(thing: Thing | undefined, attribute: string, place: string): boolean {
  const places = thing?.named?.by.includes(attribute) ? thing.named.in : [];
  return places.some((one) => one.replace(/:([AR]):/g, ':?$1:').replace(/:([AR]):/g, ':?$1:') === place);
}

/** The parts of a text that is put together; undefined for what isn't. */
function partsOf(name: string, value: unknown): readonly Part[] | undefined {
  if (name === 'Fn::Join') {
    const [between, parts] = Array.isArray(value) ? value : [];
    if (typeof between !== 'string' || !Array.isArray(parts) || !parts.every(isPart)) return undefined;
    return parts.flatMap((part, at): readonly Part[] => (at === 0 ? [part] : [between, part]));
  }
  if (name !== 'Fn::Sub') return undefined;
  const [text, variables] = typeof value === 'string' ? [value, {}] : Array.isArray(value) ? value : [];
  if (typeof text !== 'string') return undefined;
  const given = record(variables);
  const parts = subParts(text).map(({ kind, text: variable }): Part | undefined => {
    if (kind === 'unclosed') return undefined;
    if (kind !== 'variable') return variable;
    if (Object.hasOwn(given, variable)) return isPart(given[variable]) ? given[variable] : undefined;
    return variable.includes('.') ? { 'Fn::GetAtt': variable } : { Ref: variable };
  });
  return parts.every((part) => part !== undefined) ? parts : undefined;
}

function isPart(value: unknown): value is Part {
  return typeof value === 'string' || isRecord(value);
}

/** Is an entry of a list surely one entry? */
export function isOne(value: unknown, { resources, parameters }: Template): boolean {
  if (!isRecord(value) || isLiteral(value)) return true;
  const [name = '', ...more] = Object.keys(value);
  if (more.length > 0) return false;
  if (/^Fn::(GetAtt|Sub|Join|ImportValue|Base64)$/.test(name)) return true;
  if (name !== 'Ref' || typeof value.Ref !== 'string') return false;
  if (Object.hasOwn(resources, value.Ref) || PSEUDO.test(value.Ref)) return true;
  const { Type } = record(Object.hasOwn(parameters, value.Ref) ? parameters[value.Ref] : undefined);
  return typeof Type === 'string' && !/List/.test(Type);
}
