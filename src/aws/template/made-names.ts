import { LONGEST_REST, type MadeName, type NameTree, UNKNOWN_PART } from '../../../tools/ports/made-names.ts';
import { type SubPart, subParts } from '../../../tools/ports/substitution.ts';
import { isRecord, record } from './document.ts';

/** A text, a reference to a resource, or what isn't known before the template is used. */
export type Piece = string | Pick<MadeName, 'logical_id' | 'type' | 'attribute'> | typeof UNKNOWN;
const UNKNOWN = Symbol('unknown');
interface Whole {
  readonly resources: Readonly<Record<string, unknown>>;
  /** How many references led here. */
  readonly steps: number;
  readonly work: Work;
}
/** How much may still be put together. */
export interface Work {
  left: number;
}

/** What gives back another resource's ARN. */
const LEADS_ON: Readonly<Record<string, string>> = {
  'AWS::Lambda::Alias': 'FunctionName',
  'AWS::Lambda::Version': 'FunctionName',
  'AWS::SecretsManager::SecretTargetAttachment': 'SecretId',
};
const MOST_STEPS = 3;

/**
 * For all texts of a template together, in characters; each piece counts as a few more. The attacker puts a variable
 * that holds sixty variables into a text sixty times, six levels deep: that is billions, in a kilobyte and a half.
 */
const MOST_WORK = 10_000_000;
const PER_PIECE = 10;
/** What was too much to put together may be any text, and so one that reads any secret. */
const TOO_MUCH: readonly Piece[] = [UNKNOWN, '{{', UNKNOWN];

const NOTHING = 'AWS::NoValue';
/** AWS's own parameters are one text for the whole stack. */
const PSEUDO = /^AWS::(AccountId|Partition|Region|StackName|URLSuffix)$/;

/** By logical id, which texts in its properties name a resource that the template makes. */
export function madeNames(template: Readonly<Record<string, unknown>>): Readonly<Record<string, NameTree>> {
  const whole = { resources: record(template.Resources), steps: 0, work: newWork() };
  return Object.assign(
    Object.create(null),
    ...Object.entries(whole.resources).map(([id, resource]) => {
      const tree = treeOf(record(resource).Properties, whole);
      return tree ? { [id]: tree } : {};
    }),
  );
}

function treeOf(value: unknown, whole: Whole): NameTree | undefined {
  if (Array.isArray(value)) {
    const written = value.filter((item) => !isNothing(item));
    const items = written.map((item) => {
      const within = treeOf(item, whole);
      return { ...(within ? { within } : {}), optional: mayBeNothing(item) };
    });
    return items.some(({ within }) => within) ? { items } : undefined;
  }
  if (!isRecord(value)) return undefined;
  const names = namesOf(value, whole);
  if (names) return names.length > 0 ? { names } : undefined;
  const members = Object.entries(value).flatMap(([name, inner]) => {
    const tree = treeOf(inner, whole);
    return tree ? [[name, tree] as const] : [];
  });
  // A function's arguments aren't where its value is.
  if (members.length === 0 || Object.keys(value).some((name) => name === 'Ref' || name.startsWith('Fn::')))
    return undefined;
  return { members: Object.assign(Object.create(null), Object.fromEntries(members)) };
}

/** Of a text that is worked out; undefined where the value isn't one. Empty where it isn't the template's own. */
function namesOf(value: Readonly<Record<string, unknown>>, whole: Whole): readonly MadeName[] | undefined {
  const [[name, inner] = ['', undefined], ...more] = Object.entries(value);
  if (more.length > 0) return undefined;
  if (name === 'Fn::If') {
    const [, ...branches] = Array.isArray(inner) ? inner : [];
    const named = branches.filter((branch) => !isNothing(branch));
    const found = named.map((branch) => (isRecord(branch) ? namesOf(branch, whole) : undefined));
    return found.every((names) => names !== undefined && names.length > 0) ? found.flatMap((names) => names ?? []) : [];
  }
  const pieces = piecesOf(value, whole);
  if (!pieces) return undefined;
  const at = pieces.findIndex((piece) => typeof piece !== 'string');
  const made = pieces[at];
  if (typeof made !== 'object') return [];
  const prefix = pieces.slice(0, at).join('');
  const rest = pieces
    .slice(at + 1)
    .map((piece) => (typeof piece === 'string' ? piece : UNKNOWN_PART))
    .join('');
  // What stands before a name and isn't an ARN may be anything, a password too.
  return prefix === '' || /^arn:[\w:/${}. -]{1,200}$/.test(prefix)
    ? [
        {
          ...made,
          prefix,
          rest: rest.slice(0, LONGEST_REST),
          ...(rest === '*' && isNamedByAws(made.logical_id, whole) ? { named_by_aws: true } : {}),
        },
      ]
    : [];
}

/**
 * Does AWS make up its name, with random letters at its end? The attacker gives a function the beginning of another's
 * name, by a property or a branch of one.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-name.html
 */
function isNamedByAws(id: string, { resources }: Whole): boolean {
  const { Type: type, Properties } = record(resources[id]);
  const keys = Object.keys(record(Properties));
  return type === 'AWS::Lambda::Function' && !keys.some((key) => /^(FunctionName|Ref|Transform)$|::/.test(key));
}

export function newWork(): Work {
  return { left: MOST_WORK };
}

/** Undefined where it isn't a text that is put together. */
export function piecesOf(value: unknown, whole: Whole): readonly Piece[] | undefined {
  if (!isRecord(value)) return undefined;
  const [[name, inner] = ['', undefined], ...more] = Object.entries(value);
  if (more.length > 0) return undefined;
  if (name === 'Ref') return typeof inner === 'string' ? reference(inner, undefined, whole) : undefined;
  if (name === 'Fn::GetAtt') return attributeOf(inner, whole);
  if (name === 'Fn::Sub') return substituted(inner, whole);
  if (name !== 'Fn::Join' || !Array.isArray(inner)) return undefined;
  const [separator, parts] = inner;
  if (typeof separator !== 'string' || !Array.isArray(parts)) return undefined;
  const between = textOf(separator);
  return together(parts, (part, index) => [index > 0 ? between : [], partOf(part, whole)], whole);
}

function together<T>(
  parts: readonly T[],
  piecesOfPart: (part: T, index: number) => readonly (readonly Piece[])[],
  { work }: Whole,
): readonly Piece[] {
  const pieces: Piece[] = [];
  for (const [index, part] of parts.entries()) {
    if (work.left < 0) return TOO_MUCH;
    for (const some of piecesOfPart(part, index))
      for (const piece of some) {
        work.left -= PER_PIECE + (typeof piece === 'string' ? piece.length : 0);
        if (work.left < 0) return TOO_MUCH;
        pieces.push(piece);
      }
  }
  return pieces;
}

function partOf(value: unknown, whole: Whole): readonly Piece[] {
  return typeof value === 'string' ? textOf(value) : (piecesOf(value, whole) ?? [UNKNOWN]);
}

/** `${…}` that CloudFormation leaves as it is, is a variable for IAM. */
function textOf(text: string): readonly Piece[] {
  return subParts(text).map((part) => (part.kind === 'text' ? part.text : UNKNOWN));
}

function attributeOf(inner: unknown, whole: Whole): readonly Piece[] {
  const parts = typeof inner === 'string' ? inner.split('.') : inner;
  if (!Array.isArray(parts) || !parts.every((part) => typeof part === 'string')) return [UNKNOWN];
  const [id = '', ...attribute] = parts;
  return attribute.length > 0 ? reference(id, attribute.join('.'), whole) : [UNKNOWN];
}

function reference(id: string, attribute: string | undefined, whole: Whole): readonly Piece[] {
  if (attribute === undefined && PSEUDO.test(id)) return [`\${${id}}`];
  const { Type: type, Properties } = Object.hasOwn(whole.resources, id) ? record(whole.resources[id]) : {};
  if (typeof type !== 'string') return [UNKNOWN];
  const property = Object.hasOwn(LEADS_ON, type) ? LEADS_ON[type] : undefined;
  if (property === undefined || attribute !== undefined || whole.steps >= MOST_STEPS)
    return [{ logical_id: id, type, ...(attribute === undefined ? {} : { attribute }) }];
  const given = record(Properties)[property];
  // One reference leads to one: the attacker would have each of a thousand lead to a thousand more.
  if (!isRecord(given) || !('Ref' in given || 'Fn::GetAtt' in given)) return [UNKNOWN];
  const [target, ...more] = partOf(given, { ...whole, steps: whole.steps + 1 });
  if (typeof target !== 'object' || more.length > 0) return [UNKNOWN];
  return target.type === 'AWS::Lambda::Function' ? [{ ...target, attribute: 'Arn' }, ':', UNKNOWN] : [target];
}

function substituted(inner: unknown, whole: Whole): readonly Piece[] | undefined {
  const [pattern, given] = Array.isArray(inner) ? inner : [inner];
  if (typeof pattern !== 'string') return undefined;
  // However often a variable stands there, what it holds is worked out once.
  const known = new Map<string, readonly Piece[]>();
  const variable = (name: string): readonly Piece[] => {
    if (Object.hasOwn(record(given), name)) return partOf(record(given)[name], whole);
    const [id = '', ...attribute] = name.split('.');
    return reference(id, attribute.length > 0 ? attribute.join('.') : undefined, whole);
  };
  const pieces = ({ kind, text }: SubPart): readonly Piece[] => {
    if (kind !== 'variable') return [kind === 'text' ? text : UNKNOWN];
    const found = known.get(text) ?? variable(text);
    known.set(text, found);
    return found;
  };
  return together(subParts(pattern), (part) => [pieces(part)], whole);
}

function isNothing(value: unknown): boolean {
  return isRecord(value) && value.Ref === NOTHING;
}

function mayBeNothing(value: unknown): boolean {
  if (isNothing(value)) return true;
  const branches = isRecord(value) ? value['Fn::If'] : undefined;
  return Array.isArray(branches) && branches.slice(1).some(mayBeNothing);
}
