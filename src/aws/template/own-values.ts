import { jsonPointer } from '../../../tools/ports/json-pointer.ts';
import { isRecord, record } from './document.ts';
import { type Identity, identityOf, isLiteral } from './own-names.ts';

interface Template {
  readonly resources: Readonly<Record<string, unknown>>;
  readonly parameters: Readonly<Record<string, unknown>>;
}

/** A text in parts: literal ones, and functions. */
type Part = string | Readonly<Record<string, unknown>>;

/** Words in ARNs, and before names, for what a thing is: any other may be another's bucket or folder. */
const KIND =
  '(?:alarm|cluster|deliverystream|endpoint|function|group|instance|key|log-group|project|repository|role|rule|secret|service|stateMachine|stream|table|user|userpool)';
/**
 * What may stand before a name of its own: a word for what it is, an ARN in this account up to the name, API Gateway's
 * way to a function. `?` stands for a pseudo parameter.
 */
const ACCOUNT = 'arn:(?:aws|\\?):';
const BEFORE = new RegExp(
  `^(?:|${KIND}/|${ACCOUNT}s3:::|${ACCOUNT}(?!s3:)[a-z0-9-]+:\\??:\\??:(?:${KIND}[:/])?|${ACCOUNT}apigateway:\\?:lambda:path/2015-03-31/functions/)$`,
);
const PSEUDO = /^AWS::(AccountId|Partition|Region|URLSuffix)$/;

/** The values of a resource that its template takes from itself, as JSON pointers from the properties on. */
export function ownValuesIn(properties: unknown, template: Template): readonly string[] {
  const found: string[] = [];
  const search = (value: unknown, steps: readonly string[]): void => {
    const purpose = steps.findLast((step) => !/^\d+$/.test(step)) ?? '';
    if (isOwn(value, purpose, template)) found.push(jsonPointer(steps));
    else if (Array.isArray(value)) {
      // Where an entry may be left out, or stand for several, the others have other places than here.
      if (value.every((entry) => isOne(entry, template)) || value.every((entry) => isOwn(entry, purpose, template)))
        for (const [at, entry] of value.entries()) search(entry, [...steps, String(at)]);
    } else if (isRecord(value) && isLiteral(value))
      for (const [key, inner] of Object.entries(value)) search(inner, [...steps, key]);
  };
  search(properties, []);
  return found;
}

function isOwn(value: unknown, purpose: string, template: Template): boolean {
  if (!isRecord(value)) return false;
  if (isNothing(value)) return true;
  if (identityOf(value, purpose, template.resources)) return true;
  const [[name, inner] = ['', undefined], ...more] = Object.entries(value);
  if (more.length > 0) return false;
  if (name === 'Fn::If')
    return Array.isArray(inner) && inner.length === 3 && inner.slice(1).every((one) => isOwn(one, purpose, template));
  const parts = partsOf(name, inner);
  return parts !== undefined && isOwnText(parts, purpose, template);
}

function isNothing(value: unknown): boolean {
  return isRecord(value) && value.Ref === 'AWS::NoValue';
}

/** A name of its own, after what says what it is and before what is within it. */
function isOwnText(parts: readonly Part[], purpose: string, template: Template): boolean {
  let before = '';
  for (const [at, part] of parts.entries()) {
    if (typeof part === 'string') {
      if (part.includes('?')) return false;
      before += part;
    } else if (typeof part.Ref === 'string' && PSEUDO.test(part.Ref)) before += '?';
    else {
      // A service's name in a scaling target comes after its cluster's.
      const kind = before === 'service/' ? 'cluster' : before;
      const identity = identityOf(part, `${purpose} ${kind}`, template.resources);
      return identity !== undefined && BEFORE.test(before) && isWithin(parts.slice(at + 1), before, identity);
    }
  }
  return false;
}

/** Nothing more, or what is within a thing that is surely this one. */
function isWithin([next, ...more]: readonly Part[], before: string, identity: Identity): boolean {
  if (next === undefined) return true;
  if (next === '') return isWithin(more, before, identity);
  return typeof next === 'string' && /^[/:]/.test(next) && (identity === 'arn' || before !== '');
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
  const parts = text.split(/(\$\{[^}]*\})/).map((part): Part | undefined => {
    const [, variable] = /^\$\{([^}]*)\}$/.exec(part) ?? [];
    if (variable === undefined) return part;
    if (variable.startsWith('!')) return `\${${variable.slice(1)}}`;
    const given = record(variables);
    if (Object.hasOwn(given, variable)) return isPart(given[variable]) ? given[variable] : undefined;
    return variable.includes('.') ? { 'Fn::GetAtt': variable } : { Ref: variable };
  });
  return parts.every((part) => part !== undefined) ? parts : undefined;
}

function isPart(value: unknown): value is Part {
  return typeof value === 'string' || isRecord(value);
}

/** Is an entry of a list surely one entry? */
function isOne(value: unknown, { resources, parameters }: Template): boolean {
  if (!isRecord(value) || isLiteral(value)) return true;
  const [name = '', ...more] = Object.keys(value);
  if (more.length > 0) return false;
  if (/^Fn::(GetAtt|Sub|Join|ImportValue|Base64)$/.test(name)) return true;
  if (name !== 'Ref' || typeof value.Ref !== 'string') return false;
  if (Object.hasOwn(resources, value.Ref) || PSEUDO.test(value.Ref)) return true;
  const { Type } = record(Object.hasOwn(parameters, value.Ref) ? parameters[value.Ref] : undefined);
  return typeof Type === 'string' && !/List/.test(Type);
}
