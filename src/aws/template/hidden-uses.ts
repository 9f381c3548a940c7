import type { Beside, HiddenUse } from '../../../tools/ports/hidden-uses.ts';
import { hideValue } from '../../../tools/ports/redaction.ts';
import { secretReadsIn, unmarked } from '../../../tools/ports/secret-reads.ts';
import type { Given } from '../../../tools/ports/written.ts';
import { type Json, sha256, stableJson } from '../../kernel/digest.ts';
import { isRecord, parseTemplate, record, STORED_BYTES } from './document.ts';
import { heldAgainst } from './held-against.ts';
import { isFunction } from './hidden-places.ts';
import { sourcesIn } from './hidden-sources.ts';
import { type HiddenValues, hiddenValues } from './hidden-values.ts';
import { namesIn } from './named-in.ts';
import { isNoEcho } from './no-echo.ts';
import { ownSecrets } from './own-secrets.ts';
import { addressing } from './put-together.ts';
import type { Workings } from './worked-out.ts';

/** What of a template takes values, and shows none. */
const SHOWS_NOTHING: ReadonlySet<string> = new Set(['Parameters', 'Conditions', 'Rules', 'Mappings']);
const DECIDES: ReadonlySet<string> = new Set(['Type', 'Condition', 'DependsOn']);
const OF_OUTPUTS: ReadonlySet<string> = new Set(['Condition']);
/** A template with more of them is one that nobody can judge: the rest is one that is another in each template. */
const MOST = 2_000;

/** Where a value is: a step in words and as it is whatever stands in a list. */
interface PathPart {
  readonly name: string;
  readonly plain: string;
}

/** What is known of all places of a part. */
type Where = Pick<HiddenUse, 'at' | 'type' | 'maybe'> & { readonly properties?: unknown };

/**
 * Every place that a template puts a hidden value into: of a parameter, of a secret that it makes, or a literal that is
 * hidden where it stands. The attacker is an agent that may not see the value, and deploys a template that has it in a
 * name, a tag, an output or a variable, where AWS shows it to everyone who asks.
 * @throws invalid_input when secrets can't be told from the rest
 */
export function hiddenUses(text: string, given: Given): readonly HiddenUse[] {
  const parameters = record(parseTemplate(text, STORED_BYTES).Parameters);
  const isHidden = (name: string) =>
    given.hidden_later?.includes(name) === true || isHiddenParameter(name, parameters[name], given);
  return usesIn(hiddenValues(text, { isHidden, literals: given.is_new !== true, given }), sha256(text));
}

/**
 * One that AWS masks, or puts a secret in place of; and one that only we mask, by its name, of a stack that is there:
 * of a new one who deploys wrote its value, and AWS shows it.
 */
function isHiddenParameter(name: string, declaration: unknown, { values, is_new }: Given): boolean {
  if (isNoEcho(declaration)) return true;
  const { Default } = record(declaration);
  const value = Object.hasOwn(values, name) ? values[name] : Default === undefined ? '' : String(Default);
  if (typeof value !== 'string') return is_new !== true;
  if (secretReadsIn(unmarked(value), '').length > 0) return true;
  return is_new !== true && hideValue(name, value) !== value;
}

function usesIn(values: HiddenValues, id: string): readonly HiddenUse[] {
  const { template, workings } = values;
  const { Resources, Outputs, ...sections } = template;
  const sourcesOf = sourcesIn(values);
  const owns = ownSecrets(values);
  const through = heldAgainst(values);
  const besideOf = besideIn(through);
  const isAddress = addressing(values);
  const found: HiddenUse[] = [];

  const search = (value: unknown, steps: readonly PathPart[], where: Where) => {
    if (found.length > MOST) return;
    const plain = isRecord(value) && !isFunction(value);
    if (Array.isArray(value)) for (const item of value) search(item, [...steps, pathPartOf(item)], where);
    else if (plain)
      for (const [key, inner] of Object.entries(value)) {
        if (values.takes(key)) add(key, steps, where);
        search(inner, [...steps, { name: key, plain: key }], where);
      }
    else if (isRecord(value) && Array.isArray(value['Fn::If']) && Object.keys(value).length === 1)
      for (const branch of value['Fn::If'].slice(1)) search(branch, steps, { ...where, maybe: true });
    else add(value, steps, where);
  };

  function add(value: unknown, steps: readonly PathPart[], { properties, ...where }: Where): void {
    const secrets = owns(value);
    const takes = values.takes(value);
    if (!takes && secrets.length === 0) return;
    const { parameters, ways, isHandedOut } = takes
      ? sourcesOf(value)
      : { parameters: [], ways: [], isHandedOut: false };
    const named = [
      ...parameters.map((name) => `parameter ${name}`),
      ...new Set(secrets.map((one) => (one.id === '' ? 'a secret' : `secret ${one.id}`))),
    ];
    const isProperty = steps[0]?.plain === 'Properties';
    found.push({
      ...where,
      place: steps.map(({ name }) => name).join('.'),
      path: steps.map(({ plain }) => plain).join('.'),
      sources: [...named, ...ways, ...secrets.map((one) => `${one.id} ${one.what}`)],
      of: named.length > 0 ? named : ways,
      ...(isProperty ? { beside: besideOf(properties) } : {}),
      ...(isProperty && isAddress(value)
        ? { address: sha256(stableJson([value as Json, through(value).digest])) }
        : {}),
      ...(isHandedOut ? { handed_out: true as const } : {}),
      ...(hasBranches(value) ? { maybe: true as const } : {}),
    });
  }

  function part(at: string, value: unknown, decides: ReadonlySet<string>, of: { readonly type?: string }): void {
    const { Condition } = record(value);
    const made = Condition === undefined ? true : workings.holds(Condition);
    if (made === false) return;
    const { Properties: properties } = record(value);
    const where = { at, ...of, properties, ...(made === undefined ? { maybe: true as const } : {}) };
    for (const [member, inner] of Object.entries(isRecord(value) ? value : { '': value }))
      if (!decides.has(member)) search(taken(inner, workings), [{ name: member, plain: member }], where);
  }

  for (const [name, resource] of Object.entries(record(Resources))) {
    const { Type } = record(resource);
    part(`Resources/${name}`, resource, DECIDES, { type: typeof Type === 'string' ? Type : '' });
  }
  for (const [name, output] of Object.entries(record(Outputs))) part(`Outputs/${name}`, output, OF_OUTPUTS, {});
  for (const [section, value] of Object.entries(sections))
    if (!SHOWS_NOTHING.has(section)) search(taken(value, workings), [], { at: section });
  return found.length > MOST ? [...found.slice(0, MOST), moreOf(id)] : found;
}

/** For one template: for all uses in a resource it is worked out once. */
function besideIn(through: ReturnType<typeof heldAgainst>): (properties: unknown) => Beside {
  const known = new Map<unknown, Beside>();
  return (properties) => {
    const found = known.get(properties) ?? beside(properties);
    known.set(properties, found);
    return found;
  };

  function beside(value: unknown): Beside {
    if (Array.isArray(value) || (isRecord(value) && !isFunction(value)))
      return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, beside(inner)]));
    const { isAny, imports } = namesIn(value);
    const text = stableJson((value ?? null) as Json);
    // Another stack's output, and what a dynamic reference names, may be another one by then.
    if (isAny || imports.some(({ by }) => by !== 'Fn::ImportValue') || text.includes('{{resolve:')) return null;
    const { parameters, digest, isOpen } = through(value);
    return parameters.length > 0 || isOpen ? null : sha256(stableJson([text, digest]));
  }
}

function moreOf(id: string): HiddenUse {
  return { at: 'Template', place: '', path: '', sources: [id], of: [] };
}

/** By the name that people gave it where an item has one, so that others may come before it. */
function pathPartOf(item: unknown): PathPart {
  const { Name, Key, ParameterKey } = record(item);
  const name = [Name, Key, ParameterKey].find((one) => typeof one === 'string');
  return { name: typeof name === 'string' ? name : '*', plain: '*' };
}

/** Without the branches that are surely not taken. */
function taken(value: unknown, workings: Workings): unknown {
  if (Array.isArray(value)) return value.map((item) => taken(item, workings));
  if (!isRecord(value)) return value;
  const { 'Fn::If': branches, ...others } = value;
  if (Array.isArray(branches) && branches.length === 3 && Object.keys(others).length === 0) {
    const [condition, first, second] = branches;
    const holds = workings.holds(condition);
    if (holds !== undefined) return taken(holds ? first : second, workings);
  }
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, taken(inner, workings)]));
}

function hasBranches(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return Object.entries(value).some(([key, inner]) => key === 'Fn::If' || hasBranches(inner));
}
